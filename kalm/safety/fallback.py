"""Rules that cannot be read must not leave whoever is in danger without an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from kalm import logs

T = TypeVar("T")


def unless_it_fails(look: Callable[..., T], *arguments: object) -> T | None:
    """What the rules say, or None when they fail; the log then names the kind of error and no text."""
    try:
        return look(*arguments)
    except Exception as error:
        logs.failure("the rules of data/safety failed; going on without them", error)
        return None
