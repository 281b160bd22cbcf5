"""A generation: one bot and one action server, for one release."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress

from commands.supervising.child import Child
from commands.supervising.listening import bind_free
from commands.supervising.printer import Printer
from commands.supervising.programs import Programs
from commands.supervising.watching import Watched
from commands.telling import ANSWERED, OPEN, REFUSED
from kalm.going_live import Reason
from kalm.pointer import Release
from kalm.settings import settings

_TIME_TO_FINISH = 50.0
"""Seconds that an old bot gets for what it is answering: more than Sanic (15), WhatsApp (5) and what REST and
the website still keep (10 each, ``channels/in_time.py``) together."""

_TIME_TO_OPEN = 15.0
"""Seconds between the word to open and that it accepts; all is loaded by then."""

OnEnd = Callable[[Child], None]


class RefusedError(Exception):
    """A release does not go live.

    Attributes:
        reason: why.
        details: a sentence in Dutch, where somebody else gave one.
    """

    def __init__(self, reason: Reason, details: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.details = details


class Generation:
    """Its two processes.

    Attributes:
        release: what they loaded.
        actions_port: where its action server listens.
    """

    def __init__(
        self,
        release: Release,
        number: int,
        programs: Programs,
        printer: Printer,
        listening: socket.socket,
        on_end: OnEnd,
    ) -> None:
        """A generation that was not started yet.

        Args:
            release: what they load.
            number: of the generation, from 1.
            programs: what is started.
            printer: where all lines go.
            listening: where the bot accepts.
            on_end: called for a process that has ended.
        """
        self.release = release
        self.actions_port = 0
        self._suffix = f"-{number}" if number > 1 else ""
        self._programs = programs
        self._printer = printer
        self._listening = listening
        self._on_end = on_end
        self._is_over = False
        self._bot: Child | None = None
        self._actions: Child | None = None
        self._words: asyncio.StreamReader | None = None
        self._mouth: asyncio.StreamWriter | None = None

    async def start_first(self) -> None:
        """Start at once, on the ports of the settings; nobody is there to compare with."""
        self.actions_port = settings().actions_port
        self._actions = await self._start_actions()
        self._bot = await self._start_bot()

    async def start_beside(self) -> None:
        """Start beside another generation: the bot will not accept before :meth:`open`.

        Two generations need twice the memory; when that runs out, it is this one that goes.
        """
        with bind_free(settings().actions_host) as actions:
            self.actions_port = actions.getsockname()[1]
            self._actions = await self._start_actions(listen=actions.fileno())
            self._actions.goes_first(True)
        ours, its = socket.socketpair()
        with its:
            self._words, self._mouth = await asyncio.open_connection(sock=ours)
            self._bot = await self._start_bot(tell=its.fileno())
            self._bot.goes_first(True)

    async def answer_canary(self) -> None:
        """Wait until the bot answered its canary questions.

        Raises:
            RefusedError: it did not answer as it should, or a process ended.
        """
        said = await self._hear()
        if said.startswith(REFUSED):
            known = {reason.value: reason for reason in Reason}
            raise RefusedError(known.get(said.removeprefix(REFUSED), Reason.NO_ANSWER))
        if said != ANSWERED:
            raise RefusedError(Reason.ENDED)

    async def open(self) -> None:
        """Let the bot accept, and wait until it does; from then on both answer visitors.

        Raises:
            RefusedError: it does not.
        """
        assert self._mouth is not None
        try:
            self._mouth.write(f"{OPEN}\n".encode())
            await self._mouth.drain()
            said = await asyncio.wait_for(self._hear(), _TIME_TO_OPEN)
        except OSError:
            said = ""
        except asyncio.TimeoutError:
            raise RefusedError(Reason.TOO_SLOW) from None
        if said != OPEN or self.has_ended:
            raise RefusedError(Reason.ENDED)
        for child in (self._bot, self._actions):
            if child is not None:
                child.goes_first(False)

    async def start_again(self, fallen: Child) -> None:
        """Start a process of this generation anew, with the same release and on the same port.

        Args:
            fallen: has ended; the new one takes its place.

        Raises:
            OSError: no process can be started.
        """
        if fallen is self._bot:
            self._bot = started = await self._start_bot()
        else:
            self._actions = started = await self._start_actions()
        if self._is_over:  # it retired this very moment, and may not have seen the new one
            await started.end(0)

    async def retire(self) -> None:
        """Let the bot finish what it is answering, then end both."""
        await self.end(_TIME_TO_FINISH)

    async def end(self, patience: float) -> None:
        """End both; the bot first, for it needs the other.

        Args:
            patience: seconds that each gets.
        """
        self._is_over = True
        for child in (self._bot, self._actions):
            if child is not None:
                await child.end(patience)
        if self._mouth is not None:
            self._mouth.close()
            with suppress(OSError):
                await self._mouth.wait_closed()

    def watched(self) -> Iterator[Watched]:
        """Both, and where each says that it lives."""
        if self._bot is not None:
            host, port = self._listening.getsockname()[:2]
            yield Watched(self._bot, host, port, "/live")
        if self._actions is not None:
            yield Watched(self._actions, settings().actions_host, self.actions_port, "/health")

    @property
    def has_ended(self) -> bool:
        """Whether one of both has ended."""
        return any(child is not None and child.has_ended for child in (self._bot, self._actions))

    def has(self, child: Child) -> bool:
        """Whether a process is one of these."""
        return child in (self._bot, self._actions)

    async def _start_actions(self, listen: int | None = None) -> Child:
        command = self._programs.actions(self.release.index, listen=listen)
        return await self._start("actions", command, *([] if listen is None else [listen]))

    async def _start_bot(self, tell: int | None = None) -> Child:
        listen = self._listening.fileno()
        command = self._programs.bot(self.release.model, listen=listen, tell=tell)
        return await self._start("bot", command, listen, *([] if tell is None else [tell]))

    async def _start(self, name: str, command: list[str], *descriptors: int) -> Child:
        environment = self._programs.environment()
        environment["KALM_ACTIONS_PORT"] = str(self.actions_port)
        return await Child.start(
            f"{name}{self._suffix}", command, self._printer, environment, descriptors, self._on_end
        )

    async def _hear(self) -> str:
        """The next word of the bot.

        Raises:
            RefusedError: the action server ended meanwhile: the bot cannot answer without it.
        """
        assert self._words is not None
        assert self._actions is not None
        word = asyncio.ensure_future(self._words.readline())
        try:
            done, _ = await asyncio.wait({word, self._actions.ended}, return_when=asyncio.FIRST_COMPLETED)
            if word not in done:
                raise RefusedError(Reason.ENDED)
            return word.result().decode("ascii", "replace").strip()
        except OSError:  # the bot is gone
            return ""
        finally:
            word.cancel()
