"""Whether a message asks for a decision that is a doctor's: ``data/safety/personal.yml``."""

from __future__ import annotations

from functools import cache

from kalm.safety.context import has
from kalm.safety.files import faults_of, read_file
from kalm.safety.patterns import Pattern, read_patterns
from kalm.safety.text import read_message
from kalm.text_cache import text_cache


@cache
def personal_patterns() -> tuple[Pattern, ...]:
    """The patterns of this process, read once.

    Raises:
        SafetyError: the file cannot be used.
    """
    raw = read_file("personal.yml")
    with faults_of("personal.yml"):
        return read_patterns(raw, "patronen", raw.get("woorden") or {})


@text_cache(64)
def is_personal_decision(message: str) -> bool:
    """Whether the message asks how much, together with what, or whether to stop, for one person."""
    return has(personal_patterns(), read_message(message))
