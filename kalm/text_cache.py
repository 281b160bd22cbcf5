"""Caches of what visitors typed: a message is read several times within a second, and then no more.

Each is an ``lru_cache`` that :func:`forget_texts` empties; the servers do so each half minute. Single words
(lemmas, parts of compounds) are remembered elsewhere, and longer: they lead to nobody.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar, cast
from weakref import WeakSet

OFTEN = 30
"""Seconds after which the servers empty the caches."""

T = TypeVar("T", bound=Callable[..., Any])

_caches: WeakSet[Any] = WeakSet()


def text_cache(maxsize: int) -> Callable[[T], T]:
    """Remember the results of a function of texts, for a while.

    Args:
        maxsize: how many texts at most.
    """

    def remember(function: T) -> T:
        cached = lru_cache(maxsize=maxsize)(function)
        _caches.add(cached)
        return cast(T, cached)

    return remember


def forget_texts() -> None:
    """Empty all these caches."""
    for cached in list(_caches):
        cached.cache_clear()


def forget_texts_often() -> threading.Event:
    """Empty them again and again, in a thread that ends with the process; setting the event ends it too."""
    stop = threading.Event()

    def go_on() -> None:
        while not stop.wait(OFTEN):
            forget_texts()

    threading.Thread(target=go_on, name="forget texts", daemon=True).start()
    return stop
