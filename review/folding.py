"""Which sentences count as the same one, whatever their capitals, accents, marks and spaces."""

from __future__ import annotations

import re

from kalm.language import normalise

_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\W_]+(?=\d)")


def fold(text: str) -> str:
    """The same for sentences that differ in case, accents, white space or punctuation alone.

    One of signs alone, such as a smile, stays as it is. Two numbers stay two: 1,5 is not 15.
    """
    parts = _BETWEEN_DIGITS.split(normalise(text))
    folded = " ".join("".join(sign for sign in part if sign.isalnum()) for part in parts)
    return folded.strip() or " ".join(text.split())
