"""Which words of patterns a typed word may be: as its lemma, by its begin or end, or misspelt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from kalm.safety.files import read_file

_SHORTEST_FUZZY = 5
_SHORTEST_SOUND = 4
_SOUNDS = (
    *(("sch", "sg"), ("ch", "g"), ("ij", "ei"), ("y", "ei"), ("au", "ou"), ("ck", "k"), ("c", "k")),
    *(("z", "s"), ("v", "f"), ("th", "t"), ("dt", "t"), ("x", "ks")),
)
"""Letters that sound alike in Dutch, or nearly, and are typed for each other."""
_LONG_WORD = 9


@dataclass(frozen=True)
class Word:
    """One word of a text.

    Attributes:
        form: as typed, in lower case without accents.
        lemma: dictionary form.
        known: whether the dictionary has this form, so that it is no typing mistake.
        mark: whether it is a mark between words, such as a comma.
    """

    form: str
    lemma: str
    known: bool = True
    mark: bool = False


@dataclass(frozen=True)
class PatternWord:
    """One word of a pattern: a form and its lemma, the begin or end of a form, or the least of a number."""

    form: str
    lemma: str = ""
    begin: bool = False
    end: bool = False
    least: int = 0

    def matches_partly(self, word: Word) -> bool:
        """Whether a typed word has the begin or the end, or is the number."""
        if self.least:
            return word.form.isdecimal() and int(word.form[:9]) >= self.least
        if self.begin:
            return word.form.startswith(self.form)
        return self.end and word.form.endswith(self.form)


def _is_misspelt(form: str, right: str) -> bool:
    """One letter wrong, missing, too many or swapped; two in a long word."""
    most = 2 if len(right) >= _LONG_WORD else 1
    return abs(len(form) - len(right)) <= most and OSA.distance(form, right, score_cutoff=most) <= most


@lru_cache(maxsize=20_000)
def _sound(form: str) -> str:
    """What a word sounds like: "egt" as "echt", "ademd" as "ademt", "gedronke" as "gedronken"."""
    for written, sound in _SOUNDS:
        form = form.replace(written, sound)
    form = re.sub(r"(.)\1", r"\1", form)
    return re.sub(r"en$", "e", re.sub(r"d$", "t", form))


class Lexicon:
    """All words of all patterns that were read in this process, numbered, by what they look like."""

    def __init__(self) -> None:
        self._numbers: dict[PatternWord, int] = {}
        self._exact: dict[str, set[int]] = {}
        self._lemmas: dict[str, set[int]] = {}
        self._sounds: dict[str, set[int]] = {}
        self._by_first_letter: dict[str, set[str]] = {}
        self._partly: dict[PatternWord, int] = {}
        self.found = lru_cache(maxsize=20_000)(self._look_up)

    @property
    def version(self) -> int:
        """Changes with every word that is added."""
        return len(self._numbers)

    def number(self, single: PatternWord) -> int:
        """The number of a word, which is known from then on."""
        if single not in self._numbers:
            number = self._numbers[single] = len(self._numbers)
            if single.begin or single.end or single.least:
                self._partly[single] = number
            else:
                self._exact.setdefault(single.form, set()).add(number)
                if len(single.form) >= _SHORTEST_SOUND:
                    self._sounds.setdefault(_sound(single.form), set()).add(number)
                if len(single.form) >= _SHORTEST_FUZZY:
                    self._by_first_letter.setdefault(single.form[0], set()).add(single.form)
            if single.lemma:
                self._lemmas.setdefault(single.lemma, set()).add(number)
            self.found.cache_clear()
        return self._numbers[single]

    def _look_up(self, word: Word) -> frozenset[int]:
        found = set(self._exact.get(word.form, ()))
        if not word.mark and word.form:
            found |= self._lemmas.get(word.lemma, set())
            found |= {number for single, number in self._partly.items() if single.matches_partly(word)}
            if not word.known:
                found |= self._sounds.get(_sound(word.form), set())
                found |= {
                    number
                    for form in self._by_first_letter.get(word.form[0], ())
                    if _is_misspelt(word.form, form)
                    for number in self._exact[form]
                }
        return frozenset(found)


lexicon = Lexicon()


def spelling(typed: str) -> list[str]:
    """The word, or the words, that are meant by a word as people type it."""
    return _spellings().get(typed, typed).split()


@cache
def _spellings() -> dict[str, str]:
    """``data/safety/spelling.yml``: as typed, and the word or words that are meant."""
    return {str(typed): str(meant) for typed, meant in read_file("spelling.yml").items()}
