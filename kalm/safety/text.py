"""A text as patterns see it: words and the marks between them, in order."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from kalm.language import dutch, normalise
from kalm.safety.lexicon import Word, lexicon, spelling
from kalm.text_cache import text_cache

LONGEST_READ = 4000
"""Characters of a message that are looked at: of a longer one half at its beginning, half at its end."""

SENTENCE_ENDS = frozenset(".?!")

_MARKS = re.compile(r"[^\w']+|_+")
_RUNS = re.compile(r"([^\w\s]{3})[^\w\s]+")
"""Marks and pictures in a row: three say as much, and thousands take seconds to read."""

_BLOTTED = Word("", "", mark=True)


class Text:
    """A text as patterns see it: words and marks in order."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = tuple(words)
        self._found: tuple[frozenset[int], ...] = ()
        self._present: frozenset[int] = frozenset()
        self._version = -1

    def __len__(self) -> int:
        return len(self.words)

    def __getitem__(self, place: int) -> Word:
        return self.words[place]

    @property
    def found(self) -> tuple[frozenset[int], ...]:
        """For each word the numbers of the words of patterns that it is."""
        if self._version != lexicon.version:
            self._look_up()
        return self._found

    @property
    def present(self) -> frozenset[int]:
        """Numbers of the words of patterns that stand anywhere in the text."""
        if self._version != lexicon.version:
            self._look_up()
        return self._present

    def part(self, start: int, end: int) -> Text:
        """The words from ``start`` up to ``end``."""
        return Text(self.words[start:end])

    def without(self, hidden: Set[int]) -> Text:
        """The text with the words at ``hidden`` places blotted out, so that no pattern finds them."""
        if not hidden:
            return self
        return Text([_BLOTTED if place in hidden else word for place, word in enumerate(self.words)])

    def _look_up(self) -> None:
        """Once for hundreds of patterns; again when patterns were read after that."""
        self._found = tuple(lexicon.found(word) for word in self.words)
        self._present = frozenset().union(*self._found)
        self._version = lexicon.version


@text_cache(64)
def read_text(text: str) -> Text:
    """The words and marks of a text. A line break counts as a full stop."""
    language = dutch()
    words: list[Word] = []
    for line in text.splitlines():
        for token in language.tokens(line):
            form = normalise(token.text)
            # "been...het" and "arm/been" are one token to spaCy
            pieces = [right for piece in _MARKS.split(form) if piece for right in spelling(piece)]
            for piece in pieces:
                lemma = token.lemma if piece == form else language.tokens(piece)[0].lemma
                words.append(Word(piece, lemma, language.is_word(piece)))
            if form and not pieces:
                words.append(Word(form[0], form[0], mark=True))
        words.append(Word(".", ".", mark=True))
    return Text(words)


def read_message(message: str) -> Text:
    """The words and marks of a visitor's message, as far as it is looked at."""
    half = LONGEST_READ // 2
    read = message if len(message) <= LONGEST_READ else f"{message[:half]}\n{message[-half:]}"
    return read_text(_RUNS.sub(r"\1", read))
