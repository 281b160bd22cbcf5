"""Which sentences count as the same one, whatever their capitals, accents, marks and spaces."""

from __future__ import annotations

from kalm.language import normalise


def fold(text: str) -> str:
    """The same for sentences that differ in case, accents, white space or punctuation alone.

    One of signs alone, such as a smile, stays as it is.
    """
    return "".join(sign for sign in normalise(text) if sign.isalnum()) or " ".join(text.split())
