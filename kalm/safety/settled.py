"""Whether a visitor says that a danger is over; the words stand in ``data/safety/settled.yml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from kalm.safety.context import ways
from kalm.safety.danger import danger_in, danger_rules, shortened
from kalm.safety.files import SafetyError, read_file, texts
from kalm.safety.patterns import Pattern, PatternError, read_pattern, read_text


@dataclass(frozen=True)
class _Settled:
    """The content of the file."""

    patterns: tuple[Pattern, ...]
    after_crisis: tuple[Pattern, ...]
    help_has_been: tuple[Pattern, ...]
    asking: frozenset[str]
    unsettling: frozenset[str]


@cache
def _settled() -> _Settled:
    raw = read_file("settled.yml")
    try:
        words = raw.get("woorden") or {}
        patterns = tuple(read_pattern(one, words) for one in texts(raw, "patronen"))
        help_has_been = tuple(read_pattern(one, words) for one in texts(raw, "hulp_geweest"))
        after_crisis = tuple(read_pattern(one, words) for one in texts(raw, "na_een_crisis"))
    except PatternError as error:
        raise SafetyError(f"settled.yml: {error}") from error
    return _Settled(
        patterns,
        after_crisis,
        help_has_been,
        frozenset(texts(raw, "vragen")),
        frozenset(texts(raw, "toch_niet")),
    )


def says_help_has_been(message: str) -> bool:
    """Whether the message says that a doctor or another helper has looked."""
    text = read_text(shortened(message))
    return any(True for pattern in _settled().help_has_been for _ in ways(pattern, text))


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
    text = read_text(shortened(message))
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
        for pattern in (rules.after_crisis if after_crisis else rules.patterns)
        for parts in ways(pattern, text)
    )
