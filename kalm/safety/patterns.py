"""A small language of patterns over Dutch lemmas, in which the rules of ``data/safety`` are written.

``pijn op borst`` is three words in this order with at most two others between; ``been + dik + rood|warm``
are parts in any order within a stretch of words; ``|`` stands between alternatives, ``_`` inside one that has
several words (``in_eens``), ``<been>`` is a list of words from the same file, ``zelfmoord*`` and
``*vergiftiging`` hold the begin or the end of a word, and ``≥10`` is a number of ten or more. A lemma stands
for all its forms ("slikken" for "slikte"), any other form for itself; ``=zijn`` is that form of a lemma only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from kalm.language import dutch, normalise
from kalm.safety.files import SafetyError, texts
from kalm.safety.lexicon import PatternWord, lexicon, spelling
from kalm.safety.text import SENTENCE_ENDS, Text

WIDEST_GAP = 2
"""Most other words between two words of a part."""

WIDEST_STRETCH = 18
"""Most words from the first to the last word of a pattern with several parts."""

MOST_WAYS = 50
"""Ways in which a pattern stands in a text that are looked at: one that repeats itself must not take long."""

_GROUP = re.compile(r"^<(?P<name>\w+)>$")

Places = tuple[int, ...]
"""Positions of words in a text, in order."""


@dataclass(frozen=True)
class _Element:
    """One place in a pattern: a choice of words, by their numbers.

    Attributes:
        singles: choices of one word.
        phrases: choices of several words in a row.
    """

    singles: frozenset[int]
    phrases: tuple[tuple[int, ...], ...]

    def may_stand_in(self, text: Text) -> bool:
        present = text.present
        if not self.singles.isdisjoint(present):
            return True
        return bool(self.phrases) and any(map(present.issuperset, self.phrases))

    @property
    def needed(self) -> frozenset[int]:
        """Words of which at least one is in each text in which it stands."""
        return self.singles.union(phrase[0] for phrase in self.phrases)

    def lengths(self, text: Text, start: int) -> set[int]:
        """How many words each choice has that stands at ``start``."""
        if start >= len(text):
            return set()
        words = text.found
        here = words[start]
        found = self.phrases and {
            len(phrase)
            for phrase in self.phrases
            if phrase[0] in here
            and start + len(phrase) <= len(text)
            and all(number in words[start + place] for place, number in enumerate(phrase))
        }
        if self.singles.isdisjoint(here):
            return found or set()
        return {1, *found}


@dataclass(frozen=True)
class Pattern:
    """A pattern that was read; make it with :func:`read_pattern`.

    Attributes:
        source: as written in the file.
        parts: each a row of elements.
    """

    source: str
    parts: tuple[tuple[_Element, ...], ...]

    @cached_property
    def needed(self) -> frozenset[int]:
        """Words, by number, of which at least one is in each text in which it stands: as few as there are."""
        return min((element.needed for part in self.parts for element in part), key=len)

    def find(self, text: Text, widest: int = WIDEST_STRETCH) -> Iterator[tuple[Places, ...]]:
        """The ways in which the pattern stands in the text, at most :data:`MOST_WAYS`.

        Args:
            text: to look in.
            widest: most words from the first to the last word of the pattern.

        Yields:
            The places of each part, in the order of the parts.
        """
        # Hundreds of patterns are looked for in a message, and nearly all end here: an action that needs no
        # meaning took 2.4 ms, and takes 2.1 with this and what the looks of a search share (search/index.py).
        if self.needed.isdisjoint(text.present):
            return
        if not all(element.may_stand_in(text) for part in self.parts for element in part):
            return
        found = [list(_find_part(part, text)) for part in self.parts]
        if all(found):
            yield from islice(_together(found, widest), MOST_WAYS)

    def stands_in(self, text: Text) -> bool:
        """Whether the pattern stands anywhere in the text."""
        if self.needed.isdisjoint(text.present):  # as in find; here it saves the making of a generator
            return False
        return any(True for _ in self.find(text))


def read_pattern(source: str, words: Mapping[str, Sequence[str]]) -> Pattern:
    """Read a pattern.

    Args:
        source: in the language of this module.
        words: the lists of words that may stand between ``<`` and ``>``.

    Raises:
        SafetyError: a part is empty or a list is unknown.
    """
    parts = []
    for part in source.split("+"):
        elements = tuple(_read_element(element, words) for element in part.split())
        if not elements:
            raise SafetyError(f"patroon '{source}' heeft een leeg deel; haal een '+' weg of vul het aan")
        if "-" in part.split():
            raise SafetyError(
                f"patroon '{source}' heeft een los streepje; zet elk patroon op een eigen regel"
            )
        parts.append(elements)
    return Pattern(source, tuple(parts))


def read_patterns(
    raw: Mapping[str, Any], name: str, words: Mapping[str, Sequence[str]]
) -> tuple[Pattern, ...]:
    """Read a field that holds one pattern or a list of patterns.

    Raises:
        SafetyError: the field is missing or one of the patterns cannot be read.
    """
    return tuple(read_pattern(source, words) for source in texts(raw, name))


def _read_element(source: str, words: Mapping[str, Sequence[str]]) -> _Element:
    choices: list[tuple[int, ...]] = []
    for choice in source.split("|"):
        group = _GROUP.match(choice)
        if group and group["name"] not in words:
            raise SafetyError(f"de lijst <{group['name']}> bestaat niet; zet haar onder 'woorden:'")
        for written in words[group["name"]] if group else [choice]:
            choice_of_words = tuple(
                lexicon.number(_read_word(word))
                for written_word in re.split(r"[ _]", str(written))
                for word in spelling(written_word)
            )
            if not choice_of_words:
                raise SafetyError(f"'{source}' heeft een lege keuze; haal een '|' weg of vul haar aan")
            choices.append(choice_of_words)
    return _Element(
        singles=frozenset(choice[0] for choice in choices if len(choice) == 1),
        phrases=tuple(choice for choice in choices if len(choice) > 1),
    )


def _read_word(written: str) -> PatternWord:
    word = normalise(written.strip("*=≥"))
    if written.endswith("*") or written.startswith("*"):
        return PatternWord(word, begin=written.endswith("*"), end=written.startswith("*"))
    if written.startswith("="):
        return PatternWord(word)
    if written.startswith("≥"):
        if not word.isdecimal():
            raise SafetyError(f"'{written}' is geen getal; schrijf bijvoorbeeld ≥10")
        return PatternWord(word, least=int(word))
    tokens = dutch().tokens(word)
    is_lemma = len(tokens) == 1 and tokens[0].lemma == word
    return PatternWord(word, word if is_lemma else "")


def _find_part(part: Sequence[_Element], text: Text) -> Iterator[Places]:
    """Places of the part; of those with the same start the shortest."""
    for start in range(len(text)):
        ways: list[Places] = [()]
        for element in part:
            ways = [longer for way in ways for longer in _continue(way, element, text, start)]
            ways = list({way[-1]: way for way in reversed(ways)}.values())  # one for each end is enough
        if ways:
            yield min(ways, key=lambda way: way[-1])


def _continue(way: Places, element: _Element, text: Text, start: int) -> Iterator[Places]:
    """``way`` with the element after it: at once, or a few words later in the same sentence."""
    if not way:
        for length in element.lengths(text, start):
            yield tuple(range(start, start + length))
        return
    for place in range(way[-1] + 1, min(way[-1] + 2 + WIDEST_GAP, len(text))):
        for length in element.lengths(text, place):
            yield (*way, *range(place, place + length))
        if text[place].mark and text[place].form in SENTENCE_ENDS:
            return


def _together(
    found: Sequence[Sequence[Places]], widest: int, before: tuple[Places, ...] = ()
) -> Iterator[tuple[Places, ...]]:
    """Choices of places for each part that share no word and lie within ``widest`` words."""
    if not found:
        yield before
        return
    taken = {place for places in before for place in places}
    for places in found[0]:
        if taken.intersection(places):
            continue
        chosen = (*before, places)
        if max(one[-1] for one in chosen) - min(one[0] for one in chosen) < widest:
            yield from _together(found[1:], widest, chosen)
