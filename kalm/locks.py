"""One process at a time. A lock goes with the process, however that ends."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_TRIED_FOR = 1.0
"""Seconds in which a lock is tried: who only looks whether it is held, holds it for an instant too."""


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other process holds this lock on a folder; it leaves no file.

    Raises:
        OSError: there is no such folder.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def take(path: Path) -> IO[str] | None:
    """Hold a lock for as long as the file that is given back is open; None when another holds it.

    What stands in the file stays.

    Raises:
        OSError: there is no folder for it.
    """
    file = path.open("a+", encoding="ascii")
    deadline = time.monotonic() + _TRIED_FOR
    while not _is_locked(file, fcntl.LOCK_EX):
        if time.monotonic() > deadline:
            file.close()
            return None
        time.sleep(0.02)
    return file


def is_held(path: Path) -> bool:
    """Whether anybody holds a lock, this process included."""
    try:
        with path.open(encoding="ascii") as file:
            return not _is_locked(file, fcntl.LOCK_SH)
    except FileNotFoundError:
        return False


def _is_locked(file: IO[str], how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
