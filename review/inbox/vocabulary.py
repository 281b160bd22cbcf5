"""Words that Kalm has read: in the dictionary, in the training data or in an article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from kalm.language import dutch, normalise
from kalm.privacy.masking import without_labels
from kalm.settings import ROOT, settings

_SHORTEST = 4
"""Letters of a word that may be new; shorter ones are abbreviations and slips."""

_WORDS = re.compile(r"[a-z']+")
_Stamps = tuple[tuple[str, int], ...]


def new_words(text: str) -> list[str]:
    """Words of a message that are in no dictionary and that nobody wrote for Kalm yet, in order."""
    known = _written(tuple(_stamps()))
    found = [word.strip("'") for word in _WORDS.findall(normalise(without_labels(text)))]
    return [
        word
        for word in dict.fromkeys(found)
        if len(word) >= _SHORTEST and word not in known and not dutch().is_word(word)
    ]


def _stamps() -> Iterator[tuple[str, int]]:
    for folder, pattern in ((ROOT / "data" / "nlu", "*.yml"), (settings().articles, "*.md")):
        for path in sorted(folder.glob(pattern)):
            yield str(path), path.stat().st_mtime_ns


@lru_cache(maxsize=1)
def _written(stamps: _Stamps) -> frozenset[str]:
    """Every word of these files; read again when one of them changed."""
    words: set[str] = set()
    for name, _ in stamps:
        text = Path(name).read_text(encoding="utf-8", errors="replace")
        words.update(word.strip("'") for word in _WORDS.findall(normalise(text)))
    return frozenset(words)
