"""Whoever is refused again and again hears so later and later, so that nobody else waits for the refusing.

A program that sends its next request as soon as the one before it is refused had 600 a second refused, and
with some hundred connections others waited half a minute (docs/growth.md). A person does not notice a second,
and a program on many connections gets no more refusals together than on few.
"""

from __future__ import annotations

import asyncio

from sanic import Sanic
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from channels.limits import RateLimit
from channels.peer import address_of, is_of_this_machine

AT_ONCE = 60
"""Refusals of one address within a minute that come at once. What is wrong in a program of this machine does
not count: it may try a thousand things."""

SHORTEST, LONGEST = 1.0, 30.0
"""Seconds that the others wait: the longest is less than a proxy or a browser has patience for."""

A_SECOND = 50
"""Refusals of all together that end in a second; some 2 ms of processor each."""


def mark_refused(request: Request, is_urgent: bool) -> None:
    """Say of a request that it is refused, also when the status of its answer does not.

    Args:
        request: that is refused.
        is_urgent: it tells of danger: its answer waits no longer than :data:`SHORTEST`.
    """
    request.ctx.is_refused = True
    request.ctx.is_urgent = is_urgent


def seconds_to_wait(waiting: int, is_urgent: bool) -> float:
    """How long a refusal waits, when so many wait together with it."""
    return SHORTEST if is_urgent else min(LONGEST, max(SHORTEST, waiting / A_SECOND))


class Refusals:
    """What a bot refuses, in all channels together. Of one event loop."""

    def __init__(self) -> None:
        self._addresses = RateLimit(AT_ONCE)
        self._waiting = 0
        self._ending = asyncio.Event()

    def slow_down(self, app: Sanic) -> None:
        """Let a server wait before it tells so, whatever refused.

        Args:
            app: that does not run yet.
        """
        app.register_middleware(self._wait, "response")
        app.register_listener(self._end, "before_server_stop")

    async def _wait(self, request: Request, response: BaseHTTPResponse) -> None:
        is_marked = getattr(request.ctx, "is_refused", False)
        is_wrong = 400 <= response.status < 500 and not is_of_this_machine(request)
        if not is_marked and not is_wrong:
            return
        if not self._addresses.seconds_to_wait(address_of(request)):
            return
        self._waiting += 1
        try:
            seconds = seconds_to_wait(self._waiting, getattr(request.ctx, "is_urgent", False))
            await asyncio.wait_for(self._ending.wait(), seconds)
        except asyncio.TimeoutError:
            pass
        finally:
            self._waiting -= 1

    async def _end(self, app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        """A server that stops need not wait for those who wait."""
        self._ending.set()
