from __future__ import annotations

import pytest

from kalm.conversation import Conversation
from kalm.danger_replies import danger, danger_message, settled
from kalm.fixed_replies import handoff
from kalm.forgetting import (
    agrees_to_erase,
    ask_to_erase,
    erased,
    is_chatter,
    kept,
    not_sure,
    not_yet,
    privacy,
    refuses_to_erase,
    wants_erasing,
)
from kalm.reply import Disclaimer, Kind
from kalm.sentences import sentences

TALKED = Conversation(
    disclaimed=True, topic="ijzer", question="ijzer", shown=("ijzer#eten",), conditions=("zwangerschap",)
)
IN_DANGER = danger(Kind.CRISIS, "ik wil niet meer leven", TALKED).conversation


def test_what_is_kept_is_told_in_days_with_where_more_stands_and_a_person() -> None:
    reply = privacy(TALKED).reply
    assert reply.kind is Kind.PRIVACY
    for part in ("30 dagen", "90 dagen", "/privacy", "medewerker"):
        assert part in reply.message
    (offer,) = reply.suggestions
    assert wants_erasing(offer.payload)


def test_erasing_is_asked_not_done() -> None:
    answer = ask_to_erase(TALKED)
    assert answer.reply.kind is Kind.PRIVACY
    assert [offer.payload for offer in answer.reply.suggestions] == [
        sentences().forget_yes,
        sentences().forget_no,
    ]
    assert answer.conversation.conditions == ("zwangerschap",)
    assert answer.conversation.topic == "ijzer"


def test_a_button_has_room_for_what_it_says() -> None:
    titles = (sentences().forget_yes, sentences().forget_no, sentences().forget_wish)
    assert all(len(title) <= 20 for title in titles)


def test_the_receipt_number_is_told() -> None:
    assert "K-2345-6789" in erased("K-2345-6789", TALKED).reply.message


@pytest.mark.parametrize(
    "answer",
    [privacy(IN_DANGER), ask_to_erase(IN_DANGER), kept(IN_DANGER), erased("K-2345-6789", IN_DANGER)],
    ids=["tell", "ask", "no", "yes"],
)
def test_a_danger_comes_first_and_its_disclaimer_stays(answer: object) -> None:
    reply = answer.reply  # type: ignore[attr-defined]
    assert reply.message.startswith(danger_message(IN_DANGER))
    assert reply.disclaimer is Disclaimer.DANGER


def test_the_choice_is_offered_in_danger_as_well() -> None:
    assert len(ask_to_erase(IN_DANGER).reply.suggestions) == 2


def test_a_danger_that_is_over_is_not_named() -> None:
    over = settled("het gaat weer", IN_DANGER)
    assert over is not None
    assert privacy(over.conversation).reply.message == sentences().privacy


@pytest.mark.parametrize(
    "text",
    [
        *(
            "ja",
            "Ja!",
            "jazeker",
            "ja graag",
            "ja hoor",
            "ja doe maar",
            "ok doe maar",
            "ja dat is goed",
            "ja dank je",
        ),
        *(" Ja, wis dit gesprek ", "ja, wis dit gesprek.", "ja vergeet alles", "wis het", "oke wissen maar"),
        *(
            "verwijder alles aub",
            "vergeet mij",
            "wis mijn gegevens",
            "ja ik wil dat",
            "1",
            "de eerste graag",
            "optie 1",
        ),
        *(
            "jaa",
            "Jaaaa",
            "yep",
            "absoluut",
            "oke",
            "Oké.",
            "goed",
            "prima",
            "👍",
            "👍🏼",
            "liever wel",
            "ga je gang",
        ),
    ],
)
def test_a_clear_yes_erases(text: str) -> None:
    assert agrees_to_erase(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "ok dan weet ik dat",
            "goed om te weten",
            "ah oke",
            "klopt",
            "ik denk het wel",
            "ja dat dacht ik al",
        ),
        *(
            "1 vraag",
            "wie kan dit lezen",
            "ja maar nog niet",
            "wat als ik ja zeg",
            "ja, maar eerst iets anders",
        ),
        *(
            "vergeet niet dat ik zwanger ben",
            "ik wil eerst nog iets vragen",
            "worden ze gewist?",
            "wat is ferritine",
        ),
        *(
            "nee",
            "nee wis het niet",
            "Nee, laat maar staan",
            "2",
            "3",
            "",
            "ja wis mijn man uit mijn leven",
        ),
        *(
            "👎",
            "ok?",
            "wis niks",
            "vergeet het maar",
            "vergeet",
            "graag niet",
            "weet ik niet",
            "liever niet",
        ),
    ],
)
def test_anything_else_erases_nothing(text: str) -> None:
    assert not agrees_to_erase(text)


@pytest.mark.parametrize(
    ("text", "intent", "refuses"),
    [
        ("nee", "deny", True),
        ("Nee, laat maar staan", "out_of_scope", True),
        ("2", "choose_suggestion", True),
        ("de laatste", "choose_suggestion", True),
        ("vergeet het maar", "forget_me", True),
        ("vergeet het maar en wat is ferritine", "ask_rls", False),
        ("wis niks", "forget_me", True),
        ("ik wil niet dat je iets wist", "forget_me", True),
        ("graag niet", "affirm", True),
        ("wacht nee toch niet", "out_of_scope", True),
        ("laat maar", "ask_more", True),
        ("niet bewaren", "forget_me", False),
        ("weet ik niet", "out_of_scope", False),
        ("waarom niet?", "out_of_scope", False),
        ("1", "choose_suggestion", False),
        ("wat is ferritine", "ask_rls", False),
    ],
)
def test_a_no_is_pressed_chosen_or_said(text: str, intent: str, refuses: bool) -> None:
    assert refuses_to_erase(text, intent) is refuses


def test_what_only_sounds_like_a_yes_is_asked_again() -> None:
    answer = not_sure(TALKED)
    assert answer.reply.message == sentences().forget_not_sure
    assert len(answer.reply.suggestions) == 2


@pytest.mark.parametrize(
    ("text", "intent", "chatter"),
    [
        ("dank je", "thank", True),
        ("doei", "goodbye", True),
        ("weet ik niet", "out_of_scope", True),
        ("ik twijfel nog even", "ask_rls", True),
        ("wat is ferritine", "ask_rls", False),
        ("ik kan niet slapen", "ask_rls", False),
    ],
)
def test_what_asks_nothing_is_asked_once_more(text: str, intent: str, chatter: bool) -> None:
    assert is_chatter(text, intent) is chatter


@pytest.mark.parametrize(
    "text",
    [
        *("vergeet mij", "Wis dit gesprek", "verwijdr mijn gegevns", "ik wil dat alles gewist wordt"),
        *("kun je dit weghalen", "weg met dit gesprek", "haal mijn naam uit jullie systeem", "forget me"),
        *("ik wil vergeten worden", "beroep op vergetelheid", "Ik trek mijn toestemming in."),
    ],
)
def test_who_asks_to_erase(text: str) -> None:
    assert wants_erasing(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Ik wil inzage in wat u over mij heeft",
            "wat bewaren jullie",
            "wordt dit gewist",
            "leest er iemand mee",
        ),
        *(
            "hoe lang duurt het voor dit verwijderd is",
            "en wanneer verwijderen jullie dit",
            "ik wist dat niet",
        ),
    ],
)
def test_who_asks_what_is_kept(text: str) -> None:
    assert not wants_erasing(text)


def test_who_asks_something_else_hears_that_nothing_is_erased() -> None:
    answer = not_yet(handoff(TALKED))
    assert answer.reply.message == f"{sentences().forget_not_yet} {sentences().handoff}"
    assert not_yet(handoff(IN_DANGER)) == handoff(IN_DANGER)
    assert not_yet(kept(TALKED)) == kept(TALKED)
