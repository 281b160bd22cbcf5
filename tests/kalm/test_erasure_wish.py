from __future__ import annotations

from dataclasses import replace

import pytest

from kalm import erasure_wish
from kalm.erasure_wish import Wish, asks_to_be_asked, wants_erasing, wish_of
from kalm.sentences import sentences

YES = """
ja asjeblieft | ja mevrouw dank u | ja hoor, bedankt | alles weg | ja ik weet het zeker | ja heel graag
ja 🙏 | ja | Ja! | jaa | Jaaaa | jazeker | ja graag | ja hoor | ja doe maar | ok doe maar | ja dat is goed
ja dank je | Ja, wis dit gesprek | ja, wis dit gesprek. | ja vergeet alles | wis het
oke wissen maar | verwijder alles aub | vergeet mij | wis mijn gegevens | ja ik wil dat | 1
de eerste graag | optie 1 | yep | absoluut | oke | Oké. | goed | prima | liever wel | ga je gang | 👍
👍🏼 | 👍👍 | dat mag wel | dat is prima | oké prima | ja zeker weten
"""

NO = """
nee | Nee, laat maar staan | 2 | de laatste | vergeet het maar | wis niks
ik wil niet dat je iets wist | graag niet | wacht nee toch niet | laat maar | nee wis het niet
niet wissen
"""

UNCLEAR = """
wat als ik ja zeg | wis je dan alles | wat gebeurt er dan | waarom niet | waarom niet? | geen idee | ja maar
weet ik niet | ik twijfel nog even | nee wis het | laat niks staan | laat dit gesprek niet staan
"""

SOMETHING_ELSE = """
ja 🤔 | ja 👎 | ja 😢 | ok 🤔 | ja... | wil je alles wissen | verwijder ik dan alles | ik vergeet alles
ok dan weet ik dat | ah oke | ik denk het wel | ja dat dacht ik al | 1 vraag | wie kan dit lezen
ja maar nog niet | ja, maar eerst iets anders | vergeet niet dat ik zwanger ben
ik wil eerst nog iets vragen | worden ze gewist? | wat is ferritine | 3
ja wis mijn man uit mijn leven | 👎 | ok? | ik wil liever weg | liever
ja maar mag dat | ja mag ik het even | is dat zeker | is dan alles zeker weg
ik wil graag weg | ik wil niet meer | ik wil dit gesprek niet meer | niet bewaren
vergeet het maar en wat is ferritine | ik kan niet slapen | jaja
"""


def texts(lines: str) -> list[str]:
    return [text for line in lines.strip().splitlines() for text in line.split(" | ")]


@pytest.mark.parametrize("text", texts(YES))
def test_a_clear_yes_erases(text: str) -> None:
    assert wish_of(text, "out_of_scope") is Wish.ERASE


@pytest.mark.parametrize("text", texts(NO))
def test_a_no_keeps(text: str) -> None:
    assert wish_of(text, "forget_me") is Wish.KEEP


@pytest.mark.parametrize("text", texts(UNCLEAR))
def test_a_doubt_or_a_yes_with_a_no_in_it_is_asked_again(text: str) -> None:
    assert wish_of(text, "out_of_scope") is Wish.UNCLEAR


@pytest.mark.parametrize("text", [*texts(SOMETHING_ELSE), "", "?"])
def test_anything_else_goes_its_own_way_and_erases_nothing(text: str) -> None:
    assert wish_of(text, "out_of_scope") is Wish.SOMETHING_ELSE


@pytest.mark.parametrize(
    ("text", "intent", "wish"),
    [
        ("niet voor mij", "deny", Wish.KEEP),
        ("goed om te weten", "affirm", Wish.UNCLEAR),
        ("dank je", "thank", Wish.UNCLEAR),
        ("doei", "goodbye", Wish.UNCLEAR),
        ("dank je, maar wat is ferritine", "thank", Wish.SOMETHING_ELSE),
        ("hoe lang bewaren jullie dit", "forget_me", Wish.SOMETHING_ELSE),
        ("ik wil dat alles weggaat wat ik typte, wis het", "forget_me", Wish.UNCLEAR),
    ],
)
def test_what_it_was_understood_as_helps(text: str, intent: str, wish: Wish) -> None:
    assert wish_of(text, intent) is wish


def test_the_buttons_work_whatever_an_editor_makes_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = replace(
        sentences(), forget_yes="Gooi maar alles weg", forget_no="Bewaren", forget_wish="Opruimen"
    )
    monkeypatch.setattr(erasure_wish, "sentences", lambda: changed)
    assert wish_of("Gooi maar alles weg", "out_of_scope") is Wish.ERASE
    assert wish_of("Bewaren", "out_of_scope") is Wish.KEEP
    assert asks_to_be_asked("Opruimen")


@pytest.mark.parametrize("text", ["ja", "graag", "1", "wis dit gesprek", "de eerste"])
def test_the_offer_to_erase_is_taken_up(text: str) -> None:
    assert asks_to_be_asked(text)


@pytest.mark.parametrize("text", ["klopt", "oke duidelijk", "goed om te weten", "oke", "wie leest dat"])
def test_what_only_says_that_it_was_read_does_not(text: str) -> None:
    assert not asks_to_be_asked(text)


@pytest.mark.parametrize(
    "text",
    texts("""
vergeet mij | Wis dit gesprek | verwijdr mijn gegevns | vegeet mij | ik wil dat alles gewist wordt
kun je dit weghalen | weg met dit gesprek | haal mijn naam uit jullie systeem | forget me
ik wil vergeten worden | beroep op vergetelheid | Ik trek mijn toestemming in.
wat jullie van mij hebben mag weg | wat houden jullie bij, wis het | niet bewaren | kan dat eruit
verzoek op grond van art 17
"""),
)
def test_who_asks_to_erase(text: str) -> None:
    assert wants_erasing(text)


@pytest.mark.parametrize(
    "text",
    texts("""
Ik wil inzage in wat u over mij heeft | wat bewaren jullie | wordt dit gewist | leest er iemand mee
ik wist dat niet | hoe lang duurt het voor dit verwijderd is | en wanneer verwijderen jullie dit
is dit gewist | wanneer wis je dit | kun je het terughalen als het gewist is
na hoeveel dagen wordt het gewist | ik ben vergeten wie dit leest
"""),
)
def test_who_asks_what_is_kept(text: str) -> None:
    assert not wants_erasing(text)
