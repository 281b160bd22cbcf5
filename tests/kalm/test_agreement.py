from __future__ import annotations

import pytest

from kalm.agreement import Word, word_of
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
    assert word_of(text) is Word.AGREE


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
    assert word_of(text) is not Word.AGREE


@pytest.mark.parametrize("text", ["nee", "Nee, dank je", "liever niet", "nee hoor", "nee dat wil ik niet"])
def test_a_no_refuses(text: str) -> None:
    assert word_of(text) is Word.REFUSE


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Stop", Word.STOP),
        ("STOP!", Word.STOP),
        ("afmelden", Word.STOP),
        ("stop ermee", Word.STOP),
        ("stop a.u.b.", Word.STOP),
        ("Hou op!", Word.STOP),
        ("afmelden graag", Word.STOP),
        ("stop nou", Word.STOP),
        ("stop hier mee", Word.STOP),
        ("stop met berichten", Word.STOP),
        ("ik wil stoppen", Word.OTHER),
        ("wis dit gesprek aub", Word.ERASE),
        ("hoe stop ik met roken", Word.OTHER),
        ("stop met pramipexol", Word.OTHER),
        ("start", Word.START),
        ("Begin", Word.START),
        ("medewerker", Word.PERSON),
        ("Een mens.", Word.PERSON),
        ("medwerker", Word.PERSON),
        ("kan ik een mens spreken", Word.PERSON),
        ("hoe bereik ik jullie dan", Word.PERSON),
        ("ik wil met iemand praten", Word.OTHER),
        ("vergeet mij", Word.ERASE),
        ("Wis dit gesprek", Word.ERASE),
    ],
)
def test_orders_are_whole_messages(text: str, word: Word) -> None:
    assert word_of(text) is word


def test_the_buttons_say_what_they_say() -> None:
    assert word_of(sentences().consent_agree) is Word.AGREE
    assert word_of(sentences().consent_refuse) is Word.REFUSE
    assert word_of(sentences().forget_wish) is Word.ERASE
    assert word_of(sentences().forget_yes) is Word.ERASE
