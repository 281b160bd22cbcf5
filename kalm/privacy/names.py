"""Reads a name at a place in a text: where it starts and how far it goes."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import NamedTuple

from kalm.privacy.words import is_first_name, is_known, is_shouted, is_stop_word, is_surname, may_be_name

NAME = "[naam]"

_LETTER = r"[^\W\d_][\u0300-\u036f]*"
_WORD = re.compile(rf"['’`´]?(?:{_LETTER})+(?:['’`´-](?:{_LETTER})+)*")
_INITIALS = re.compile(rf"(?:{_LETTER}\.[ -]?){{1,5}}(?=[^\W\d_'’])|(?:{_LETTER}\.){{2,5}}")
_PARTICLES = re.compile(
    r"(?:(?:van|von|de|den|der|ter|ten|['’`]t|el|vd|v/d|v\.\s?d\.|v\.|"
    r"(?:te|het|al|ben|ibn|bin|la|le|du|di|da|dos|del)(?=[ \u00a0]{1,2}(?-i:[^\W\d_a-z]))|"
    r"(?:in|op|aan|uit|onder|voor)[ ](?:de[nr]?|het|['’`]t))[ \u00a0]{1,2}){1,3}|d['’`](?=[^\W\d_])",
    re.IGNORECASE,
)
"""Small words before a surname; those that are everyday words too need a capital behind them."""
_TITLE = re.compile(
    r"(?:(?:de\s+heer|mevrouw|mevr|mw|meneer|mijnheer|menier|dhr|heer|juffrouw|juf|mej|madam|oma|opa|tante|ome|oom|mama|"
    r"papa|moeder|vader|zuster|broeder|familie|fam|dr|drs|ir|ing|mr|prof|dokter|dominee)\b\.?\s{1,2}(?:en\s(?=mevr|mw))?){1,3}",
    re.IGNORECASE,
)
_GAP = re.compile(r"[ \u00a0]{0,2}")
_BOUNDARY = re.compile(r"\s*(?:$|[^\w\s'’-]|[\r\n]|-\s|\s-)")
_AND = re.compile(r"\s{0,3}(?:,|&|\+|\ben\b|\bof\b|\bmaar\b)\s{1,3}", re.IGNORECASE)
_WELCOMING = re.compile(r"(?:\s+\S+){0,6}?\s+welkom\b", re.IGNORECASE)
_REACH = 60
_MOST_WORDS = 6
_MOST_NAMES = 5
_LONGEST_WORD = 40
_SHORTEST_UNSURE = 4


class Trust(IntEnum):
    """How much the words before say that a name follows."""

    DOUBT = 0
    """Something else follows more often: "ik ben", "hier"."""
    LIKELY = 1
    """A name or something like it: "groetjes", "op naam van"."""
    SURE = 2
    """A name, or that there is none: "ik heet", "mijn naam is"."""


class _Part(NamedTuple):
    """A word of a name with the particles before it, or initials.

    Attributes:
        word: the word, or all of the initials.
        end: index behind it in the text.
        particles: whether "van der" or the like stands before it.
        initials: whether it is "J.P.", with the word behind it where there is but one letter.
    """

    word: str
    end: int
    particles: bool = False
    initials: bool = False

    @property
    def capital(self) -> bool:
        return self.word.lstrip("'’`´")[0].isupper()


def name_at(text: str, place: int, trust: Trust) -> tuple[int, int] | None:
    """Start and end of the name at ``place``, without a title before it; None where there is none."""
    title = _TITLE.match(text, place)
    start = title.end() if title else place
    first = _part_at(text, start)
    if first is None:
        return None
    capital = first.capital and not is_shouted(text, place)
    if not _begins(text, first, trust, capital=capital, titled=title is not None):
        return None
    parts = [first]
    while len(parts) < _MOST_WORDS:
        part = _part_at(text, _behind_gap(text, parts[-1].end))
        if part is None or not _goes_on(text, parts, part, capital=capital):
            break
        parts.append(part)
    end = parts[-1].end
    unclear = trust is Trust.DOUBT and not _is_clear(text, parts, capital=capital)
    # "ik heet iedereen van harte welkom"
    return None if unclear or _WELCOMING.match(text, end, end + _REACH) else (start, end)


def names_at(text: str, place: int, trust: Trust, *, closing: bool = False) -> list[tuple[int, int]]:
    """Start and end of the name at ``place`` and of those that "en" adds to it.

    In a closing a name in small letters counts only where it ends there: "groetjes ria".
    """
    names: list[tuple[int, int]] = []
    while len(names) < _MOST_NAMES:
        name = name_at(text, place, trust)
        if name is None or (names and not is_listed(text, name)):
            break
        if closing and text[name[0]].islower() and not ends_name(text, name[1]):
            break
        names.append(name)
        joint = _AND.match(text, name[1])
        if joint is None:
            break
        place, trust = joint.end(), Trust.LIKELY
    return names


def is_listed(text: str, name: tuple[int, int]) -> bool:
    """Whether a name begins with a listed first name, but for those that open sentences: "Ben"."""
    first = _WORD.match(text, name[0])
    return first is not None and is_first_name(first.group()) and not is_stop_word(first.group())


def ends_name(text: str, place: int) -> bool:
    """Whether a mark, the end of a line or a word that is in no name comes next."""
    if _BOUNDARY.match(text, place):
        return True
    word = _WORD.match(text, _behind_gap(text, place))
    return word is not None and is_stop_word(word.group())


def _part_at(text: str, place: int) -> _Part | None:
    particles = _PARTICLES.match(text, place)
    initials = None if particles else _INITIALS.match(text, place)
    if initials:
        return _initials(text, initials)
    word = _WORD.match(text, particles.end() if particles else place)
    if word is None or len(word.group()) > _LONGEST_WORD:
        return None
    return _Part(word.group(), word.end(), particles is not None)


def _initials(text: str, initials: re.Match[str]) -> _Part | None:
    """The part "j.p.", or "K. Dijkstra": a letter with a full stop alone may just end a sentence."""
    end = initials.start() + len(initials.group().rstrip(" -"))
    if initials.group().count(".") > 1:
        return _Part(text[initials.start() : end], end, initials=True)
    behind = _part_at(text, initials.end())
    if behind is None or not (may_be_name(behind.word) or (behind.particles and behind.capital)):
        return None
    if behind.particles and not (behind.capital or _is_name_like(behind.word)):
        return None
    return _Part(text[initials.start() : behind.end], behind.end, initials=True)


def _behind_gap(text: str, place: int) -> int:
    gap = _GAP.match(text, place)
    return gap.end() if gap and (gap.end() > place or text[place - 1] == ".") else len(text)


def _begins(text: str, part: _Part, trust: Trust, *, capital: bool, titled: bool) -> bool:
    """Whether a name may begin with this part."""
    if part.initials:
        return True
    listed = is_first_name(part.word) or is_surname(part.word)
    if part.particles and capital:
        return True
    if not may_be_name(part.word):
        # "Groetjes, Ben."
        return capital and is_first_name(part.word) and _BOUNDARY.match(text, part.end) is not None
    if part.particles:
        return (listed or titled or not is_known(part.word)) and ends_name(text, part.end)
    if listed:
        return True
    if capital:
        return trust is Trust.SURE or titled or not is_known(part.word)
    if trust is Trust.DOUBT or (is_known(part.word) and not titled):
        return False
    # "vekeerd gespeld" is a typing mistake, "xandra kuyper" is none
    second = _part_at(text, _behind_gap(text, part.end))
    return ends_name(text, part.end) or (second is not None and _goes_on(text, [part], second, capital=False))


def _goes_on(text: str, parts: list[_Part], part: _Part, *, capital: bool) -> bool:
    """Whether a part belongs to the name that ``parts`` began; ``capital`` where names have theirs here."""
    if part.initials or (capital and part.particles and part.capital):
        return True
    if not may_be_name(part.word):
        return False
    likely = _is_name_like(part.word)
    ends = ends_name(text, part.end)
    if capital and part.capital:
        return likely or ends
    if capital:
        # "Jan jansen", "Jan de vries", but "Froukje de Haan van de yogaschool"
        return ends and likely and len(parts) == 1 and len(part.word) >= _SHORTEST_UNSURE
    return ends and (likely or part.particles)


def _is_name_like(word: str) -> bool:
    return is_first_name(word) or is_surname(word) or not is_known(word)


def _is_clear(text: str, parts: list[_Part], *, capital: bool) -> bool:
    """Whether a name after words that mean something else more often can hardly be anything else."""
    first, *others = parts
    if not capital:
        return is_first_name(first.word) and (bool(others) or ends_name(text, first.end))
    if is_first_name(first.word) or first.initials:
        return True
    more = [part for part in others if part.capital]
    return bool(more) and not any(
        is_known(part.word) and not is_surname(part.word) for part in (first, *more)
    )
