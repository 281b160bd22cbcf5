"""Whether a message asks for a decision that is a doctor's: ``data/safety/personal.yml``."""

from __future__ import annotations

from functools import cache, lru_cache

from kalm.safety.context import ways
from kalm.safety.danger import shortened
from kalm.safety.files import SafetyError, read_file, texts
from kalm.safety.patterns import Pattern, PatternError, read_pattern, read_text


@cache
def personal_patterns() -> tuple[Pattern, ...]:
    """The patterns of this process, read once.

    Raises:
        SafetyError: the file cannot be used.
    """
    raw = read_file("personal.yml")
    try:
        return tuple(read_pattern(one, raw.get("woorden") or {}) for one in texts(raw, "patronen"))
    except PatternError as error:
        raise SafetyError(f"personal.yml: {error}") from error


@lru_cache(maxsize=64)
def is_personal_decision(message: str) -> bool:
    """Whether the message asks how much, together with what, or whether to stop, for one person."""
    text = read_text(shortened(message))
    return any(True for pattern in personal_patterns() for _ in ways(pattern, text))
