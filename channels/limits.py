"""How often something may be asked, by whoever asks: the same for every channel, in memory of a worker."""

from __future__ import annotations

import asyncio
import math
import secrets
import time
from array import array
from hashlib import blake2b

from channels.errors import TooManyRequestsError

WINDOW = 60.0
"""Seconds over which requests are counted."""

PER_SENDER = 60
"""Messages over REST of one sender within :data:`WINDOW`."""

_MOST_REMEMBERED = 10_000
"""Who is remembered at most; above that those that were silent longest are forgotten."""


class RateLimit:
    """Counts what each asks. Who asks is known by a keyed hash, for as long as the count needs it.

    Some 7 MB at most, however many ask. Whoever can ask under ever other names is not held by it.
    """

    def __init__(self, most: int) -> None:
        """Allow each so many requests within :data:`WINDOW`."""
        self._most = most
        self._key = secrets.token_bytes(32)
        self._asked: dict[bytes, array[float]] = {}  # in the order of what was last counted of each
        self._forgets: asyncio.TimerHandle | None = None

    def seconds_to_wait(self, who: str) -> float:
        """Count a request that came now, in the event loop; see :meth:`wait`. Forgets by itself in time."""
        seconds = self.wait(who, time.monotonic())
        if self._forgets is None:
            self._forgets = asyncio.get_running_loop().call_later(WINDOW, self._forget_in_time)
        return seconds

    def wait(self, who: str, now: float) -> float:
        """Count a request; gives the seconds to wait before another is taken, 0 when this one is.

        Args:
            who: asks, such as an address or a sender.
            now: by a clock that only goes forward, in seconds.
        """
        self.forget(now)
        # What a proxy passes on of an address need not be UTF-8.
        name = blake2b(who.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()
        times = self._asked.get(name, array("d"))
        while times and times[0] <= now - WINDOW:
            del times[0]
        if len(times) >= self._most:
            return times[0] + WINDOW - now
        times.append(now)
        self._asked.pop(name, None)
        self._asked[name] = times
        if len(self._asked) > _MOST_REMEMBERED:
            del self._asked[next(iter(self._asked))]
        return 0.0

    def forget(self, now: float) -> None:
        """Forget those of whom nothing was counted for a whole window.

        Args:
            now: by the clock of :meth:`wait`.
        """
        while self._asked and self._oldest <= now - WINDOW:
            del self._asked[next(iter(self._asked))]

    @property
    def _oldest(self) -> float:
        """When the one that was silent longest was last counted."""
        return next(iter(self._asked.values()))[-1]

    def _forget_in_time(self) -> None:
        now = time.monotonic()
        self.forget(now)
        self._forgets = None
        if self._asked:
            seconds = max(1.0, self._oldest + WINDOW - now)
            self._forgets = asyncio.get_running_loop().call_later(seconds, self._forget_in_time)


def refuse_for(seconds: float) -> None:
    """Refuse when there is something to wait for.

    Raises:
        TooManyRequestsError: there is.
    """
    if seconds > 0:
        raise TooManyRequestsError(math.ceil(seconds))
