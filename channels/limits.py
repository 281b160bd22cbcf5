"""How often something may be asked, by whoever asks: the same for every channel.

Each bot counts in its memory. With PostgreSQL all bots count together as well, for there may be several.
"""

from __future__ import annotations

import asyncio
import math
import secrets
import time
from array import array
from hashlib import blake2b

from channels.counted_together import CountedTogether
from channels.errors import TooManyRequestsError
from kalm.limits import RATE_WINDOW
from kalm.privacy.pseudonyms import Pseudonyms
from storage.database import Database

PER_SENDER = 60
"""Messages over REST of one sender within :data:`RATE_WINDOW`."""

_MOST_REMEMBERED = 10_000
"""Who is remembered at most; above that those that were silent longest are forgotten."""


class RateLimit:
    """Counts what each asks. Who asks is known by a keyed hash, for as long as the count needs it.

    Some 7 MB at most, however many ask. Whoever can ask under ever other names is not held by it.
    """

    def __init__(self, most: int, together: CountedTogether | None = None) -> None:
        """Allow each so many requests within :data:`RATE_WINDOW`.

        Args:
            most: requests of one.
            together: what all bots count; None where there is one bot.
        """
        self._most = most
        self._together = together
        self._key = secrets.token_bytes(32)
        self._asked: dict[bytes, array[float]] = {}  # in the order of what was last counted of each
        self._forgets: asyncio.TimerHandle | None = None

    def seconds_to_wait(self, who: str) -> float:
        """Count a request that came now, in the event loop; see :meth:`wait`. Forgets by itself in time."""
        now = time.monotonic()
        seconds = self._together.wait(who, now) if self._together else 0.0
        if not seconds:  # who is refused is not counted
            seconds = self.wait(who, now)
            if self._together and not seconds:
                self._together.add(who, now)
        if self._forgets is None:
            self._forgets = asyncio.get_running_loop().call_later(RATE_WINDOW, self._forget_in_time)
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
        while times and times[0] <= now - RATE_WINDOW:
            del times[0]
        if len(times) >= self._most:
            return times[0] + RATE_WINDOW - now
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
        while self._asked and self._oldest <= now - RATE_WINDOW:
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
            seconds = max(1.0, self._oldest + RATE_WINDOW - now)
            self._forgets = asyncio.get_running_loop().call_later(seconds, self._forget_in_time)


def limit_of(what: str, most: int, database: Database, pseudonyms: Pseudonyms) -> RateLimit:
    """The limit of this installation for something.

    Args:
        what: is asked: a name of its own for each limit.
        most: requests of one within :data:`RATE_WINDOW`.
        database: of the conversations; with SQLite there is one bot.
        pseudonyms: of this installation.
    """
    together = None if database.is_sqlite else CountedTogether(database, pseudonyms, what, most)
    return RateLimit(most, together)


def refuse_for(seconds: float) -> None:
    """Refuse when there is something to wait for.

    Raises:
        TooManyRequestsError: there is.
    """
    if seconds > 0:
        raise TooManyRequestsError(math.ceil(seconds))
