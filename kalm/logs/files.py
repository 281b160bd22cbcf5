"""The files of the log: one a day for each process, readable by their owner alone, removed when old.

``var/logs/bot-2026-01-31.log`` instead of one file that is renamed at midnight: two processes of the same
name (a second start, the tests) then cannot take each other's file away, and nothing depends on who is first.
"""

from __future__ import annotations

import os
import re
from datetime import date, datetime, timezone
from pathlib import Path

from kalm.settings import settings

_NAME = re.compile(r"[a-z]+-(\d{4}-\d{2}-\d{2})\.log")


def folder() -> Path:
    """Where the files are."""
    return settings().var / "logs"


def remove_old(now: datetime) -> list[Path]:
    """Remove the files of ``KALM_LOG_DAYS`` days ago and earlier, so that no line gets older than that.

    Args:
        now: with a time zone.

    Returns:
        What was removed. A file that cannot be removed stays, for the next time.
    """
    today = now.astimezone(timezone.utc).date()
    removed = []
    for path in sorted(folder().glob("*.log")):
        day = _day_of(path)
        if day is None or (today - day).days < settings().log_days:
            continue
        try:
            path.unlink()
        except OSError:  # another process was first, or it may not
            continue
        removed.append(path)
    return removed


class DailyFile:
    """Where one process writes. Each line is written at once, so several processes may share a file."""

    def __init__(self, process: str) -> None:
        self._process = process
        self._day: date | None = None
        self._descriptor = -1
        self._torn = False

    def write(self, line: bytes, now: datetime) -> None:
        """Add a line to the file of the day.

        Raises:
            OSError: it cannot be written, or not whole. The next line is tried anew.
        """
        day = now.astimezone(timezone.utc).date()
        if day != self._day or self._is_gone():
            self._open(day)
        if self._torn:  # what was left of a line must not spoil the next one
            line = b"\n" + line
        self._torn = True
        if os.write(self._descriptor, line) < len(line):
            raise OSError("no room for the whole line")
        self._torn = False

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor, self._day = -1, None

    def _is_gone(self) -> bool:
        return self._descriptor < 0 or os.fstat(self._descriptor).st_nlink == 0

    def _open(self, day: date) -> None:
        self.close()
        self._torn = False
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder().stat().st_mode & 0o077:
            folder().chmod(0o700)
        path = folder() / f"{self._process}-{day.isoformat()}.log"
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        self._day = day
        remove_old(datetime(day.year, day.month, day.day, tzinfo=timezone.utc))


def _day_of(path: Path) -> date | None:
    found = _NAME.fullmatch(path.name)
    try:
        return date.fromisoformat(found.group(1)) if found else None
    except ValueError:  # a month of 13
        return None
