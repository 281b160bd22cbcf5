"""The servers of an installation, and which release runs in them."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections import defaultdict
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from dataclasses import replace

from commands.supervising.child import Child
from commands.supervising.generation import Generation
from commands.supervising.pauses import Pauses
from commands.supervising.printer import Printer
from commands.supervising.programs import Programs
from commands.supervising.taking_over import TakingOver
from commands.supervising.watching import Watch, Watched
from kalm import going_live, pointer
from kalm.going_live import Outcome, Reason, Running, Step
from kalm.settings import settings

LOOK_EVERY = 0.5
"""Seconds between two looks for a wish."""

_WRITE_AGAIN = 5.0
"""Seconds until something is written again that could not be, because the disk is full for example."""

_TIME_TO_END = 10.0
"""Seconds that each server gets when Kalm stops; WhatsApp takes five to finish what it is sending."""


class Supervisor:
    """Starts the servers, starts again the one that falls, and lets a new release take over.

    Attributes:
        failed: name of the server that ended by itself before all were ready, or "" for none.
        is_late: the servers did not become ready in time.
    """

    def __init__(self, programs: Programs, printer: Printer, listening: socket.socket) -> None:
        """A supervisor.

        Args:
            programs: what is started.
            printer: where all lines go.
            listening: bound; where the bot is reached.
        """
        self.failed = ""
        self.is_late = False
        self._programs = programs
        self._printer = printer
        self._listening = listening
        self._stop = asyncio.Event()
        self._is_ready = asyncio.Event()
        self._web: Child | None = None
        self._announcer: Child | None = None
        self._current: Generation | None = None
        self._generations: list[Generation] = []
        self._made = 0
        self._pauses: defaultdict[str, Pauses] = defaultdict(Pauses)
        self._starting_again: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Run until Kalm is told to stop, or its servers do not become ready; nothing is left behind."""
        loop = asyncio.get_running_loop()
        # Before anything is started: whoever stops Kalm now must not leave a server behind.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._told_to_stop, number)
        with going_live.be_the_supervisor() or nullcontext() as lock:
            if lock is None:
                self._printer.tell("another Kalm with the same KALM_VAR takes the wishes for a new model")
            wishes = asyncio.ensure_future(self._fulfil_wishes(lock is not None))
            watching = asyncio.ensure_future(Watch(self._watched, self._end_what_hangs).look_on())
            try:
                await self._start(lock is not None)
                await self._stop.wait()
            finally:
                await self._end(wishes, watching)

    async def _start(self, tells: bool) -> None:
        release = pointer.current()
        self._current = self._next_generation(release)
        await self._current.start_first()
        self._web = await self._start_web()
        self._announcer = await Child.start(
            "start",
            self._programs.announce(),
            self._printer,
            self._programs.environment(),
            on_end=self._announced,
            speaks_itself=True,
        )
        if tells:
            try:
                going_live.tell_running(_started(release.names, self._current.actions_port))
                _forget_older_wish()
            except OSError as error:  # visitors are answered all the same
                self._printer.tell(f"what runs could not be written down ({error.strerror})")

    async def _start_web(self) -> Child:
        command, environment = self._programs.web(), self._programs.environment()
        return await Child.start("web", command, self._printer, environment, on_end=self._ended)

    def _told_to_stop(self, number: signal.Signals) -> None:
        if not self._stop.is_set():
            self._printer.tell(f"{number.name} received")
        self._stop.set()

    def _ended(self, child: Child) -> None:
        """A process has ended. Who starts Kalm sees at once that it cannot; later it is started again."""
        if self._stop.is_set() or not self._is_current(child):
            return
        if not self._is_ready.is_set():
            self.failed = child.name
            self._stop.set()
            return
        starting = asyncio.ensure_future(self._start_again(child))
        self._starting_again.add(starting)
        starting.add_done_callback(self._starting_again.discard)

    def _watched(self) -> Iterator[Watched]:
        """The servers that must answer now."""
        if self._web is not None:
            yield Watched(self._web, settings().host, settings().web_port, "/gezond")
        if self._current is not None:
            yield from self._current.watched()

    def _end_what_hangs(self, child: Child) -> None:
        self._printer.tell(f"{child.name} hangs: it answers nothing, and is killed")
        child.kill()

    def _is_current(self, child: Child) -> bool:
        """Whether it is a server of the release that is live: of another, nobody waits for it."""
        return child is self._web or (self._current is not None and self._current.has(child))

    async def _start_again(self, fallen: Child) -> None:
        ending, seconds = fallen.ending, fallen.seconds
        while True:
            pause = self._pauses[fallen.name].after(seconds)
            when = f"in {pause:g} s" if pause else "at once"
            self._printer.tell(f"{fallen.name} fell ({ending}) and is started again {when}")
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._stop.wait(), pause)
            if self._stop.is_set() or not self._is_current(fallen):
                return None
            try:
                return await self._replace(fallen)
            except Exception as error:  # no memory, no process number: a moment later there may be one
                ending, seconds = f"it could not be started: {error!r}", 0.0

    async def _replace(self, fallen: Child) -> None:
        if fallen is self._web:
            self._web = await self._start_web()
        else:
            assert self._current is not None
            await self._current.start_again(fallen)

    def _announced(self, child: Child) -> None:
        if child.ended.result() == 0:
            self._is_ready.set()
        elif not self._stop.is_set():
            self.is_late = True
            self._stop.set()

    def _next_generation(self, release: pointer.Release) -> Generation:
        self._made += 1
        made = Generation(release, self._made, self._programs, self._printer, self._listening, self._ended)
        self._generations.append(made)
        return made

    async def _fulfil_wishes(self, may: bool) -> None:
        await self._is_ready.wait()
        # Of Python 3.10, `asyncio.wait_for` may swallow that this is cancelled.
        while may and not self._stop.is_set():
            try:
                await self._fulfil_wish()
            except Exception as error:  # the disk is full, for example; it may not be the next time
                self._printer.tell(f"the wish for a new model could not be fulfilled ({error!r})")
            await asyncio.sleep(LOOK_EVERY)

    async def _fulfil_wish(self) -> None:
        try:
            wanted = going_live.wish()
        except ValueError:
            self._printer.tell("the wish for a new model cannot be read and is thrown away")
            going_live.tell(Outcome("", Step.REFUSED, Reason.BROKEN.value))
            going_live.take_away()
            return
        if wanted is None:
            return
        assert self._current is not None
        old = self._current
        taking_over = TakingOver(wanted, old, self._programs, self._printer)
        new: Generation | None = None
        try:
            new = await taking_over.try_(self._next_generation)
        finally:
            if new is None:
                going_live.take_away()
        if new is not None:
            self._current = new
            retiring = asyncio.ensure_future(old.retire())
            await self._write_down(taking_over, new)
            try:
                await retiring
            finally:
                going_live.take_away()
        self._generations = [self._current]

    async def _write_down(self, taking_over: TakingOver, new: Generation) -> None:
        """Keep that a release is live; its wish stays until then, for by that a start knows what runs."""
        while True:
            try:
                return taking_over.done(new)
            except OSError as error:
                self._printer.tell(f"what runs could not be written down yet ({error.strerror})")
            await asyncio.sleep(_WRITE_AGAIN)

    async def _end(self, *going_on: asyncio.Future[None]) -> None:
        self._stop.set()
        for one in going_on:
            one.cancel()
        await asyncio.wait({*going_on, *self._starting_again})
        parts = [child.end(_TIME_TO_END) for child in (self._announcer, self._web) if child is not None]
        parts += [generation.end(_TIME_TO_END) for generation in self._generations]
        await asyncio.gather(*parts)


def _forget_older_wish() -> None:
    """A wish from before this start: whoever asked sees that Kalm was stopped meanwhile."""
    left = going_live.wish_or_none()
    if left is not None and not going_live.outcome_of(left.id).step.is_end:
        going_live.tell(Outcome.of(left, Step.REFUSED, Reason.STOPPED.value))
    going_live.take_away()


def _started(names: tuple[str, str], actions_port: int) -> Running:
    """What runs after a start, given what ran before it."""
    before = going_live.running()
    if before is None:
        return Running(*names, actions_port=actions_port)
    if before.names == names:
        return replace(before, actions_port=actions_port)
    # Somebody trained by hand: then there is no candidate whose files could go back. Or Kalm was cut off
    # while one went live, after its files were in their place.
    left = going_live.wish_or_none()
    is_wanted = left is not None and not left.back and (left.model, left.index) == names
    candidate = left.candidate if left is not None and is_wanted else ""
    return Running(*names, candidate, actions_port=actions_port, earlier=before.names)
