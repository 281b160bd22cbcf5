"""One at a time, in the order in which they came: the queue of each conversation within a process.

Rasa's own lock (``rasa/core/lock_store.py`` of 3.6.21) looks once a second whether it is its turn, so five
messages at once end after 0, 1, 2, 3 and 4 seconds. :class:`asyncio.Lock` is a queue, and wakes the next.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class WaitedTooLongError(Exception):
    """What goes first did not end in time."""


class InOrder:
    """Queues by name; one in which nobody is takes no memory. Of one event loop."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def __len__(self) -> int:
        """How many queues there are in which somebody is."""
        return len(self._locks)

    @asynccontextmanager
    async def turn(self, name: str, patience: float) -> AsyncIterator[None]:
        """Wait for one's turn in a queue, and have it for as long as the context lasts.

        Args:
            name: of the queue.
            patience: seconds to wait at most.

        Raises:
            WaitedTooLongError: it did not come to one's turn.
        """
        lock = self._locks.setdefault(name, asyncio.Lock())
        try:
            await asyncio.wait_for(lock.acquire(), patience)
        except asyncio.TimeoutError:
            raise WaitedTooLongError(f"what goes first did not end within {patience:.0f} s") from None
        try:
            yield
        finally:
            lock.release()
