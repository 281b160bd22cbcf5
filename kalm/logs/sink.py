"""Where entries go: to standard output and to the file of the day."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import RLock

from kalm.logs.entries import FORMATS, Entry
from kalm.logs.errors import failures_of
from kalm.logs.fields import Value
from kalm.logs.files import DailyFile
from kalm.settings import settings


class Sink:
    """Writes the entries of one process. Nothing that happens here may stop that process.

    Attributes:
        for_visitors: whether a visitor's words may be in this process; what libraries say is then no longer
            written whole.
        count: called with each entry that was written; None for nothing.
    """

    def __init__(self, process: str, output: int) -> None:
        """A sink that writes to a file descriptor, and to the file of the process.

        Args:
            process: name of the process.
            output: where standard output goes.
        """
        self.for_visitors = False
        self.count: Callable[[Entry], None] | None = None
        self._process = process
        self._output = output
        self._file = DailyFile(process)
        self._file_works = True
        self._format = FORMATS[settings().log_format]
        self._lock = RLock()  # a destructor may write while its thread is writing

    def write(self, entry: Entry) -> None:
        """Write an entry to both places."""
        line = self._format(self._process, entry).encode("utf-8", "backslashreplace")
        with self._lock:
            self._to_output(line)
            self._to_file(line, entry)
        if self.count is not None:
            with suppress(Exception):  # a mistake in the counting costs a count, not an answer
                self.count(entry)

    def failed(self, event: str, error: BaseException, fields: Mapping[str, Value] | None = None) -> None:
        """Write that something failed; the error's own words only where no visitor can be in them."""
        whole = "" if self.for_visitors else _with_traceback(error)
        self.write(Entry(event, logging.ERROR, fields or {}, failures_of(error), whole))

    def _to_output(self, line: bytes) -> None:
        try:
            while line:
                line = line[os.write(self._output, line) :]
        except OSError:  # nobody reads it any more, or the disk is full
            pass

    def _to_file(self, line: bytes, entry: Entry) -> None:
        try:
            self._file.write(line, entry.at)
        except OSError as error:
            if self._file_works:  # told once, until it works again
                self._file_works = False
                self._tell(error)
        else:
            self._file_works = True

    def _tell(self, error: OSError) -> None:
        failed = Entry(
            "the log file cannot be written; the log goes on on standard output",
            logging.WARNING,
            failures=failures_of(error),
        )
        self._to_output(self._format(self._process, failed).encode())


def _with_traceback(error: BaseException) -> str:
    return logging.Formatter().formatException((type(error), error, error.__traceback__))
