"""Which of hundreds of patterns may stand in a text at all, by a word that each of them needs."""

from __future__ import annotations

from collections.abc import Sequence

from kalm.safety.patterns import Pattern
from kalm.safety.text import Text


class PatternIndex:
    """Finds the few patterns that are worth looking for: of over 500 of danger.yml some thirty a message."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = tuple(patterns)
        self._needing: dict[int, list[int]] = {}
        for place, pattern in enumerate(self._patterns):
            for word in pattern.needed:
                self._needing.setdefault(word, []).append(place)

    def may_stand_in(self, text: Text) -> list[Pattern]:
        """All patterns that stand in a text, and others that share a word with it, in their own order."""
        words = self._needing.keys() & text.present
        places = {place for word in words for place in self._needing[word]}
        return [self._patterns[place] for place in sorted(places)]
