"""What counts as a danger, so that nobody judges it away without a thought."""

from __future__ import annotations

from kalm.safety import look_for_danger
from kalm.safety.fallback import unless_it_fails
from kalm.understanding import INTENT_OF_DANGER

DANGERS = frozenset(INTENT_OF_DANGER.values())
"""The intents of somebody in danger."""


def is_danger(intent: str, kind: str) -> bool:
    """Whether Kalm took a message for a danger.

    Args:
        intent: what it was taken for.
        kind: of the reply.
    """
    return intent in DANGERS or kind in INTENT_OF_DANGER


def sees_danger(text: str, intent: str, kind: str) -> bool:
    """Whether Kalm took a message for a danger, or the rules see one in it now.

    Args:
        text: masked.
        intent: what it was taken for.
        kind: of the reply.
    """
    if is_danger(intent, kind):
        return True
    found = unless_it_fails(look_for_danger, text)
    return found is not None and bool(found.signs)
