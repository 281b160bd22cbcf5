"""Whether a visitor says that a danger is over; the words stand in ``data/safety/settled.yml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from kalm.safety.context import ways
from kalm.safety.danger import LONGEST_READ, danger_in, danger_rules
from kalm.safety.files import SafetyError, read_file, texts
from kalm.safety.patterns import Pattern, PatternError, read_pattern, read_text


@dataclass(frozen=True)
class _Settled:
    """The content of the file."""

    patterns: tuple[Pattern, ...]
    asking: frozenset[str]


@cache
def _settled() -> _Settled:
    raw = read_file("settled.yml")
    try:
        patterns = tuple(read_pattern(one, raw.get("woorden") or {}) for one in texts(raw, "patronen"))
    except PatternError as error:
        raise SafetyError(f"settled.yml: {error}") from error
    return _Settled(patterns, frozenset(texts(raw, "vragen")))


def says_it_is_settled(message: str) -> bool:
    """Whether the message says so, asks nothing and gives no danger sign itself.

    Raises:
        SafetyError: the file cannot be used.
    """
    if danger_in(message) is not None:
        return False
    text = read_text(message[:LONGEST_READ])
    if "?" in message or (len(text) and text[0].form in _settled().asking):
        return False
    context = danger_rules().context
    denials = context.denials(text)
    return any(
        not context.is_denied(denials, parts)
        for pattern in _settled().patterns
        for parts in ways(pattern, text)
    )
