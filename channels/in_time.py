"""A visitor hears something in time. What takes longer goes on: what was asked must be kept all the same.

WhatsApp has only the time in common: what it was asked is kept before, so it breaks the answer off.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from sanic import Sanic

ANSWER_WITHIN = 7.5
"""Seconds after which a visitor hears an apology, in every channel: within eight it must be there."""

FINISH_WITHIN = 10.0
"""Seconds that a process which must stop gives to what nobody waits for any more."""

Answer = TypeVar("Answer")


class InTime:
    """The answers of one channel that are being made."""

    def __init__(self) -> None:
        self._going_on: set[asyncio.Task[Any]] = set()

    async def wait_for(self, answer: Coroutine[Any, Any, Answer]) -> Answer:
        """An answer, when it comes in time; it goes on also when it does not, or when the visitor leaves.

        Raises:
            asyncio.TimeoutError: it did not come within :data:`ANSWER_WITHIN`.
        """
        task = asyncio.ensure_future(answer)
        self._going_on.add(task)
        task.add_done_callback(self._done)
        await asyncio.wait({task}, timeout=ANSWER_WITHIN)
        if task.done():
            return task.result()
        raise asyncio.TimeoutError

    async def finish(self, app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        """For Sanic, after the last connection is closed: let what goes on be kept."""
        if self._going_on:
            await asyncio.wait(self._going_on, timeout=FINISH_WITHIN)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._going_on.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, so that asyncio does not write it with the visitor's words
