"""A small language of patterns over Dutch lemmas, in which the rules of ``data/safety`` are written.

``pijn op borst`` is three words in this order with at most two others between; ``been + dik + rood|warm``
are parts in any order within a stretch of words; ``|`` stands between alternatives, ``_`` inside one that has
several words (``in_eens``), ``<been>`` is a list of words from the same file, ``zelfmoord*`` and
``*vergiftiging`` hold the begin or the end of a word, and ``≥10`` is a number of ten or more. A lemma stands
for all its forms ("slikken" for "slikte"), any other form for itself; ``=zijn`` is that form of a lemma only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from kalm.language import DutchLanguage, dutch, normalise
from kalm.safety.files import read_file

WIDEST_GAP = 2
"""Most other words between two words of a part."""

WIDEST_STRETCH = 18
"""Most words from the first to the last word of a pattern with several parts."""

_SHORTEST_FUZZY = 5
_SHORTEST_SOUND = 4
_SOUNDS = (
    *(("sch", "sg"), ("ch", "g"), ("ij", "ei"), ("y", "ei"), ("au", "ou"), ("ck", "k"), ("c", "k")),
    *(("z", "s"), ("v", "f"), ("th", "t"), ("dt", "t"), ("x", "ks")),
)
"""Letters that sound alike in Dutch, or nearly, and are typed for each other."""
_LONG_WORD = 9
_MARKS = re.compile(r"[^\w']+|_+")
_SENTENCE_ENDS = frozenset(".?!")
_GROUP = re.compile(r"^<(?P<name>\w+)>$")

Places = tuple[int, ...]
"""Positions of words in a text, in order."""


class PatternError(ValueError):
    """A pattern cannot be read; the message says in Dutch why."""


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


_BLOTTED = Word("", "", mark=True)


class Text:
    """A text as patterns see it: words and marks in order."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = tuple(words)
        # Per word the words of patterns that it is; looked up once, since hundreds of patterns ask.
        self._found = [_lexicon.found(word) for word in self.words]
        self._present = frozenset().union(*self._found)
        self._version = _lexicon.version

    def __len__(self) -> int:
        return len(self.words)

    def __getitem__(self, place: int) -> Word:
        return self.words[place]

    def found(self, place: int) -> frozenset[int]:
        """Numbers of the words of patterns that the word at ``place`` is."""
        return self._found[place]

    @property
    def present(self) -> frozenset[int]:
        """Numbers of the words of patterns that stand anywhere in the text."""
        self._renew()
        return self._present

    def part(self, start: int, end: int) -> Text:
        """The words from ``start`` up to ``end``."""
        return Text(self.words[start:end])

    def without(self, hidden: Set[int]) -> Text:
        """The text with the words at ``hidden`` places blotted out, so that no pattern finds them."""
        if not hidden:
            return self
        return Text([_BLOTTED if place in hidden else word for place, word in enumerate(self.words)])

    def _renew(self) -> None:
        """Look up again after patterns were read that did not exist when this text was."""
        if self._version != _lexicon.version:
            self.__init__(self.words)  # type: ignore[misc]


@dataclass(frozen=True)
class _Single:
    """One word of a pattern: a form and its lemma, the begin or end of a form, or the least of a number."""

    form: str
    lemma: str = ""
    begin: bool = False
    end: bool = False
    least: int = 0

    def matches_partly(self, word: Word) -> bool:
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


class _Lexicon:
    """All words of all patterns that were read in this process, numbered, by what they look like."""

    def __init__(self) -> None:
        self._numbers: dict[_Single, int] = {}
        self._exact: dict[str, set[int]] = {}
        self._lemmas: dict[str, set[int]] = {}
        self._sounds: dict[str, set[int]] = {}
        self._by_first_letter: dict[str, set[str]] = {}
        self._partly: dict[_Single, int] = {}
        self.found = lru_cache(maxsize=20_000)(self._look_up)

    @property
    def version(self) -> int:
        """Changes with every word that is added."""
        return len(self._numbers)

    def number(self, single: _Single) -> int:
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


_lexicon = _Lexicon()


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

    def lengths(self, text: Text, start: int) -> set[int]:
        """How many words each choice has that stands at ``start``."""
        if start >= len(text):
            return set()
        here = text.found(start)
        found = self.phrases and {
            len(phrase)
            for phrase in self.phrases
            if phrase[0] in here
            and start + len(phrase) <= len(text)
            and all(number in text.found(start + place) for place, number in enumerate(phrase))
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

    def find(self, text: Text, widest: int = WIDEST_STRETCH) -> Iterator[tuple[Places, ...]]:
        """Each way in which the pattern stands in the text: the places of each part, in their order."""
        for part in self.parts:
            for element in part:
                if not element.may_stand_in(text):
                    return
        found = [list(_find_part(part, text)) for part in self.parts]
        if all(found):
            yield from _together(found, widest)


def read_pattern(
    source: str, words: Mapping[str, Sequence[str]], language: DutchLanguage | None = None
) -> Pattern:
    """Read a pattern.

    Args:
        source: in the language of this module.
        words: the lists of words that may stand between ``<`` and ``>``.
        language: default the one of this process.

    Raises:
        PatternError: a part is empty or a list is unknown.
    """
    language = language or dutch()
    parts = []
    for part in source.split("+"):
        elements = tuple(_read_element(element, words, language) for element in part.split())
        if not elements:
            raise PatternError(f"patroon '{source}' heeft een leeg deel; haal een '+' weg of vul het aan")
        if "-" in part.split():
            raise PatternError(
                f"patroon '{source}' heeft een los streepje; zet elk patroon op een eigen regel"
            )
        parts.append(elements)
    return Pattern(source, tuple(parts))


def _read_element(source: str, words: Mapping[str, Sequence[str]], language: DutchLanguage) -> _Element:
    choices: list[tuple[int, ...]] = []
    for choice in source.split("|"):
        group = _GROUP.match(choice)
        if group and group["name"] not in words:
            raise PatternError(f"de lijst <{group['name']}> bestaat niet; zet haar onder 'woorden:'")
        for written in words[group["name"]] if group else [choice]:
            choice_of_words = tuple(
                _lexicon.number(_read_word(word, language))
                for written_word in re.split(r"[ _]", str(written))
                for word in _spelling(written_word)
            )
            if not choice_of_words:
                raise PatternError(f"'{source}' heeft een lege keuze; haal een '|' weg of vul haar aan")
            choices.append(choice_of_words)
    return _Element(
        singles=frozenset(choice[0] for choice in choices if len(choice) == 1),
        phrases=tuple(choice for choice in choices if len(choice) > 1),
    )


def _read_word(written: str, language: DutchLanguage) -> _Single:
    word = normalise(written.strip("*=≥"))
    if written.endswith("*") or written.startswith("*"):
        return _Single(word, begin=written.endswith("*"), end=written.startswith("*"))
    if written.startswith("="):
        return _Single(word)
    if written.startswith("≥"):
        if not word.isdecimal():
            raise PatternError(f"'{written}' is geen getal; schrijf bijvoorbeeld ≥10")
        return _Single(word, least=int(word))
    tokens = language.tokens(word)
    is_lemma = len(tokens) == 1 and tokens[0].lemma == word
    return _Single(word, word if is_lemma else "")


@lru_cache(maxsize=64)
def read_text(text: str) -> Text:
    """The words and marks of a text. A line break counts as a full stop."""
    language = dutch()
    words: list[Word] = []
    for line in text.splitlines():
        for token in language.tokens(line):
            form = normalise(token.text)
            # "been...het" and "arm/been" are one token to spaCy
            pieces = [right for piece in _MARKS.split(form) if piece for right in _spelling(piece)]
            for piece in pieces:
                lemma = token.lemma if piece == form else language.tokens(piece)[0].lemma
                words.append(Word(piece, lemma, language.is_word(piece)))
            if form and not pieces:
                words.append(Word(form[0], form[0], mark=True))
        words.append(Word(".", ".", mark=True))
    return Text(words)


def _spelling(piece: str) -> list[str]:
    return _spellings().get(piece, piece).split()


@cache
def _spellings() -> dict[str, str]:
    """``data/safety/spelling.yml``: as typed, and the word or words that are meant."""
    return {str(typed): str(meant) for typed, meant in read_file("spelling.yml").items()}


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
        if text[place].mark and text[place].form in _SENTENCE_ENDS:
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
