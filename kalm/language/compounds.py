"""Parts of Dutch compounds: "badkristallen" is also about "bad" and "kristal"."""

from __future__ import annotations

from collections.abc import Set
from functools import lru_cache

from kalm.language.lemmas import Lemmatizer

_LINKS = ("", "s", "en", "e", "n")
_SHORTEST_PART = 3
_SHORTEST_PART_OF_KNOWN_WORD = 4
_SHORTEST_COMPOUND = 7


class CompoundSplitter:
    """Splits a word into two words of the dictionary, when it can be read so."""

    def __init__(self, lemmatizer: Lemmatizer, never_parts: Set[str]) -> None:
        self._lemmatizer = lemmatizer
        self._never_parts = never_parts
        self.parts = lru_cache(maxsize=50_000)(self._parts)

    def _parts(self, lemma: str) -> tuple[str, ...]:
        """Lemmas of head and tail, or nothing.

        The most even split wins: it is the least likely to be chance ("avond + eten", not "avonde + ten").
        """
        if len(lemma) < _SHORTEST_COMPOUND:
            return ()
        shortest = _SHORTEST_PART_OF_KNOWN_WORD if self._lemmatizer.is_known(lemma) else _SHORTEST_PART
        best: tuple[str, ...] = ()
        evenness = 0
        for cut in range(shortest, len(lemma) - shortest + 1):
            tail = lemma[cut:]
            if not self._is_part(tail):
                continue
            for link in _LINKS:
                head = lemma[:cut].removesuffix(link) if lemma[:cut].endswith(link) else ""
                if len(head) >= shortest and self._is_part(head):
                    if min(len(head), len(tail)) > evenness:
                        evenness = min(len(head), len(tail))
                        best = (self._lemmatizer.lemma(head), self._lemmatizer.lemma(tail))
                    break
        return best

    def _is_part(self, word: str) -> bool:
        return word not in self._never_parts and word.isalpha() and self._lemmatizer.is_known(word)
