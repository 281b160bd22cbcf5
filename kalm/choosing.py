"""Which of several suggestions a visitor points at: "1", "de tweede", "die laatste"."""

from __future__ import annotations

import re

from kalm.language import normalise

_WORDS = {
    **dict.fromkeys(("een", "eerste", "bovenste"), 1),
    **dict.fromkeys(("twee", "tweede"), 2),
    **dict.fromkeys(("drie", "derde"), 3),
    **dict.fromkeys(("vier", "vierde"), 4),
}
_LAST = ("laatste", "onderste")
_MIDDLE = "middelste"
_NUMBER = re.compile(r"(\d+)(?:e|de|ste)?")


def pointed_at(text: str, count: int) -> int | None:
    """Place of the suggestion that ``text`` names, from 0; None when it names none or more than one of them.

    Args:
        text: what the visitor typed.
        count: how many suggestions there are. Of a single one, "yes" is enough.
    """
    if count == 1:
        return 0
    places = {
        place for word in re.findall(r"\w+", normalise(text)) if (place := _place(word, count)) is not None
    }
    place = places.pop() if len(places) == 1 else None
    return place if place is not None and 0 <= place < count else None


def _place(word: str, count: int) -> int | None:
    if word in _LAST:
        return count - 1
    if word == _MIDDLE and count % 2:
        return count // 2
    number = _NUMBER.fullmatch(word)
    if number:
        return int(number[1]) - 1
    return _WORDS[word] - 1 if word in _WORDS else None
