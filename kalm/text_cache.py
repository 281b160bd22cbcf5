"""Caches of what visitors typed: a message is read several times within a second, and then no more.

Each is an ``lru_cache`` or a :class:`TextMemory`; :func:`forget_texts` empties them all. The servers do so
each half minute, and let go of what nobody holds any more. Single words (lemmas, parts of compounds) are
remembered elsewhere, and longer: they lead to nobody.
"""

from __future__ import annotations

import gc
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast
from weakref import WeakSet

OFTEN = 30
"""Seconds after which the servers empty the caches."""

T = TypeVar("T", bound=Callable[..., Any])
Value = TypeVar("Value")

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


class TextMemory(Generic[Value]):
    """What was made of the last texts, for a cache that others may fill. May be used from any thread."""

    def __init__(self, maxsize: int) -> None:
        """Remember so many texts at most."""
        self._most = maxsize
        self._values: OrderedDict[str, Value] = OrderedDict()
        self._lock = threading.Lock()
        _caches.add(self)

    def __len__(self) -> int:
        return len(self._values)

    def get(self, text: str) -> Value | None:
        """What was made of a text, None when that is not remembered."""
        return self._values.get(text)

    def put(self, text: str, value: Value) -> None:
        """Remember it; what was remembered longest goes when there is too much."""
        with self._lock:
            self._values[text] = value
            while len(self._values) > self._most:
                self._values.popitem(last=False)

    def cache_clear(self) -> None:
        """Forget all of it."""
        with self._lock:
            self._values.clear()


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
            # What holds itself, as a request with an error may, is let go of only when Python looks for it.
            gc.collect()

    threading.Thread(target=go_on, name="forget texts", daemon=True).start()
    return stop
