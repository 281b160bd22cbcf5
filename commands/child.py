"""A command in a process of its own, that does not outlive the one that started it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Annotated, Any

import typer

Lock = Annotated[int | None, typer.Option("--lock", hidden=True, help="Slot dat het scherm al heeft.")]
"""Of a command that the screens start, see :mod:`review.background`."""

_TIME_TO_END = 20.0
"""Seconds that a child gets to wind up, and to end a child of its own."""


def run_child(
    command: Sequence[str], time_to_end: float = _TIME_TO_END, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Like :func:`subprocess.run`, but when this process is told to stop, the child is asked to stop too.

    ``subprocess.run`` kills it, and what the child had started itself would go on alone.

    Args:
        command: program and arguments.
        time_to_end: seconds that the child gets to wind up before it is killed; a child's own children
            should get less.
        options: of :class:`subprocess.Popen`.
    """
    with subprocess.Popen(command, text=True, **options) as child:
        try:
            output, errors = child.communicate()
        except BaseException:  # a stop arrives as SystemExit or KeyboardInterrupt
            child.terminate()
            try:
                child.wait(time_to_end)
            except subprocess.TimeoutExpired:
                child.kill()
            raise
    return subprocess.CompletedProcess(child.args, child.returncode, output, errors)


def stop_on_sigterm() -> None:
    """Let SIGTERM end this process the way Ctrl-C does: what is being done is wound up first."""
    signal.signal(signal.SIGTERM, _stop)


def _stop(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)
