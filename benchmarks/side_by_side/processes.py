"""What was started is ended, also when something goes wrong."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks import servers


@contextmanager
def ended_afterwards(started: dict[str, subprocess.Popen[bytes]]) -> Iterator[None]:
    """End all that was started by then, also when something went wrong or it was broken off."""
    try:
        yield
    finally:
        for process in started.values():
            servers.end(process)


def run_to_its_end(command: Sequence[str], log: Path, environment: Mapping[str, str], folder: Path) -> float:
    """Run a program; gives the seconds that it took.

    Raises:
        SystemExit: it ended with an error; the message has the end of its log.
    """
    started = time.perf_counter()
    process = servers.launch(command, log, environment, folder)
    with ended_afterwards({command[0]: process}):
        code = process.wait()
    if code != 0:
        raise SystemExit(f"'{' '.join(command[:6])} ...' ended with {code}:\n{servers.tail(log)}")
    return time.perf_counter() - started
