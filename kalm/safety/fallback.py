"""Rules that cannot be read must not leave whoever is in danger without an answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

logger = logging.getLogger(__name__)

T = TypeVar("T")


def unless_it_fails(look: Callable[..., T], *arguments: object) -> T | None:
    """What the rules say, or None when they fail; the log then names the kind of error and no text."""
    try:
        return look(*arguments)
    except Exception as error:
        logger.error("the rules of data/safety failed with %s; going on without them", type(error).__name__)
        return None
