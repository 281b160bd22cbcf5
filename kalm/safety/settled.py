"""Whether a visitor says that a danger is over, back, or never was: ``data/safety/settled.yml``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial

from kalm.safety.context import has
from kalm.safety.danger import danger_in, danger_rules
from kalm.safety.files import faults_of, read_file, texts
from kalm.safety.patterns import Pattern, read_patterns
from kalm.safety.text import Text, read_message


@dataclass(frozen=True)
class _Settled:
    """The content of the file."""

    patterns: tuple[Pattern, ...]
    after_crisis: tuple[Pattern, ...]
    after_crisis_of_another: tuple[Pattern, ...]
    help_has_been: tuple[Pattern, ...]
    misread: tuple[Pattern, ...]
    back: tuple[Pattern, ...]
    not_back: tuple[Pattern, ...]
    asking: tuple[tuple[str, ...], ...]
    unsettling: frozenset[str]
    unsettling_after_crisis: frozenset[str]


@cache
def _settled() -> _Settled:
    raw = read_file("settled.yml")
    patterns = partial(read_patterns, raw, words=raw.get("woorden") or {})
    with faults_of("settled.yml"):
        return _Settled(
            patterns=patterns("patronen"),
            after_crisis=patterns("na_een_crisis"),
            after_crisis_of_another=patterns("na_een_crisis_van_een_ander"),
            help_has_been=patterns("hulp_geweest"),
            misread=patterns("misverstand"),
            back=patterns("terug"),
            not_back=patterns("niet_terug"),
            asking=tuple(tuple(opening.split()) for opening in texts(raw, "vragen")),
            unsettling=frozenset(texts(raw, "toch_niet")),
            unsettling_after_crisis=frozenset(texts(raw, "toch_niet_na_een_crisis")),
        )


def says_it_is_settled(message: str, after_crisis: bool = False, of_another: bool = False) -> bool:
    """Whether the message says so, asks nothing, takes nothing back and gives no danger sign itself.

    Args:
        message: what the visitor typed.
        after_crisis: the danger was a crisis, where only a few plain sentences count.
        of_another: that crisis was somebody else's.

    Raises:
        SafetyError: the file cannot be used.
    """
    if danger_in(message) is not None:
        return False
    text = read_message(message)
    rules = _settled()
    forms = {word.form for word in text.words}
    if _asks(message, text) or forms & rules.unsettling:
        return False
    if not after_crisis:
        return _says(rules.patterns + rules.misread + rules.help_has_been, text)
    plain = rules.after_crisis_of_another if of_another else rules.after_crisis
    return not forms & rules.unsettling_after_crisis and _says(plain + rules.help_has_been, text)


def says_help_has_been(message: str) -> bool:
    """Whether the message says that a doctor has looked, now and not long ago, or found it to be nothing."""
    text = read_message(message)
    context = danger_rules().context
    return not _asks(message, text) and any(
        not (context.is_doubted(text, parts) or context.is_long_ago(text, parts))
        for pattern in _settled().help_has_been
        for parts in pattern.find(text)
    )


def says_it_was_misread(message: str) -> bool:
    """Whether the message says that there never was a danger, because Kalm took it wrongly."""
    return has(_settled().misread, read_message(message))


def says_it_is_back(message: str) -> bool:
    """Whether the message says, and does not ask, that something that was over is back; legs aside.

    Raises:
        SafetyError: the file cannot be used.
    """
    text = read_message(message)
    rules = _settled()
    return not _asks(message, text) and not has(rules.not_back, text) and _says(rules.back, text)


def _asks(message: str, text: Text) -> bool:
    """Whether the message asks something, or says nothing at all."""
    forms = tuple(word.form for word in text.words)
    return "?" in message or not forms or any(forms[: len(one)] == one for one in _settled().asking)


def _says(patterns: Iterable[Pattern], text: Text) -> bool:
    context = danger_rules().context
    denials = context.denials(text)
    return any(not context.is_denied(denials, parts) for pattern in patterns for parts in pattern.find(text))
