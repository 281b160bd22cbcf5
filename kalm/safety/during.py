"""What is said while a danger is not over, and what Kalm says to that: ``data/safety/during.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from kalm.safety.danger import danger_rules
from kalm.safety.files import SafetyError, faults_of, read_file, texts, yes_or_no
from kalm.safety.patterns import Pattern, read_patterns
from kalm.safety.text import Text, read_message

MESSAGE = "{bericht}"
"""Stands in a text for what is said about the danger itself."""


@dataclass(frozen=True)
class Remark:
    """Something that people say then, and the answers to it.

    Attributes:
        name: in the file.
        meaning: what it is, in Dutch, for whoever reviews the texts.
        emergency: the answer in an emergency, and when another person is in a crisis.
        crisis: the answer when the visitor is in a crisis.
        patterns: any one of them is enough.
        unless: words with which a message says something else.
        examples: messages that are this remark.
        counterexamples: messages that resemble it and are not.
        becomes: name of the danger sign that this is when the visitor is in a crisis, or "".
        sounds_of_danger: the classifier takes it for a danger of its own, and is not to be followed in that.
    """

    name: str
    meaning: str
    emergency: str
    crisis: str
    patterns: tuple[Pattern, ...]
    unless: frozenset[str] = frozenset()
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()
    becomes: str = ""
    sounds_of_danger: bool = False

    def fits(self, text: Text) -> bool:
        """Whether a message says this, and does not deny it."""
        if any(word.form in self.unless for word in text.words):
            return False
        context = danger_rules().context
        denials = context.denials(text)
        found = (parts for pattern in self.patterns for parts in pattern.find(text))
        return any(not context.is_denied(denials, parts) for parts in found)


@dataclass(frozen=True)
class DuringDanger:
    """The content of the file.

    Attributes:
        remarks: the first that fits counts.
        again_emergency, again_crisis: what is said in turn to anything else.
        sources: what the texts rest on.
    """

    remarks: tuple[Remark, ...]
    again_emergency: tuple[str, ...]
    again_crisis: tuple[str, ...]
    sources: tuple[str, ...]


@cache
def during_danger() -> DuringDanger:
    """The texts and patterns of this process, read once.

    Raises:
        SafetyError: the file cannot be used, or a text names no number to call.
    """
    raw = read_file("during.yml")
    words = raw.get("woorden") or {}
    with faults_of("during.yml"):
        remarks = tuple(
            _read_remark(str(name), one, words) for name, one in (raw.get("antwoorden") or {}).items()
        )
        again = raw.get("herhaling") or {}
        read = DuringDanger(remarks, texts(again, "nood"), texts(again, "crisis"), texts(raw, "bron"))
        _check_numbers(read)
        known = {sign.name for sign in danger_rules().signs}
        for remark in remarks:
            if remark.becomes and remark.becomes not in known:
                raise SafetyError(
                    f"'{remark.name}': 'wordt' noemt '{remark.becomes}', en dat gevaar is er niet"
                )
        return read


def remark_in(message: str) -> Remark | None:
    """What the message says that people say then, or None."""
    text = read_message(message)
    return next((remark for remark in during_danger().remarks if remark.fits(text)), None)


def answer_during(message: str, in_crisis: bool, told_before: int) -> str:
    """What Kalm says to a message while a danger is not over.

    Args:
        message: what the visitor typed.
        in_crisis: the visitor is in a crisis; otherwise it is an emergency, or another person's crisis.
        told_before: how often Kalm spoke of this danger before, so that it does not repeat itself.

    Returns:
        The text, in which :data:`MESSAGE` may stand.
    """
    rules = during_danger()
    remark = remark_in(message)
    if remark is not None:
        return remark.crisis if in_crisis else remark.emergency
    again = rules.again_crisis if in_crisis else rules.again_emergency
    return again[told_before % len(again)]


def _read_remark(name: str, raw: Mapping[str, Any], words: Mapping[str, Any]) -> Remark:
    return Remark(
        name=name,
        meaning=" ".join(texts(raw, "betekent")),
        emergency=" ".join(texts(raw, "nood")),
        crisis=" ".join(texts(raw, "crisis")),
        patterns=read_patterns(raw, "patronen", words),
        unless=frozenset(texts(raw, "tenzij")) if "tenzij" in raw else frozenset(),
        examples=texts(raw, "voorbeelden"),
        counterexamples=texts(raw, "niet"),
        becomes=" ".join(texts(raw, "wordt")) if "wordt" in raw else "",
        sounds_of_danger=yes_or_no(raw, "klinkt_als_gevaar"),
    )


def _check_numbers(read: DuringDanger) -> None:
    """Whoever is in danger finds a number in every text.

    Raises:
        SafetyError: a text names none.
    """
    texts_and_numbers = (
        ((*(remark.emergency for remark in read.remarks), *read.again_emergency), ("112",)),
        ((*(remark.crisis for remark in read.remarks), *read.again_crisis), ("112", "113")),
    )
    for written, numbers in texts_and_numbers:
        for text in written:
            missing = [number for number in numbers if number not in text]
            if missing and MESSAGE not in text:
                raise SafetyError(
                    f"'{text[:40]}...' noemt {missing[0]} niet; zet het erbij, of gebruik {MESSAGE}"
                )
