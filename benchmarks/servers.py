"""Starts Kalm's servers for a benchmark, and ends them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

import httpx

from commands.run import commands_of_servers
from kalm.settings import LOOPBACK, ROOT

_START_WITHIN = 120.0

_LOOK_EACH = 0.05
_SHOWN_OF_LOG = 3000


def end_by_exception() -> None:
    """Let SIGTERM end this process as an exception does: the servers would otherwise live on."""
    signal.signal(signal.SIGTERM, _end)


def _end(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)  # a second one must not break off the ending of the servers
    sys.exit(1)


def start(server: str, log: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a server.

    Args:
        server: "bot", "actions" or "web".
        log: file that it writes to.
        environment: all of it.
    """
    return launch(commands_of_servers()[server], log, environment, ROOT)


def launch(
    command: Sequence[str], log: Path, environment: Mapping[str, str], folder: Path
) -> subprocess.Popen[bytes]:
    """Start a program in a process group of its own; :func:`end` ends it.

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


def end(process: subprocess.Popen[bytes]) -> None:
    """End a server and what it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_for(
    client: httpx.Client,
    process: subprocess.Popen[bytes],
    address: str,
    log: Path,
    within: float = _START_WITHIN,
) -> None:
    """Wait until a server answers with 200.

    Args:
        client: that asks.
        process: the server.
        address: that answers when it is ready.
        log: file that it writes to.
        within: seconds.

    Raises:
        SystemExit: it ended, or does not answer in time; the message has the end of its log.
    """
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            if client.get(address).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        if process.poll() is not None:
            raise SystemExit(f"What should answer at {address} ended with {process.returncode}:\n{tail(log)}")
        time.sleep(_LOOK_EACH)
    raise SystemExit(f"Nothing answers at {address} after {within:.0f} s:\n{tail(log)}")


def tail(log: Path) -> str:
    """The end of a log."""
    return log.read_text(encoding="utf-8", errors="replace")[-_SHOWN_OF_LOG:]


def free_ports(how_many: int) -> list[int]:
    """Ports on which nothing listens."""
    sockets = [socket.socket() for _ in range(how_many)]
    for one in sockets:
        one.bind((LOOPBACK, 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
