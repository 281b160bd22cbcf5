"""Whether a visitor says that a danger is over; the words stand in ``data/safety/settled.yml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from kalm.safety.context import has
from kalm.safety.danger import danger_in, danger_rules
from kalm.safety.files import faults_of, read_file, texts
from kalm.safety.patterns import Pattern, read_patterns
from kalm.safety.text import read_message


@dataclass(frozen=True)
class _Settled:
    """The content of the file."""

    patterns: tuple[Pattern, ...]
    after_crisis: tuple[Pattern, ...]
    help_has_been: tuple[Pattern, ...]
    misread: tuple[Pattern, ...]
    back: tuple[Pattern, ...]
    not_back: tuple[Pattern, ...]
    asking: frozenset[str]
    unsettling: frozenset[str]


@cache
def _settled() -> _Settled:
    raw = read_file("settled.yml")
    words = raw.get("woorden") or {}
    with faults_of("settled.yml"):
        return _Settled(
            patterns=read_patterns(raw, "patronen", words),
            after_crisis=read_patterns(raw, "na_een_crisis", words),
            help_has_been=read_patterns(raw, "hulp_geweest", words),
            misread=read_patterns(raw, "misverstand", words),
            back=read_patterns(raw, "terug", words),
            not_back=read_patterns(raw, "niet_terug", words),
            asking=frozenset(texts(raw, "vragen")),
            unsettling=frozenset(texts(raw, "toch_niet")),
        )


def says_help_has_been(message: str) -> bool:
    """Whether the message says that a doctor or another helper has looked, now and not long ago."""
    text = read_message(message)
    context = danger_rules().context
    for pattern in _settled().help_has_been:
        for parts in pattern.find(text):
            up_to_here = text.words[: max(part[-1] for part in parts)]
            doubted = any(word.form in context.denying or word.form == "nog" for word in up_to_here)
            if not doubted and not context.is_long_ago(text, parts):
                return True
    return False


def says_it_is_settled(message: str, after_crisis: bool = False) -> bool:
    """Whether the message says so, asks nothing, takes nothing back and gives no danger sign itself.

    Args:
        message: what the visitor typed.
        after_crisis: the danger was a crisis, where only a few plain sentences count.

    Raises:
        SafetyError: the file cannot be used.
    """
    if danger_in(message) is not None:
        return False
    text = read_message(message)
    rules = _settled()
    forms = {word.form for word in text.words}
    if "?" in message or not forms or text[0].form in rules.asking:
        return False
    if forms & rules.unsettling:
        return False
    context = danger_rules().context
    denials = context.denials(text)
    return any(
        not context.is_denied(denials, parts)
        for pattern in (rules.after_crisis if after_crisis else rules.patterns + rules.misread)
        for parts in pattern.find(text)
    )


def says_it_is_back(message: str) -> bool:
    """Whether the message says that something that was over is back, or was not over; legs aside.

    Raises:
        SafetyError: the file cannot be used.
    """
    text = read_message(message)
    rules = _settled()
    if has(rules.not_back, text):
        return False
    context = danger_rules().context
    denials = context.denials(text)
    return any(
        not context.is_denied(denials, parts) for pattern in rules.back for parts in pattern.find(text)
    )


def says_it_was_misread(message: str) -> bool:
    """Whether the message says that there never was a danger, because Kalm took it wrongly."""
    return has(_settled().misread, read_message(message))
