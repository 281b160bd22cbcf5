"""Whether a supervisor lives: it holds a lock that goes with it."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from kalm import locks
from kalm.settings import settings


def folder() -> Path:
    """Where the files are; it is made when it is not there yet."""
    path = settings().var / "live"
    path.mkdir(parents=True, exist_ok=True)
    return path


def is_supervised() -> bool:
    """Whether a supervisor lives."""
    return locks.is_held(_lock())


def be_the_supervisor() -> IO[str] | None:
    """Hold the lock for as long as the file that is given back is open; None when another holds it."""
    return locks.take(_lock())


def _lock() -> Path:
    return folder() / "supervisor.lock"
