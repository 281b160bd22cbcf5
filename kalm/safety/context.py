"""Whether what stands in a text is said to be so: not denied, not of long ago, not asked in general."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from kalm.safety.files import texts
from kalm.safety.pattern_index import PatternIndex
from kalm.safety.patterns import Pattern, Places, read_patterns
from kalm.safety.text import SENTENCE_ENDS, Text

_LONGEST_BEFORE = 8
_LONGEST_AFTER = 7
_CLAUSE_ENDS = SENTENCE_ENDS | {",", ";", ":", "maar", "want", "en", "omdat", "dus", "toch", "nu"}


@dataclass(frozen=True)
class Context:
    """The words of ``data/safety/context.yml`` by which a sentence takes back what it seems to say.

    Attributes:
        figures: phrases that mean something else than their words.
        alarming: words of danger that figures of speech use.
        not_denials: phrases with a "not" that denies nothing ("niet normaal").
        long_ago: words that place a sentence in the past.
        chronic: words for what has been so for years.
        now: words that bring it back to the present.
        again: words that do so for what the message before told of the past.
        persons: words for whoever it may concern; without one a question is asked in general.
        nobody: phrases with such a word that tell of nobody ("ik heb gelezen").
        general: subjects of questions that ask in general.
        asking: first words of a question.
        beginning: first words of a sentence that stands by itself.
        going_on: words of those with which a short piece of a sentence may begin all the same.
        denying: words that deny.
        after_denial: words that may stand between a denial and what it denies; any other ends its reach.
        denying_things: denying words that deny a thing, and not what is done.
        things: words after a denial that are one ("niet echt last van").
        after_things: words after a denial that may stand there only when it denies a thing.
        around_last_not: words of a clause that ends in "heb ik gelukkig niet"; any other makes the "niet"
            about something else.
    """

    figures: tuple[Pattern, ...]
    alarming: tuple[Pattern, ...]
    not_denials: tuple[Pattern, ...]
    long_ago: tuple[Pattern, ...]
    chronic: tuple[Pattern, ...]
    now: tuple[Pattern, ...]
    again: tuple[Pattern, ...]
    persons: tuple[Pattern, ...]
    nobody: tuple[Pattern, ...]
    general: tuple[Pattern, ...]
    asking: frozenset[str]
    beginning: frozenset[str]
    going_on: frozenset[str]
    denying: frozenset[str]
    after_denial: frozenset[str]
    denying_things: frozenset[str]
    things: frozenset[str]
    after_things: frozenset[str]
    around_last_not: frozenset[str]

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Context:
        """From the content of the file, whose names are in Dutch.

        Raises:
            SafetyError: a list is missing or one of the patterns cannot be read.
        """
        words = raw.get("woorden") or {}
        patterns = partial(read_patterns, raw, words=words)
        return cls(
            figures=patterns("beeldspraak"),
            alarming=patterns("schrikwoorden"),
            not_denials=patterns("geen_ontkenning"),
            long_ago=patterns("lang_geleden"),
            chronic=patterns("al_lang"),
            now=patterns("nu"),
            again=patterns("opnieuw"),
            persons=patterns("personen"),
            nobody=patterns("niemand"),
            general=patterns("algemene_vraag"),
            asking=frozenset(texts(raw, "vragend")),
            beginning=frozenset(texts(raw, "begint_een_zin")),
            going_on=frozenset(texts(raw, "gaat_verder")),
            denying=frozenset(texts(raw, "ontkenning")),
            after_denial=frozenset(texts(raw, "na_ontkenning")),
            denying_things=frozenset(texts(raw, "ontkent_een_ding")),
            things=frozenset(texts(raw, "dingen")),
            after_things=frozenset(texts(raw, "na_een_ding")),
            around_last_not=frozenset(texts(raw, "rond_niet_aan_het_eind")),
        )

    @cached_property
    def _figures(self) -> PatternIndex:
        return PatternIndex(self.figures)

    def literal(self, text: Text) -> Text:
        """The text without its figures of speech."""
        return text.without(_places(self._figures.may_stand_in(text), text))

    def denials(self, text: Text) -> Text:
        """The text without the "not" that denies nothing."""
        return text.without(_places(self.not_denials, text))

    def is_long_ago(self, text: Text, parts: Sequence[Places], chronic: bool = True) -> bool:
        """Whether a clause with a part tells of the past and not of now.

        What another clause tells does not count: "vorig jaar geopereerd en nu benauwd" is of now.

        Args:
            text: with the parts.
            parts: places in it.
            chronic: what has been so for years counts too.
        """
        past = (*self.long_ago, *(self.chronic if chronic else ()))
        clauses = (_around(text, [part], _CLAUSE_ENDS) for part in parts)
        return any(has(past, clause) and not has(self.now, clause) for clause in clauses)

    def is_general(self, text: Text, parts: Sequence[Places]) -> bool:
        """Whether the clause asks about the subject, and the text speaks of nobody in particular."""
        sentence = sentence_around(text, parts)
        clause = _around(text, parts, _CLAUSE_ENDS)
        if sentence[0].form not in self.asking and sentence[len(sentence) - 1].form != "?":
            return False
        return has(self.general, clause) and not has(self.persons, text.without(_places(self.nobody, text)))

    def is_denied(self, denials: Text, parts: Sequence[Places]) -> bool:
        """Whether any of the parts is denied.

        Args:
            denials: the text as :meth:`denials` gives it.
            parts: places in it.
        """
        matched = {place for part in parts for place in part}
        return any(self._is_part_denied(denials, part, matched) for part in parts)

    def is_doubted(self, text: Text, parts: Sequence[Places]) -> bool:
        """Whether a "niet" stands anywhere in the clause before the end of the parts.

        For what must be beyond doubt: "we zijn niet bij de dokter geweest" is denied far from its "niet".
        """
        matched = {place for part in parts for place in part}
        start = min(matched)
        while start > 0 and text[start - 1].form not in _CLAUSE_ENDS:
            start -= 1
        return any(
            text[place].form in self.denying for place in range(start, max(matched)) if place not in matched
        )

    def _is_part_denied(self, text: Text, part: Places, matched: Set[int]) -> bool:
        """Whether a "geen" or "niet" stands before the part or inside it, or closes the clause after it."""
        between = {text[place].form for place in range(part[0], part[-1]) if place not in matched}
        if self.denying & between or self._closes_with_not(text, part[-1] + 1, matched):
            return True
        # A "not" before "ik" belongs to another clause.
        return text[part[0]].form != "ik" and self._is_denied_before(text, part[0], matched)

    def _is_denied_before(self, text: Text, start: int, matched: Set[int]) -> bool:
        """Reads back over words that may stand between, and over an enumeration."""
        listed = start + 1 < len(text) and text[start + 1].form == "of"
        between: set[str] = set()
        for place in range(start - 1, max(-1, start - 1 - _LONGEST_BEFORE), -1):
            form = text[place].form
            if place in matched:
                return False
            if form in self.denying:
                # "Ik slaap niet van de pijn" denies the sleep.
                denies_thing = form in self.denying_things or bool(between & self.things)
                return denies_thing or not between & self.after_things
            between.add(form)
            if form == "of":
                listed = True  # "geen pijn, koorts of zwelling" denies all three
            elif form not in self.after_denial and not (listed and form not in _CLAUSE_ENDS - {","}):
                return False
        return False

    def _closes_with_not(self, text: Text, start: int, matched: Set[int]) -> bool:
        after: list[str] = []
        for place in range(start, min(start + _LONGEST_AFTER, len(text))):
            if place in matched:
                return False
            if text[place].mark and text[place].form in _CLAUSE_ENDS:
                break
            after.append(text[place].form)
        return after.count("niet") == 1 and set(after) - {"niet"} <= self.around_last_not


def _places(patterns: Iterable[Pattern], text: Text) -> set[int]:
    """The places of all words, and of those between them, that the patterns cover."""
    return {
        place
        for pattern in patterns
        for parts in pattern.find(text)
        for part in parts
        for place in range(part[0], part[-1] + 1)
    }


def has(patterns: Iterable[Pattern], text: Text) -> bool:
    """Whether any of the patterns stands in the text."""
    return any(pattern.stands_in(text) for pattern in patterns)


def sentence_around(text: Text, parts: Sequence[Places]) -> Text:
    """The sentence, or the sentences, in which the parts stand."""
    return _around(text, parts, SENTENCE_ENDS)


def _around(text: Text, parts: Sequence[Places], ends: Set[str]) -> Text:
    """The words around the parts up to the nearest of ``ends`` on either side."""
    start, end = min(part[0] for part in parts), max(part[-1] for part in parts)
    while start > 0 and text[start - 1].form not in ends:
        start -= 1
    while end < len(text) - 1 and text[end].form not in ends:
        end += 1
    return text.part(start, end + 1)
