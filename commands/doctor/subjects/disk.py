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

_MB = 10**6


def look(looked: Look) -> Iterator[Finding]:
    """Free space where Kalm writes."""
    database, models = _size_of_database(looked), _size_of_release()
    needs = {
        looked.settings.var: (0, "logs and files of Kalm"),
        # A backup is smaller, but SQLite's erasing rewrites what it touches, and a restore writes all anew.
        **({} if database is None else {database[0]: (database[1], "the database and a restore of it")}),
        looked.settings.models: (2 * models, "two more models and indexes"),
    }
    for path, (needed, what_for) in needs.items():
        yield from _room(_existing(path), needed, what_for)
    if looked.database.file is None and not looked.database.trouble:
        with looked.database.reading() as connection:
            size = int(connection.scalar(sa.text("SELECT pg_database_size(current_database())")))
        yield good(f"PostgreSQL keeps {_megabytes(size)}; the free space of its disk is not seen from here")


def _room(folder: Path, needed: int, what_for: str) -> Iterator[Finding]:
    state = os.statvfs(folder)
    free = state.f_bavail * state.f_frsize
    if state.f_files and not state.f_favail:
        yield fault(str(folder), "its disk can take no more files", "remove files on that disk")
    elif free < LEAST:
        what = f"{_megabytes(free)} free; below {_megabytes(LEAST)} messages are soon lost"
        yield fault(str(folder), what, "make room on this disk")
    elif free < LEAST + needed:
        what = f"{_megabytes(free)} free is too little for {what_for} ({_megabytes(needed)})"
        yield warning(str(folder), what, "make room on this disk")
    else:
        yield good(f"{_megabytes(free)} free in {folder}, for {what_for}")


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
