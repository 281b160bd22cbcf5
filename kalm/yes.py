"""A short answer as people type it on a phone, before anybody decides what it says yes to."""

from __future__ import annotations

import re

from kalm.language import normalise

_WORDS = re.compile(r"\w+")
_LONG_YES = re.compile("ja+h?")
_THUMBS_UP = re.compile("([👍👌✅✔🆗][\U0001f3fb-\U0001f3ff\ufe0f]?)+")


def plain_words(text: str) -> list[str]:
    """The words without accents and capitals; a long "jaaa" is "ja"."""
    return ["ja" if _LONG_YES.fullmatch(word) else word for word in _WORDS.findall(normalise(text))]


def is_thumbs_up(text: str) -> bool:
    """Whether a text is nothing but signs that it is fine."""
    return _THUMBS_UP.fullmatch(text.strip()) is not None
