"""Danger in a message, found by rules a person can read: ``data/safety/danger.yml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from kalm.safety.context import Context, has
from kalm.safety.files import SafetyError, faults_of, read_file, texts, yes_or_no
from kalm.safety.pattern_index import PatternIndex
from kalm.safety.patterns import Pattern, Places, read_patterns
from kalm.safety.text import Text, read_message
from kalm.text_cache import text_cache

KINDS = ("emergency", "crisis")

SHORT_PIECE = 8
"""Most words and marks of a message that may be a piece of what is told over two."""

SHORTEST_PIECE = 6
"""Most words and marks of a piece that begins with a word of ``gaat_verder`` ("is in mijn borst")."""

_FIELDS = {
    "soort",
    "betekent",
    "zeg",
    "bron",
    "patronen",
    "ook_als",
    "pas_over_na_hulp",
    "van_een_ander",
    "met_opzet",
    "voorbeelden",
    "niet",
}
_DESPITE = {"lang_geleden", "algemene_vraag"}


@dataclass(frozen=True)
class DangerSign:
    """One family of danger signs.

    Attributes:
        name: in the file.
        kind: "emergency" or "crisis".
        meaning: what it is, in Dutch, for whoever reviews the rules.
        message: what Kalm says.
        sources: what the message and the rule rest on.
        patterns: any one of them is enough.
        examples: sentences that give the sign.
        counterexamples: sentences that resemble it and are no danger.
        despite: what does not take the danger back in this family: "lang_geleden" (told of the past),
            "algemene_vraag" (asked in general).
        needs_help: it is over only when a doctor has looked, however the visitor feels.
        of_another: somebody else is in this crisis, and the visitor worries.
        on_purpose: name of the sign that this one is together with a crisis.
    """

    name: str
    kind: str
    meaning: str
    message: str
    sources: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()
    despite: frozenset[str] = frozenset()
    needs_help: bool = False
    of_another: bool = False
    on_purpose: str = ""

    @cached_property
    def index(self) -> PatternIndex:
        """The patterns, to find those that a text may hold."""
        return PatternIndex(self.patterns)


@dataclass(frozen=True)
class Found:
    """What the rules make of a message.

    Attributes:
        signs: the danger signs, most urgent first, of which at most one is a crisis.
        taken_back: there is none, but there are words of danger: denied, of long ago, or a figure of speech.
    """

    signs: tuple[DangerSign, ...]
    taken_back: bool

    @property
    def sign(self) -> DangerSign | None:
        """The most urgent danger sign, or None."""
        return next(iter(self.signs), None)


@dataclass(frozen=True)
class DangerRules:
    """All families, most urgent first, and the context that may take a sign back."""

    signs: tuple[DangerSign, ...]
    context: Context

    def named(self, name: str) -> DangerSign | None:
        """The sign with this name, or None."""
        return next((sign for sign in self.signs if sign.name == name), None)

    def on_purpose(self, signs: Iterable[DangerSign], has_crisis: bool) -> DangerSign | None:
        """The sign of too much that was taken on purpose: told as such, or as too much beside a crisis."""
        for sign in signs:
            if sign.on_purpose and has_crisis:
                return self.named(sign.on_purpose)
            if any(other.on_purpose == sign.name for other in self.signs):
                return sign
        return None

    def look(self, text: Text, across: int = 0) -> Found:
        """The signs that the text gives; and whether it seems to give one, but takes it back.

        A text may tell of several emergencies; of the crises only the first is meant, for their families are
        readings of the same words.

        Args:
            text: to look in.
            across: a place in it; only a sign with words on both sides counts. 0 for any sign.
        """
        literal = self.context.literal(text)
        denials = self.context.denials(literal)
        alarming = self.context.alarming
        taken_back = has(alarming, text) and not has(alarming, literal)
        found: list[DangerSign] = []
        for sign in self.signs:
            if sign.kind == "crisis" and any(other.kind == "crisis" for other in found):
                continue
            for pattern in sign.index.may_stand_in(text):
                # A figure of speech takes back only what would be a sign without it.
                taken_back = taken_back or (literal is not text and pattern.stands_in(text))
                places = [
                    parts
                    for parts in pattern.find(literal)
                    if not across or min(parts)[0] < across <= max(max(part) for part in parts)
                ]
                taken_back = taken_back or bool(places)
                if not all(self._takes_back(sign, literal, denials, parts) for parts in places):
                    found.append(sign)
                    break
        return Found(tuple(found), taken_back and not found)

    def _takes_back(self, sign: DangerSign, text: Text, denials: Text, parts: Sequence[Places]) -> bool:
        if self.context.is_denied(denials, parts):
            return True
        if "lang_geleden" not in sign.despite and self.context.is_long_ago(text, parts):
            return True
        return "algemene_vraag" not in sign.despite and self.context.is_general(text, parts)


def read_rules(danger: Mapping[str, Any], context: Mapping[str, Any]) -> DangerRules:
    """Read and check both files.

    Raises:
        SafetyError: with every fault found, in Dutch.
    """
    words = danger.get("woorden") or {}
    faults: list[str] = []
    signs = []
    for name, raw in (danger.get("gevaren") or {}).items():
        try:
            signs.append(_read_sign(str(name), raw, words))
        except SafetyError as error:
            faults.append(f"'{name}': {error}")
    try:
        with faults_of("context.yml"):
            taken_back = Context.read(context)
    except SafetyError as error:
        faults.append(str(error))
    names = {sign.name for sign in signs}
    faults += [
        f"'{sign.name}': 'met_opzet' noemt '{sign.on_purpose}', en dat gevaar is er niet"
        for sign in signs
        if sign.on_purpose and sign.on_purpose not in names
    ]
    if not signs and not faults:
        faults.append("er staat geen enkel gevaar in; zet ze onder 'gevaren:'")
    if faults:
        raise SafetyError("danger.yml: " + "; ".join(faults))
    return DangerRules(tuple(signs), taken_back)


@cache
def danger_rules() -> DangerRules:
    """The rules of this process, read once."""
    return read_rules(read_file("danger.yml"), read_file("context.yml"))


@text_cache(64)
def look_for_danger(message: str) -> Found:
    """What the rules make of a visitor's message."""
    return danger_rules().look(read_message(message))


def danger_in(message: str) -> DangerSign | None:
    """The most urgent danger sign that a visitor's message gives, or None."""
    return look_for_danger(message).sign


@text_cache(64)
def danger_in_pieces(before: str, message: str) -> DangerSign | None:
    """The danger sign that two messages give together, and neither by itself: "ik heb pijn", "op mijn borst".

    One of the two must be short: two long messages are two stories. And the second must be a piece: what
    begins with "ik" or "wat" is a sentence or a question of its own; "is in mijn borst" is none, as short as
    it is.
    """
    context = danger_rules().context
    pieces = [read_message(before), read_message(message)]
    if min(map(len, pieces)) > SHORT_PIECE or danger_in(before) or danger_in(message):
        return None
    if not message.strip():
        return None
    # What is told of long ago is not of now because the next message has a "nu".
    if has(context.long_ago, pieces[0]) and not has(context.again, pieces[1]):
        return None
    first_word = pieces[1][0].form
    goes_on = first_word in context.going_on and len(pieces[1]) <= SHORTEST_PIECE
    if first_word in context.asking | context.beginning and not goes_on:
        return None
    first = pieces[0].part(0, len(pieces[0]) - 1)  # without the full stop that a text ends with
    together = Text([*first.words, *pieces[1].words])
    return danger_rules().look(together, across=len(first)).sign


def _read_sign(name: str, raw: Any, words: Mapping[str, Sequence[str]]) -> DangerSign:
    if not isinstance(raw, Mapping):
        raise SafetyError("heeft geen velden")
    unknown = set(raw) - _FIELDS
    if unknown:
        raise SafetyError(f"kent het veld '{sorted(unknown)[0]}' niet; kies uit {', '.join(sorted(_FIELDS))}")
    if raw.get("soort") not in KINDS:
        raise SafetyError(f"heeft als soort '{raw.get('soort')}'; kies uit {', '.join(KINDS)}")
    despite = frozenset(map(str, raw.get("ook_als") or ()))
    if despite - _DESPITE:
        raise SafetyError(f"heeft bij 'ook_als' iets onbekends; kies uit {', '.join(sorted(_DESPITE))}")
    message = " ".join(str(raw.get("zeg") or "").split())
    if not message or "112" not in message or (raw["soort"] == "crisis" and "113" not in message):
        raise SafetyError("'zeg' moet 112 noemen, en bij een crisis ook 113")
    return DangerSign(
        name=name,
        kind=str(raw["soort"]),
        meaning=" ".join(texts(raw, "betekent")),
        message=message,
        sources=texts(raw, "bron"),
        patterns=read_patterns(raw, "patronen", words),
        examples=texts(raw, "voorbeelden"),
        counterexamples=texts(raw, "niet"),
        despite=despite,
        needs_help=yes_or_no(raw, "pas_over_na_hulp"),
        of_another=yes_or_no(raw, "van_een_ander"),
        on_purpose=str(raw.get("met_opzet") or ""),
    )
