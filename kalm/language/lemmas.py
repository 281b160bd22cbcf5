"""Lemmas of Dutch words: own corrections first, then simplemma, then the known tail of a compound.

Measured on 80 word forms of this subject: spaCy's lookup tables 67.5 % right, simplemma 90 %,
simplemma with the tail of unknown compounds 97.5 %.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import simplemma

_SHORTEST_TAIL = 4
_SHORTEST_HEAD = 3


class Lemmatizer:
    """Finds the lemma of one word, in lower case."""

    def __init__(self, corrections: Mapping[str, str]) -> None:
        self._corrections = dict(corrections)
        self.lemma = lru_cache(maxsize=50_000)(self._lemma)

    def is_known(self, word: str) -> bool:
        """Whether the dictionary or the corrections hold this very form."""
        return word in self._corrections or (bool(word) and simplemma.is_known(word, "nl"))

    def _lemma(self, word: str, suggestion: str = "") -> str:
        """The lemma of ``word``; ``suggestion`` (a trained model's) counts where no dictionary knows it."""
        if word in self._corrections:
            return self._corrections[word]
        if self.is_known(word):
            return str(simplemma.lemmatize(word, "nl")).replace("_", "")
        if suggestion and suggestion != word:
            return suggestion
        return self._lemma_by_tail(word)

    def _lemma_by_tail(self, word: str) -> str:
        for start in range(_SHORTEST_HEAD, len(word) - _SHORTEST_TAIL + 1):
            tail = word[start:]
            if self.is_known(tail):
                return word[:start] + self._lemma(tail)
        return word
