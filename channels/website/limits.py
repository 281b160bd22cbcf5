"""How often something of the website may be asked: by an address, and by a session."""

from __future__ import annotations

from kalm.limits import RATE_WINDOW

PER_SESSION = 20
"""Messages of one session within :data:`kalm.limits.RATE_WINDOW`."""

PER_ADDRESS = 60
"""Requests that cost something, of one address within :data:`kalm.limits.RATE_WINDOW`."""

PER_READER = 300
"""Requests for what each page of the shop asks first, of one address within the same time."""


def wait_of_session(times: list[float], now: float) -> float:
    """Seconds until a session may send another message, 0 when it may now.

    Args:
        times: when its messages of the last :data:`kalm.limits.RATE_WINDOW` came, in order, seconds since
            1970. They are in the database, so that all workers count together.
        now: the same.
    """
    past = [at for at in times if at <= now]  # those after now are of before the clock was put back
    return max(0.0, past[-PER_SESSION] + RATE_WINDOW - now) if len(past) >= PER_SESSION else 0.0
