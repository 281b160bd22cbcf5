"""How often something may be asked: by an address within a worker, in memory, and by a session."""

from __future__ import annotations

import math
from collections import deque
from hashlib import sha256

from channels.errors import TooManyRequestsError

WINDOW = 60.0
"""Seconds over which messages are counted."""

PER_SESSION = 20
"""Messages of one session within :data:`WINDOW`."""

PER_ADDRESS = 60
"""Requests that cost something, of one address within :data:`WINDOW`."""

_MOST_ADDRESSES = 10_000
"""Addresses that are remembered; above that those that were silent longest are forgotten."""


class AddressLimit:
    """Counts what addresses ask. An address is known by a hash, for at most a minute."""

    def __init__(self, most: int = PER_ADDRESS) -> None:
        self._most = most
        self._asked: dict[bytes, deque[float]] = {}

    def wait(self, address: str, now: float) -> float:
        """Count a request; gives the seconds to wait before another is taken, 0 when this one is.

        Args:
            address: from which it came.
            now: by a clock that only goes forward, in seconds.
        """
        key = sha256(address.encode()).digest()
        times = self._asked.pop(key, deque())
        while times and times[0] <= now - WINDOW:
            times.popleft()
        waits = times[0] + WINDOW - now if len(times) >= self._most else 0.0
        if not waits:
            times.append(now)
        self._asked[key] = times  # last in order: asked last
        while len(self._asked) > _MOST_ADDRESSES or self._is_silent(now):
            del self._asked[next(iter(self._asked))]
        return waits

    def _is_silent(self, now: float) -> bool:
        """Whether the address that asked least lately has not asked for a whole window."""
        times = next(iter(self._asked.values()))
        return not times or times[-1] <= now - WINDOW


def wait_of_session(times: list[float], now: float) -> float:
    """Seconds until a session may send another message, 0 when it may now.

    Args:
        times: when its messages of the last :data:`WINDOW` came, in order, seconds since 1970.
        now: the same.
    """
    past = [at for at in times if at <= now]  # those after now are of before the clock was put back
    return max(0.0, past[-PER_SESSION] + WINDOW - now) if len(past) >= PER_SESSION else 0.0


def refuse_for(seconds: float) -> None:
    """Refuse when there is something to wait for.

    Raises:
        TooManyRequestsError: there is.
    """
    if seconds > 0:
        raise TooManyRequestsError(math.ceil(seconds))
