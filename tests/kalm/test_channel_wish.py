from __future__ import annotations

import pytest

from kalm.channel_wish import Wish, wish_of
from kalm.sentences import sentences


@pytest.mark.parametrize(
    "text",
    [
        *(
            "ja",
            "Ja.",
            "JA!",
            "jaaa",
            "ja hoor",
            "ja graag",
            "oké",
            "ok",
            "akkoord",
            "ja, ik ga akkoord",
            "ja alsjeblieft",
            "oke dan",
            "ok dan, doe maar",
            "Jazeker, dat is goed hoor. Dank u wel",
            "👍",
            "👍🏽",
        ),
        *(
            "is goed",
            "dat is goed",
            "vind ik goed",
            "geen probleem",
            "ja prima",
            "ja dat mag",
            "natuurlijk, goed",
        ),
    ],
)
def test_a_clear_yes_agrees(text: str) -> None:
    assert wish_of(text) is Wish.AGREE


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "?",
            "ja?",
            "goed?",
            "is dat wel goed",
            "mag dat",
            "vind je dat goed",
            "ja maar wat bewaren jullie",
        ),
        *(
            "het gaat niet goed",
            "niet goed",
            "zeker niet",
            "goedemorgen",
            "wat is rls",
            "ja ik heb pijn",
            "dat is het",
        ),
        *(
            "ik weet het niet",
            "👎",
            "goed slapen lukt niet",
            "ok bedankt",
            "goed dank je",
            "ja maar",
            "ok doe ik",
        ),
    ],
)
def test_anything_less_does_not(text: str) -> None:
    assert wish_of(text) is not Wish.AGREE


@pytest.mark.parametrize("text", ["nee", "Nee, dank je", "liever niet", "nee hoor", "nee dat wil ik niet"])
def test_a_no_refuses(text: str) -> None:
    assert wish_of(text) is Wish.REFUSE


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Stop", Wish.STOP),
        ("STOP!", Wish.STOP),
        ("afmelden", Wish.STOP),
        ("stop ermee", Wish.STOP),
        ("stop a.u.b.", Wish.STOP),
        ("Hou op!", Wish.STOP),
        ("afmelden graag", Wish.STOP),
        ("stop nou", Wish.STOP),
        ("stop hier mee", Wish.STOP),
        ("stop met berichten", Wish.STOP),
        ("ik wil stoppen", Wish.OTHER),
        ("wis dit gesprek aub", Wish.ERASE),
        ("hoe stop ik met roken", Wish.OTHER),
        ("stop met pramipexol", Wish.OTHER),
        ("start", Wish.START),
        ("Begin", Wish.START),
        ("medewerker", Wish.PERSON),
        ("Een mens.", Wish.PERSON),
        ("medwerker", Wish.PERSON),
        ("kan ik een mens spreken", Wish.PERSON),
        ("hoe bereik ik jullie dan", Wish.PERSON),
        ("ik wil met iemand praten", Wish.OTHER),
        ("vergeet mij", Wish.ERASE),
        ("Wis dit gesprek", Wish.ERASE),
    ],
)
def test_orders_are_whole_messages(text: str, wish: Wish) -> None:
    assert wish_of(text) is wish


def test_the_buttons_say_what_they_say() -> None:
    assert wish_of(sentences().consent_agree) is Wish.AGREE
    assert wish_of(sentences().consent_refuse) is Wish.REFUSE
    assert wish_of(sentences().forget_wish) is Wish.ERASE
    assert wish_of(sentences().forget_yes) is Wish.ERASE
