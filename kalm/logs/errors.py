"""What may be told of an error: its types and the places in the code, never its message.

A message of an error may quote anything: ``KeyError: 'ik heet Truus'``, a JSON schema that quotes the
tracker, an SQL error that quotes its parameters. Types, files, lines and functions are written by
programmers.
"""

from __future__ import annotations

import errno
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath
from traceback import walk_tb
from typing import Any

from kalm.settings import ROOT

INNERMOST = 6
"""So many of the innermost places of an error are told, whoever's code it is; further out our own only."""

MOST_PLACES = 12
"""Places of one error that are told."""

_MOST_ERRORS = 5
_FAULTS_OF_SQLITE = {
    "database is locked": "SQLITE_BUSY",
    "attempt to write a readonly database": "SQLITE_READONLY",
    "disk I/O error": "SQLITE_IOERR",
    "database disk image is malformed": "SQLITE_CORRUPT",
    "database or disk is full": "SQLITE_FULL",
    "unable to open database file": "SQLITE_CANTOPEN",
}
"""Whole messages, which quote nothing; the names: https://www.sqlite.org/rescode.html."""
_LIBRARY = re.compile(r"^.*/(?:site-packages|python3\.\d+)/")


@dataclass(frozen=True)
class Failure:
    """One error.

    Attributes:
        type: its class with the module.
        errno: name of the fault that the operating system or SQLite gave, such as "EADDRINUSE", or empty.
        at: places in the code, innermost first.
    """

    type: str
    errno: str = ""
    at: tuple[str, ...] = ()

    def __str__(self) -> str:
        """In one readable line."""
        name = f"{self.type} {self.errno}".rstrip()
        return f"{name} at {' < '.join(self.at)}" if self.at else name

    def as_data(self) -> dict[str, Any]:
        """As JSON writes it."""
        data: dict[str, Any] = {"type": self.type, "at": list(self.at)}
        return {**data, "errno": self.errno} if self.errno else data


def failures_of(error: BaseException) -> tuple[Failure, ...]:
    """The error, then what it came from."""
    return tuple(_failure(each) for each in islice(_chain(error), _MOST_ERRORS))


def place(filename: str, line: int | None, function: str = "") -> str:
    """``actions/base.py:150 respond``; within the checkout or the library, so that it is short."""
    ours = _is_ours(filename)
    path = str(PurePath(filename).relative_to(ROOT)) if ours else _LIBRARY.sub("", filename)
    return f"{path}:{line} {function}".rstrip()


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _failure(error: BaseException) -> Failure:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return Failure(name, _fault(error), tuple(islice(_places(error), MOST_PLACES)))


def _fault(error: BaseException) -> str:
    if isinstance(error, sqlite3.Error):  # only from Python 3.11 on it has a name by itself
        return _FAULTS_OF_SQLITE.get(str(error), "")
    number = error.errno if isinstance(error, OSError) else None
    return errno.errorcode.get(number, "") if isinstance(number, int) else ""


def _places(error: BaseException) -> Iterator[str]:
    frames = reversed(list(walk_tb(error.__traceback__)))
    for number, (frame, line) in enumerate(frames):
        filename = frame.f_code.co_filename
        if number < INNERMOST or _is_ours(filename):
            yield place(filename, line, frame.f_code.co_name)


def _is_ours(filename: str) -> bool:
    return not _LIBRARY.match(filename) and PurePath(filename).is_relative_to(ROOT)
