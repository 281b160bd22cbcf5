"""Plain text steps that need no dictionary: case, accents, white space, character n-grams."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})
_NOT_WORD = re.compile(r"[^a-z0-9' ]+")
_REPEATED = re.compile(r"(.)\1{2,}")


def normalise(text: str) -> str:
    """Lower case without accents or typographic apostrophes, one letter for three or more in a row.

    "Rustelóze  BENENNN" becomes "rusteloze benen". Numbers keep their digits.
    """
    plain = text.translate(_APOSTROPHES).lower()
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain).lower()
        plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(_REPEATED.sub(_shorten, plain).split())


def _shorten(match: re.Match[str]) -> str:
    run = match.group(0)
    return run if run[0].isdigit() else run[0]


def character_ngrams(text: str, shortest: int = 3, longest: int = 5) -> frozenset[str]:
    """Character n-grams inside words, each word with a space on either side.

    The scheme is scikit-learn's ``char_wb``: short words and word edges count too.
    """
    grams: set[str] = set()
    for word in _NOT_WORD.sub(" ", normalise(text)).split():
        padded = f" {word} "
        for size in range(shortest, longest + 1):
            if len(padded) <= size:
                grams.add(padded)
                break
            grams.update(padded[start : start + size] for start in range(len(padded) - size + 1))
    return frozenset(grams)
