"""What libraries write by ``logging`` and ``structlog``, made into entries.

Of a record of a library an entry keeps the level, the logger's name, the place in the code, what the source
says at that place (:mod:`kalm.logs.source`) and the types and places of an error. The message, its arguments,
``extra`` and the keywords of structlog are not looked at, so what they hold does not matter.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from types import FrameType
from typing import Any

import structlog

from kalm.logs.entries import Entry
from kalm.logs.errors import failures_of, place
from kalm.logs.fields import UNKNOWN, Value
from kalm.logs.sink import Sink
from kalm.logs.source import message_in_source

EVENT = "library"
"""Event of every entry that is not Kalm's own."""

_FULL = logging.Formatter("%(message)s")


class LibraryHandler(logging.Handler):
    """The one handler of a process: gives the sink what may be kept of each record."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(logging.WARNING)
        self._sink = sink
        self._loggers = frozenset(logging.root.manager.loggerDict)

    def emit(self, record: logging.LogRecord) -> None:
        """Write what may be kept of a record."""
        try:
            whole = "" if self._sink.for_visitors else _whole(record)
            self._sink.write(_entry(record, self._name_of(record), whole))
        except Exception as error:  # Handler.handleError would print the record with its arguments
            self._sink.failed("a record could not be written", error)

    def _name_of(self, record: logging.LogRecord) -> str:
        """The logger's name, when it is that of a module or was there before there were visitors."""
        return record.name if record.name in self._loggers or record.name in sys.modules else UNKNOWN


def configure_structlog() -> None:
    """Let structlog hand over to ``logging``, so that one handler sees everything.

    What it made is kept by each logger at its first use: a later configuration no longer reaches it.
    """
    structlog.configure(
        processors=[_to_logging],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.ReturnLoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _entry(record: logging.LogRecord, name: str, whole: str) -> Entry:
    fields: dict[str, Value] = {
        "logger": name,
        "at": place(record.pathname, record.lineno, record.funcName or ""),
    }
    says = message_in_source(record.pathname, record.lineno)
    if says:
        fields["says"] = says
    error = _error_of(record)
    return Entry(EVENT, record.levelno, fields, failures_of(error) if error else (), whole)


def _error_of(record: logging.LogRecord) -> BaseException | None:
    for found in (record.exc_info[1] if record.exc_info else None, record.msg, *_as_tuple(record.args)):
        if isinstance(found, BaseException):
            return found
    return None


def _as_tuple(arguments: object) -> tuple[object, ...]:
    return arguments if isinstance(arguments, tuple) else ()


def _whole(record: logging.LogRecord) -> str:
    try:
        return _FULL.format(record)
    except Exception:  # arguments that do not fit the message
        return f"{record.msg} {record.args}"


def _to_logging(logger: object, method: str, event: MutableMapping[str, Any]) -> Any:
    """Make a record of what structlog was told, as if ``logging`` had been told it at the same place."""
    frame = _frame_of_caller()
    level = logging.ERROR if method == "exception" else logging.getLevelName(method.upper())
    given = dict(event)
    info = given.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    record = logging.LogRecord(
        frame.f_globals.get("__name__", UNKNOWN),
        level if isinstance(level, int) else logging.WARNING,
        frame.f_code.co_filename,
        frame.f_lineno,
        "%s",
        (given,),
        (type(error), error, error.__traceback__) if isinstance(error, BaseException) else None,
        frame.f_code.co_name,
    )
    logging.getLogger(record.name).handle(record)
    raise structlog.DropEvent


def _frame_of_caller() -> FrameType:
    frame = here = sys._getframe()
    while frame.f_back is not None and _is_ours_or_structlogs(frame):
        frame = frame.f_back
    return here if _is_ours_or_structlogs(frame) else frame


def _is_ours_or_structlogs(frame: FrameType) -> bool:
    name = str(frame.f_globals.get("__name__"))
    return name == __name__ or name.partition(".")[0] == "structlog"
