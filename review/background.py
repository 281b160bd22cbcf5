"""What the screens let a process of its own do in the background, one process at a time.

The process holds a lock from its birth to its death. So there are never two, one that was killed is never
taken for one that goes on, and both can be seen after this server was started anew.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from kalm import locks
from kalm.atomic import replace_file
from kalm.settings import ROOT, settings

KALM = (sys.executable, "-m", "kalm")

_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_POLITE = 10
_END_WITHIN = 5.0
"""Seconds in which a process that was killed must be gone."""

Tell = Callable[[str, float], None]
"""Is told what is being done, and how much of it all is done, from 0 to 1."""


class BusyError(Exception):
    """Another process is at it."""


@dataclass(frozen=True)
class Progress:
    """How far something is.

    Attributes:
        is_running: whether a process is at it now.
        step: what it does; "" before it said so.
        share: how much of it is done, from 0 to 1.
        since: when it said so, in seconds since 1970.
        broke_off: whether the last process ended before it was done.
    """

    is_running: bool
    step: str = ""
    share: float = 0.0
    since: float = 0.0
    broke_off: bool = False


@dataclass(frozen=True)
class Work:
    """Something that one process at a time does.

    Attributes:
        name: of its files.
        survives: whether it goes on when the web app ends.
        one_thread: whether it leaves the other core to visitors.
    """

    name: str
    survives: bool = False
    one_thread: bool = False

    def take(self) -> IO[str] | None:
        """Keep others from it until the file that is given back is closed; None when a process is at it.

        When the last one was killed, what it had started itself is ended.

        Raises:
            OSError: nothing can be written.
        """
        lock = locks.take(self._file("lock"))
        if lock is not None:
            if self.survives and not _exists(self._number()):
                _kill_group(self._number())
            _write(lock, "")
        return lock

    def start(self, *arguments: str) -> bool:
        """Start the process of this command; gives False while one is at it.

        Raises:
            OSError: no process can be started, or nothing can be written.
        """
        lock = self.take()
        if lock is None:
            return False
        with lock:
            self.hand_over(lock, arguments)
        return True

    def hand_over(self, lock: IO[str], arguments: Sequence[str], log: IO[bytes] | None = None) -> None:
        """Start the process of a command, which holds the lock from its first moment on.

        Args:
            lock: from :meth:`take`; it can be closed then.
            arguments: of ``kalm``; the command hands its ``--lock`` to :meth:`do`.
            log: gets what it prints; without one its errors come with those of this process.

        Raises:
            OSError: it cannot be started, or nothing can be written.
        """
        self.tell("")
        threads = _ONE_THREAD if self.one_thread else {}
        process = subprocess.Popen(
            [*KALM, *arguments, "--lock", str(lock.fileno())],
            cwd=ROOT,
            env={**os.environ, **settings().environment(), "PYTHONWARNINGS": "ignore", **threads},
            stdin=subprocess.DEVNULL,
            stdout=log or subprocess.DEVNULL,
            stderr=log,
            start_new_session=self.survives,
            # What it starts itself does not inherit it, so the lock tells of this process alone.
            pass_fds=[lock.fileno()],
        )
        threading.Thread(target=process.wait, daemon=True).start()  # otherwise it stays behind as a zombie
        _write(lock, _named(process.pid))  # it does so itself, but its beginning takes seconds

    @contextmanager
    def do(self, lock: int | None = None) -> Iterator[Tell]:
        """Do it in this process; an exception means that it broke off.

        Args:
            lock: as the process that started this one gave it; None to take it here.

        Returns:
            To be told how far this is, with ``SystemExit`` when it must not go on without the web app.

        Raises:
            BusyError: another process is at it.
        """
        parent = None if lock is None or self.survives else os.getppid()

        def tell(step: str, share: float) -> None:
            if parent is not None and os.getppid() != parent:
                raise SystemExit(1)
            self.tell(step, share)

        file = self.take() if lock is None else os.fdopen(lock, "a+", encoding="ascii")
        if file is None:
            raise BusyError
        with file:
            _write(file, _named(os.getpid()))
            if lock is None:
                self.tell("")
            else:
                os.nice(_POLITE)
            try:
                yield tell
                self._file("progress").unlink(missing_ok=True)
            finally:
                _write(file, "")

    def lives(self) -> bool:
        """Whether a process is at it."""
        return locks.is_held(self._file("lock"))

    def tell(self, step: str, share: float = 0.0) -> None:
        """Say how far it is."""
        said = {"step": step, "share": share, "since": time.time()}
        replace_file(self._file("progress"), json.dumps(said))

    def progress(self) -> Progress:
        """How far it is, or how the last one ended."""
        is_running = self.lives()
        try:
            said = json.loads(self._file("progress").read_text(encoding="utf-8"))
            told = (str(said["step"]), float(said["share"]), float(said["since"]))
        except (OSError, ValueError, KeyError, TypeError):
            return Progress(is_running)
        return Progress(is_running, *told, broke_off=not is_running)

    def end(self) -> None:
        """Kill the process, which survives the web app, and all that it started, also if that is dead."""
        deadline = time.monotonic() + _END_WITHIN
        while self.lives() and time.monotonic() < deadline:
            _kill_group(self._number())
            time.sleep(0.02)
        left_behind = self.take()
        if left_behind is not None:
            left_behind.close()

    def _number(self) -> int:
        """Of the process, 0 for one that ended by itself or before this machine was started."""
        try:
            number, where = self._file("lock").read_text(encoding="ascii").split()
            return int(number) if where == _where() else 0
        except (OSError, ValueError):
            return 0

    def _file(self, kind: str) -> Path:
        folder = settings().var / "review"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{self.name}.{kind}"


def _write(lock: IO[str], said: str) -> None:
    lock.truncate(0)
    lock.write(said)
    lock.flush()


def _named(number: int) -> str:
    return f"{number} {_where()}"


@cache
def _where() -> str:
    """Where a process has its number: after a start of the machine or of a container another one has it."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{Path('/proc/self/ns/pid').readlink()}"
    except OSError:  # no Linux
        return "here"


def _exists(number: int) -> bool:
    try:
        os.getpgid(number)
    except ProcessLookupError:
        return False
    return True


def _kill_group(number: int) -> None:
    """Kill a process and what it started; while any of that lives, no other process gets that number."""
    if number > 1:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(number, signal.SIGKILL)


CONFLICTS = Work("conflicts", one_thread=True)
CLUSTERING = Work("clustering", one_thread=True)
TRAINING = Work("training", survives=True)
