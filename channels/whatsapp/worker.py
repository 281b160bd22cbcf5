"""Answers what was stored: of each sender in order, of several senders at once, and after a crash again.

Any number of processes may do this on one database; a message that one of them leaves unfinished is taken by
another when its claim ends (:mod:`storage.claiming`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from channels.whatsapp.answering import Answering
from channels.whatsapp.conversation import NAME
from channels.whatsapp.deciding import SILENT
from channels.whatsapp.inbound.kinds import Kind
from channels.whatsapp.outbound.delivering import Deliverer
from kalm import logs
from storage import claiming, outbox
from storage.claiming import MOST_CRASHES, Claimed, LostClaimError
from storage.database import Database
from storage.inbox import State
from storage.outbox import UNSURE_FOR

AT_ONCE = 8
"""Senders that one process answers at the same time."""

LOOK_EVERY = 1.0
"""Seconds between two looks for what another process left, or what waited for something."""

FINISH_WITHIN = 5.0
"""Seconds that a process which must stop gives to what it is doing; the rest is taken up after the start."""

_BETWEEN = 0.03
"""Seconds between two beginnings: understanding takes the event loop for some 20 ms, in which nothing is
acknowledged; eight at once made the webhook wait."""

_AFTER_A_FAILURE = 1.0


class Workers:
    """Takes messages and sees to it that each comes to an end."""

    def __init__(self, database: Database, answering: Answering, deliverer: Deliverer) -> None:
        self._database = database
        self._answering = answering
        self._deliverer = deliverer
        self._going_on: set[asyncio.Task[None]] = set()
        self._started_at = 0.0
        self._loop: asyncio.Task[None] | None = None
        self._is_stopping = False
        self._something_new = asyncio.Event()

    def start(self) -> None:
        """Begin, in the running event loop."""
        self._something_new = asyncio.Event()  # of this loop
        self._started_at = time.monotonic()
        self._loop = asyncio.ensure_future(self._work())

    async def stop(self) -> None:
        """Take nothing new, and finish what can be finished soon."""
        self._is_stopping = True  # cancelling the loop could be swallowed by `asyncio.wait_for` (Python 3.10)
        self.wake()
        if self._loop is not None:
            await self._loop
        if self._going_on:
            _, unfinished = await asyncio.wait(self._going_on, timeout=FINISH_WITHIN)
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)
        await self._deliverer.close()

    def wake(self) -> None:
        """Look now: something was stored."""
        self._something_new.set()

    async def _work(self) -> None:
        await self._unless_the_database_fails(asyncio.to_thread(self._try_now))
        while not self._is_stopping:
            self._something_new.clear()
            if not await self._unless_the_database_fails(self._take()):
                await asyncio.sleep(_AFTER_A_FAILURE)
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._something_new.wait(), LOOK_EVERY)

    async def _unless_the_database_fails(self, step: Awaitable[None]) -> bool:
        try:
            await step
        except Exception as error:  # whatever it is, the next look may succeed
            logs.failure("the messages of WhatsApp cannot be read and wait", error)
            return False
        return True

    async def _take(self) -> None:
        free = AT_ONCE - len(self._going_on)
        if free <= 0 or self._deliverer.is_pausing():
            return
        for message in await asyncio.to_thread(self._claim, free):
            task = asyncio.ensure_future(self._finish(message))
            self._going_on.add(task)
            task.add_done_callback(self._done)
            await asyncio.sleep(_BETWEEN)

    def _try_now(self) -> None:
        with self._database.writing() as connection:
            outbox.try_now(connection)

    def _claim(self, most: int) -> list[Claimed]:
        # What Meta told while nothing listened here comes again; before it did, nobody knows what was sent.
        heard = time.monotonic() - self._started_at >= UNSURE_FOR
        with self._database.writing() as connection:
            return claiming.claim(connection, time.time(), most, unsure_too=heard)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._going_on.discard(task)
        self.wake()

    async def _finish(self, message: Claimed) -> None:
        # It was taken so often without an end that it may be what ends the process.
        steps = (self._give_up,) if message.tries > MOST_CRASHES else (self._answer, self._deliver)
        for step in steps:
            if not await self._unless_it_fails(step, message):
                return

    async def _unless_it_fails(self, step: Callable[[Claimed], Awaitable[bool]], message: Claimed) -> bool:
        try:
            return await step(message)
        except LostClaimError:
            logs.note("another worker has the message", channel=NAME)
        except SQLAlchemyError as error:
            # It stays claimed, and is taken again when that ends.
            logs.failure("a message of WhatsApp waits for the database", error, channel=NAME)
        except Exception as error:
            logs.failure("a message of WhatsApp failed", error, channel=NAME, tries=message.tries)
            with suppress(LostClaimError, SQLAlchemyError):
                await asyncio.to_thread(self._deliverer.give_up_or_wait, message)
        return False

    async def _answer(self, message: Claimed) -> bool:
        """Find the reply, when there is none yet; gives whether there is one to send."""
        if message.state is not State.WAITING:
            return True
        if Kind(message.kind) not in SILENT:
            self._deliverer.show_reading(message)
        return await self._answering.answer(message)

    async def _give_up(self, message: Claimed) -> bool:
        await asyncio.to_thread(self._deliverer.give_up_or_wait, message)
        return True

    async def _deliver(self, message: Claimed) -> bool:
        await self._deliverer.deliver(message)
        return True
