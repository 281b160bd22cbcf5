"""Starts what is measured, waits for it, and ends it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from benchmarks import servers

START_WITHIN = 400.0
"""Seconds that a server may take until it answers: stock Rasa needs most of a minute on a quiet machine."""

_LOOK_EACH = 0.05
_SHOWN_OF_LOG = 3000


def launch(
    command: Sequence[str], log: Path, environment: Mapping[str, str], folder: Path
) -> subprocess.Popen[bytes]:
    """Start a program in a process group of its own; :func:`benchmarks.servers.end` ends it.

    Args:
        command: to run.
        log: file that it writes to.
        environment: all of it.
        folder: in which it runs.
    """
    with log.open("wb") as file:
        return subprocess.Popen(
            command, cwd=folder, env=environment, stdout=file, stderr=file, start_new_session=True
        )


@contextmanager
def ended_afterwards(started: dict[str, subprocess.Popen[bytes]]) -> Iterator[None]:
    """End all that was started by then, also when something went wrong or it was broken off."""
    try:
        yield
    finally:
        for process in started.values():
            servers.end(process)


def wait_until_ready(client: httpx.Client, process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Wait until a server answers with 200.

    Raises:
        SystemExit: it ended, or does not answer in time; the message has the end of its log.
    """
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline:
        try:
            if client.get(address).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        if process.poll() is not None:
            raise SystemExit(f"What should answer at {address} ended with {process.returncode}:\n{tail(log)}")
        time.sleep(_LOOK_EACH)
    raise SystemExit(f"Nothing answers at {address} after {START_WITHIN:.0f} s:\n{tail(log)}")


def run_to_its_end(command: Sequence[str], log: Path, environment: Mapping[str, str], folder: Path) -> float:
    """Run a program; gives the seconds that it took.

    Raises:
        SystemExit: it ended with an error; the message has the end of its log.
    """
    started = time.perf_counter()
    process = launch(command, log, environment, folder)
    with ended_afterwards({command[0]: process}):
        code = process.wait()
    if code != 0:
        raise SystemExit(f"'{' '.join(command[:6])} ...' ended with {code}:\n{tail(log)}")
    return time.perf_counter() - started


def tail(log: Path) -> str:
    """The end of a log."""
    return log.read_text(encoding="utf-8", errors="replace")[-_SHOWN_OF_LOG:]
