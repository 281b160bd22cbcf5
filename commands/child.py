"""A command in a process of its own, that does not outlive the one that started it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Any

_TIME_TO_END = 10.0  # seconds, for a child that has a child of its own to end


def run_child(command: Sequence[str], **options: Any) -> subprocess.CompletedProcess[str]:
    """Like :func:`subprocess.run`, but when this process is told to stop, the child is asked to stop too.

    ``subprocess.run`` kills it, and what the child had started itself would go on alone.

    Args:
        command: program and arguments.
        options: of :class:`subprocess.Popen`.
    """
    with subprocess.Popen(command, text=True, **options) as child:
        try:
            output, errors = child.communicate()
        except BaseException:  # a stop arrives as SystemExit or KeyboardInterrupt
            child.terminate()
            try:
                child.wait(_TIME_TO_END)
            except subprocess.TimeoutExpired:
                child.kill()
            raise
    return subprocess.CompletedProcess(child.args, child.returncode, output, errors)


def stop_on_sigterm() -> None:
    """Let SIGTERM end this process the way Ctrl-C does: what is being done is wound up first."""
    signal.signal(signal.SIGTERM, _stop)


def _stop(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)
