"""One process that the supervisor starts: its lines on the screen, its end noticed, nothing left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from commands.supervising.printer import Printer
from kalm.settings import ROOT

_LONGEST_LINE = 64 * 1024
"""Bytes after which a line is broken."""

_LAST_LINES_WITHIN = 2.0
"""Seconds in which the last lines are read: a process of its own may hold on to its output."""


_GOES_FIRST = 500
"""Of 1000: as if it used half of all memory more. https://docs.kernel.org/filesystems/proc.html, 3.1"""


class Child:
    """A process that runs.

    Attributes:
        name: on the screen.
        ended: done when it has ended; its result is the exit code.
        last_line: that it wrote.
    """

    def __init__(self, name: str, process: asyncio.subprocess.Process, printer: Printer) -> None:
        self.name = name
        self.last_line = ""
        self._process = process
        self._printer = printer
        self._started = time.monotonic()
        self._reading = asyncio.ensure_future(self._read())
        self.ended: asyncio.Task[int] = asyncio.ensure_future(self._wait())

    @classmethod
    async def start(
        cls,
        name: str,
        command: Sequence[str],
        printer: Printer,
        environment: Mapping[str, str],
        descriptors: Sequence[int] = (),
        on_end: Callable[[Child], None] = lambda child: None,
        speaks_itself: bool = False,
    ) -> Child:
        """Start a process, in a group of its own: Ctrl-C reaches the supervisor alone.

        Args:
            name: on the screen.
            command: program and arguments.
            printer: where its lines go.
            environment: all of it.
            descriptors: file descriptors that it inherits.
            on_end: called when it has ended, whatever the reason.
            speaks_itself: it writes to the screen without a name, and nothing is said about it.
        """
        out = None if speaks_itself else asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=out,
            stderr=None if speaks_itself else asyncio.subprocess.STDOUT,
            cwd=ROOT,
            env=environment,
            start_new_session=True,
            pass_fds=tuple(descriptors),
        )
        child = cls(name, process, printer)
        if not speaks_itself:
            printer.tell(f"{name} started (pid={process.pid})")
        child.ended.add_done_callback(lambda _: on_end(child))
        return child

    @property
    def has_ended(self) -> bool:
        """Whether it has ended."""
        return self._process.returncode is not None

    @property
    def seconds(self) -> float:
        """How long it runs."""
        return time.monotonic() - self._started

    @property
    def ending(self) -> str:
        """How it ended: its exit code, or the signal that ended it."""
        code = self.ended.result()
        if code >= 0:
            return f"exit code {code}"
        known = {int(number): number.name for number in signal.Signals}
        return known.get(-code, f"signal {-code}")

    def goes_first(self, yes: bool) -> None:
        """Whether the system, when memory runs out, rather ends this process than another."""
        with suppress(OSError):  # where the kernel has no such wish, or it has ended
            path = Path(f"/proc/{self._process.pid}/oom_score_adj")
            path.write_text(str(_GOES_FIRST if yes else 0), encoding="ascii")

    async def end(self, patience: float) -> None:
        """Ask it to stop, and kill it when it takes too long.

        Args:
            patience: seconds that it gets.
        """
        if not self.has_ended:
            self._signal(signal.SIGTERM)
            await asyncio.wait({self.ended}, timeout=patience)
            self.kill()
        await asyncio.wait({self.ended})

    def kill(self) -> None:
        """End it at once; its end is noticed as any other."""
        if not self.has_ended:
            self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    async def _wait(self) -> int:
        code = await self._process.wait()
        # What it started itself would keep its port, or go on answering beside the one that comes after it.
        self._signal(signal.SIGKILL)
        await asyncio.wait({self._reading}, timeout=_LAST_LINES_WITHIN)
        self._reading.cancel()
        if self._process.stdout is not None:
            self._printer.tell(f"{self.name} stopped (rc={code})")
        return code

    async def _read(self) -> None:
        stream = self._process.stdout
        rest = b""
        while stream is not None and (chunk := await stream.read(_LONGEST_LINE)):
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) >= _LONGEST_LINE:
                lines, rest = [*lines, rest], b""
            for line in lines:
                self._show(line)
        if rest:
            self._show(rest)

    def _show(self, line: bytes) -> None:
        for part in line.decode("utf-8", "replace").splitlines() or [""]:
            self.last_line = part
            self._printer.write(self.name, part)
