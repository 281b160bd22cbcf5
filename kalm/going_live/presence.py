"""Whether a supervisor lives: it holds a lock that goes with it."""

from __future__ import annotations

import fcntl
import time
from pathlib import Path
from typing import IO

from kalm.settings import settings

_LOCK_WITHIN = 1.0
"""Seconds in which a lock is tried: who only looks whether it is held, holds it for an instant too."""


def folder() -> Path:
    """Where the files are; it is made when it is not there yet."""
    path = settings().var / "live"
    path.mkdir(parents=True, exist_ok=True)
    return path


def is_supervised() -> bool:
    """Whether a supervisor lives."""
    with _lock_file() as file:
        return not _is_locked(file, fcntl.LOCK_SH)


def be_the_supervisor() -> IO[str] | None:
    """Hold the lock for as long as the file that is given back is open; None when another holds it."""
    file = _lock_file()
    deadline = time.monotonic() + _LOCK_WITHIN
    while not _is_locked(file, fcntl.LOCK_EX):
        if time.monotonic() > deadline:
            file.close()
            return None
        time.sleep(0.02)
    return file


def _lock_file() -> IO[str]:
    return (folder() / "supervisor.lock").open("w")


def _is_locked(file: IO[str], how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
