"""Room on the disks: for what is kept, and for the next model."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from commands.doctor.finding import Finding, fault, good, warning
from commands.doctor.look import Look
from kalm import pointer

LEAST = 100 * 10**6
"""Bytes below which it is a fault: what SQLite writes beside the database, and the logs, must fit."""

LEAST_FOR_LOGS = 10 * 10**6
"""The same where Kalm keeps nothing but its log: what ``deploy/compose.yml`` gives one file of the engine's.
A warning, for a log that cannot be written stops nothing."""

_MB = 10**6
_REMEDY = "make room on this disk"


def look(looked: Look) -> Iterator[Finding]:
    """Free space where Kalm writes."""
    database, models = _size_of_database(looked), _size_of_release()
    var = looked.settings.var
    if database is None or database[0] != var:
        yield from _room_for_logs(_existing(var))
    # A backup is smaller, but SQLite's erasing rewrites what it touches, and a restore writes all anew.
    if database is not None:
        yield from _room(_existing(database[0]), database[1], "the database and a restore of it")
    yield from _room(_existing(looked.settings.models), 2 * models, "two more models and indexes")
    if looked.database.file is None and not looked.database.trouble:
        with looked.database.reading() as connection:
            size = int(connection.scalar(sa.text("SELECT pg_database_size(current_database())")))
        yield good(f"PostgreSQL keeps {_megabytes(size)}; the free space of its disk is not seen from here")


def _room(folder: Path, needed: int, what_for: str) -> Iterator[Finding]:
    free = _free(folder)
    if isinstance(free, Finding):
        yield free
    elif free < LEAST:
        what = f"{_megabytes(free)} free; below {_megabytes(LEAST)} messages are soon lost"
        yield fault(str(folder), what, _REMEDY)
    elif free < LEAST + needed:
        what = f"{_megabytes(free)} free is too little for {what_for} ({_megabytes(needed)})"
        yield warning(str(folder), what, _REMEDY)
    else:
        yield good(f"{_megabytes(free)} free in {folder}, for {what_for}")


def _room_for_logs(folder: Path) -> Iterator[Finding]:
    free = _free(folder)
    if isinstance(free, Finding):
        yield free
    elif free < LEAST_FOR_LOGS:
        what = (
            f"{_megabytes(free)} free; below {_megabytes(LEAST_FOR_LOGS)} the log is soon not kept any more"
        )
        yield warning(str(folder), what, _REMEDY)
    else:
        yield good(f"{_megabytes(free)} free in {folder}, for logs")


def _free(folder: Path) -> int | Finding:
    """Bytes that may still be written there, or why no file can be made."""
    state = os.statvfs(folder)
    if state.f_files and not state.f_favail:
        return fault(str(folder), "its disk can take no more files", "remove files on that disk")
    return state.f_bavail * state.f_frsize


def _size_of_database(looked: Look) -> tuple[Path, int] | None:
    file = looked.database.file
    if file is None:
        return None
    return file.parent, file.stat().st_size if file.exists() else 0


def _size_of_release() -> int:
    """Bytes of the current model and index, 0 without one."""
    try:
        current = pointer.current()
    except pointer.ReleaseError:
        return 0
    files = [current.model, *current.index.rglob("*")]
    return sum(file.stat().st_size for file in files if file.is_file())


def _existing(path: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    return next(folder for folder in (path, *path.parents) if folder.exists())


def _megabytes(size: int) -> str:
    return f"{size / _MB:,.0f} MB"
