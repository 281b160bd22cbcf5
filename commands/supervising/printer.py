"""Lines of all servers on one screen, each with the time and the name of who wrote it."""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import datetime
from itertools import cycle
from typing import TextIO

SYSTEM = "system"

_COLOURS = cycle((36, 33, 32, 35, 34))
"""ANSI codes that are legible on dark and on light."""


class Printer:
    """Writes the lines."""

    def __init__(self, output: TextIO | None = None, width: int = 9) -> None:
        """A printer that colours the names on a terminal.

        Args:
            output: where to; standard output when left out.
            width: characters that each name takes at least.
        """
        self._output = output or sys.stdout
        self._width = width
        self._colours: dict[str, int] = {}
        self._is_terminal = self._output.isatty()

    def write(self, name: str, line: str) -> None:
        """Write a line of a server."""
        prefix = f"{datetime.now():%H:%M:%S} {name:<{self._width}} | "
        if self._is_terminal:
            if name not in self._colours:
                self._colours[name] = next(_COLOURS)
            prefix = f"\033[0m\033[{self._colours[name]}m{prefix}\033[0m"
        with suppress(OSError):  # the terminal is closed; whoever reads the log has the files
            print(prefix + line, file=self._output, flush=True)

    def tell(self, line: str) -> None:
        """Write a line of the supervisor itself."""
        self.write(SYSTEM, line)
