"""Whoever is refused again and again hears so later and later, so that nobody else waits for the refusing.

A program that sends its next request as soon as the one before it is refused had 600 a second refused, and
with some hundred connections others waited half a minute (docs/growth.md). A person does not notice a second.
"""

from __future__ import annotations

import asyncio
import resource

from sanic import Sanic
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from channels.limits import RateLimit
from channels.peer import address_of
from kalm.strangers import is_of_this_machine

AT_ONCE = 60
"""Refusals of one address within a minute that come at once. What is wrong in a program of this machine does
not count: it may try a thousand things."""

SHORTEST, LONGEST = 1.0, 5.0
"""Seconds that the others wait: whoever tells of danger hears within eight whom to call."""

A_SECOND = 50
"""Refusals of all together that end in a second, as long as none of them waits :data:`LONGEST`; some 2 ms of
processor each."""

MOST_WAITING = 1000
"""Refusals that wait at any moment; those above it are told at once, and their connection is closed. Each
holds a connection, so it is no more than half of those that this process may have."""


def mark_refused(request: Request) -> None:
    """Say of a request that it is refused, where the status of its answer does not."""
    request.ctx.is_refused = True


def seconds_to_wait(waiting: int) -> float:
    """How long a refusal waits, when so many wait together with it."""
    return min(LONGEST, max(SHORTEST, waiting / A_SECOND))


class Refusals:
    """What a bot refuses, in all channels together. Of one event loop."""

    def __init__(self) -> None:
        self._addresses = RateLimit(AT_ONCE)
        self._most_waiting = min(MOST_WAITING, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)
        self._waiting = 0
        self._ending = asyncio.Event()

    def slow_down(self, app: Sanic) -> None:
        """Let a server wait before it tells so, whatever refused.

        Args:
            app: that does not run yet.
        """
        app.register_middleware(self._slow_down, "response")
        app.register_listener(self._end, "before_server_stop")

    async def _slow_down(self, request: Request, response: BaseHTTPResponse) -> None:
        if not _is_refused(request, response):
            return
        # When somebody leaves, Sanic makes another answer for the same request.
        request.ctx.is_told = True
        if not self._addresses.seconds_to_wait(address_of(request)):
            return
        if self._waiting < self._most_waiting:
            await self._wait()
        elif request.stream is not None:
            request.stream.keep_alive = False

    async def _wait(self) -> None:
        self._waiting += 1
        try:
            await asyncio.wait_for(self._ending.wait(), seconds_to_wait(self._waiting))
        except asyncio.TimeoutError:
            pass
        finally:
            self._waiting -= 1

    async def _end(self, app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        """A server that stops need not wait for those who wait."""
        self._ending.set()


def _is_refused(request: Request, response: BaseHTTPResponse) -> bool:
    if getattr(request.ctx, "is_told", False):
        return False
    if getattr(request.ctx, "is_refused", False):
        return True
    return 400 <= response.status < 500 and not is_of_this_machine(str(request.ip), request.headers.keys())
