"""Which of several suggestions a visitor points at: "1", "de tweede graag", "die laatste"."""

from __future__ import annotations

import re
from itertools import pairwise

from kalm.language import normalise

_ORDINALS = {
    **dict.fromkeys(("eerste", "bovenste"), 1),
    **dict.fromkeys(("twee", "tweede"), 2),
    **dict.fromkeys(("drie", "derde"), 3),
    **dict.fromkeys(("vier", "vierde"), 4),
}
_LAST = ("laatste", "onderste")
_MIDDLE = "middelste"
_NAMES = {"nummer", "nr", "optie", "keuze", "vraag"}
_FILLERS = {
    *_NAMES,
    *("de", "het", "den", "die", "dat", "deze", "e", "ste"),
    *("ik", "bedoel", "bedoelde", "kies", "wil", "geef", "doe", "mij", "me", "op", "antwoord"),
    *("ja", "ok", "oke", "dus", "maar", "graag", "alstublieft", "alsjeblieft", "aub"),
}
"""Words that may stand around a number without changing what it points at; "mag ik er 2" holds others."""

_WORDS = re.compile(r"\d+|[^\W\d]+")


def pointed_at(text: str, count: int) -> int | None:
    """Place of the suggestion that ``text`` names, from 0.

    None when it names none of them, names two, or says anything else besides ("niet de eerste", "2 per dag").

    Args:
        text: what the visitor typed.
        count: how many suggestions there are.
    """
    places = _places(text, count)
    place = places.pop() if len(places) == 1 else None
    return place if place is not None and 0 <= place < count else None


def is_choice(text: str) -> bool:
    """Whether ``text`` names a place in a list, be it there or not, and says nothing else."""
    return bool(_places(text, 1))


def _places(text: str, count: int) -> set[int]:
    """The places that ``text`` names; empty as well when it says anything else besides."""
    words = _WORDS.findall(normalise(text))
    places = set()
    for before, word in pairwise(["", *words]):
        place = _place(word, count, words == ["een"] or before in _NAMES)
        if place is not None:
            places.add(place)
        elif word not in _FILLERS:
            return set()
    return places


def _place(word: str, count: int, is_number: bool) -> int | None:
    """Place that one word names; "een" is mostly an article, and a number only where ``is_number``."""
    if word in _LAST:
        return count - 1
    if word == _MIDDLE:
        return count // 2 if count % 2 else None
    if word == "een":
        return 0 if is_number else None
    if word.isdecimal():
        return int(word[:3]) - 1  # no list is that long, and a huge number is none
    return _ORDINALS[word] - 1 if word in _ORDINALS else None
