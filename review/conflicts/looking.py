"""The long look, in a process of its own: starting it, and how far it is.

It holds a lock as long as it lives, so a look that was killed is never taken for one that goes on.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kalm.settings import ROOT, settings
from review.conflicts import results

_LOCK = "conflicts.lock"
_PROGRESS = "conflicts.progress.json"
_TRIES = 5
_ONE_THREAD = {"OMP_NUM_THREADS": "1"}
"""The other core is for visitors."""


@dataclass(frozen=True)
class Progress:
    """How far a look is.

    Attributes:
        is_running: whether one is at work now.
        step: what it does, in Dutch; "" before it said so.
        share: how much of it is done, from 0 to 1.
        failed: whether the last one ended before it was done.
    """

    is_running: bool
    step: str = ""
    share: float = 0
    failed: bool = False


@contextmanager
def alone(inherited: int | None = None) -> Iterator[bool]:
    """Hold the lock of the look for as long as it takes; gives False when another look has it.

    Args:
        inherited: the lock as :func:`start` gave it to this process; None to take it here.
    """
    lock = _take() if inherited is None else inherited
    if lock is None:
        yield False
        return
    try:
        yield True
    finally:
        os.close(lock)


def tell(step: str, share: float) -> None:
    """Let the screen know how far the look of this process is; a share of 1 means that it is done."""
    results.write_whole(results.folder() / _PROGRESS, {"step": step, "share": share})


def progress() -> Progress:
    """How far the look is that runs, or how the last one ended."""
    running = _is_held()
    try:
        said = json.loads((results.folder() / _PROGRESS).read_text(encoding="utf-8"))
        step, share = str(said["step"]), float(said["share"])
    except (OSError, ValueError, KeyError, TypeError):
        return Progress(running)
    return Progress(running, step, share, failed=not running and share < 1)


def start() -> None:
    """Look again in the background; nothing happens while a look is at work.

    Raises:
        OSError: no process can be started, or nothing can be written.
    """
    lock = _take()
    if lock is None:
        return
    try:
        tell("Begint", 0)
        # The lock is the child's from its first moment on, and goes with it.
        child = subprocess.Popen(
            [sys.executable, "-m", "kalm", "conflicts", "--lock", str(lock)],
            cwd=ROOT,
            env={**os.environ, **settings().environment(), "PYTHONWARNINGS": "ignore", **_ONE_THREAD},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[lock],
        )
    finally:
        os.close(lock)
    threading.Thread(target=child.wait, name="conflicts", daemon=True).start()


def _take() -> int | None:
    results.folder().mkdir(parents=True, exist_ok=True)
    lock = os.open(results.folder() / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    for _ in range(_TRIES):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)  # somebody may only be asking whether it is held
        else:
            return lock
    os.close(lock)
    return None


def _is_held() -> bool:
    try:
        lock = os.open(results.folder() / _LOCK, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(lock)
