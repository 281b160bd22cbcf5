"""The ways out of a process besides the log: standard output and error, and the hooks for uncaught errors.

As soon as visitors may come, file descriptors 1 and 2 lead nowhere. Only the log still has the real standard
output. Whatever prints, in Python or in C or Rust (a panic of Rust quotes the string it broke on), whatever
handler a library may still install, and every traceback that Python prints by itself, ends there. A print in
Python leaves an entry with its place in the code.
"""

from __future__ import annotations

import faulthandler
import io
import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any, TextIO

from kalm.logs.entries import Entry
from kalm.logs.errors import place
from kalm.logs.sink import Sink

_MOST_PLACES = 100
_NOISE = (DeprecationWarning, PendingDeprecationWarning, FutureWarning, ImportWarning, ResourceWarning)
_PASSED_OVER = frozenset({"logging", "traceback", "warnings", "structlog"})


def own_output() -> int:
    """A file descriptor of our own for standard output; also where Python tells of a crash.

    A crash is told by the places in the code alone.
    """
    output = os.dup(1)
    faulthandler.enable(output)
    return output


def watch(sink: Sink) -> None:
    """Write an entry for each error that nobody caught, and for each warning but those about old code."""

    def process(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not isinstance(error, KeyboardInterrupt):
            sink.failed("the process ends by an error", error)

    def thread(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None and not isinstance(arguments.exc_value, SystemExit):
            sink.failed("a thread ends by an error", arguments.exc_value)

    def nowhere(arguments: Any) -> None:
        sink.failed("an error where nobody could catch it", arguments.exc_value or BaseException())

    def warning(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        if not issubclass(category, _NOISE):
            whole = "" if sink.for_visitors else str(message)
            fields = {"category": category.__qualname__, "at": place(filename, lineno)}
            sink.write(Entry("warning", logging.WARNING, fields, whole=whole))

    sys.excepthook, threading.excepthook, sys.unraisablehook = process, thread, nowhere
    warnings.showwarning = warning


def close(sink: Sink) -> None:
    """Lead standard output and error nowhere."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # nobody reads it, or it is closed
            stream.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    printed = _Printed(sink)
    sys.stdout, sys.stderr = _Nowhere(1, printed), _Nowhere(2, printed)


class _Printed:
    """Notes each place in the code that printed, once."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._places: set[str] = set()

    def __call__(self) -> None:
        where = _caller()
        if where in self._places or len(self._places) >= _MOST_PLACES:
            return
        self._places.add(where)
        self._sink.write(Entry("printed, and not shown", logging.WARNING, {"at": where}))


class _Nowhere(io.TextIOWrapper):
    """A stream to a file descriptor that leads nowhere."""

    def __init__(self, descriptor: int, printed: Callable[[], None]) -> None:
        super().__init__(open(descriptor, "wb", closefd=False), "utf-8", "replace")  # noqa: SIM115
        self._printed = printed

    def write(self, text: str) -> int:
        """Note that something was printed, and forget it."""
        self._printed()
        return len(text)


def _caller() -> str:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_back is not None and _is_passed_over(frame):
        frame = frame.f_back
    assert frame is not None
    return place(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)


def _is_passed_over(frame: FrameType) -> bool:
    name = str(frame.f_globals.get("__name__"))
    return name == __name__ or name.partition(".")[0] in _PASSED_OVER
