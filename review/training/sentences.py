"""A sentence as training data keeps it: on one line, and comparable with others."""

from __future__ import annotations

import re
import unicodedata

from kalm.language import normalise

LONGEST = 500
"""Characters. Nobody learns from a longer sentence; the longest of the training data has half of it."""

_NOT_WORD = re.compile(r"[^\w ]+")
_NO_TEXT = ("Cc", "Cs", "Co", "Cn")


def clean(text: str) -> str:
    """The sentence on one line, without characters that a file of text cannot keep."""
    # Every line end that Python, YAML or Rasa knows is white space to str.split.
    shown = " ".join(text.replace("\ufeff", "").split())
    return "".join(letter for letter in shown if unicodedata.category(letter) not in _NO_TEXT).strip()


def key_of(text: str) -> str:
    """The same for sentences that differ in case, accents, white space or punctuation alone."""
    words = " ".join(_NOT_WORD.sub("", normalise(text)).split())
    return words or clean(text)
