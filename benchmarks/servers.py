"""Starts Kalm's servers for a benchmark, and ends them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

import httpx

from commands.run import commands_of_servers
from kalm.settings import LOOPBACK, ROOT

_START_WITHIN = 120.0


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
    with log.open("wb") as file:
        return subprocess.Popen(
            commands_of_servers()[server],
            cwd=ROOT,
            env=environment,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )


def end(process: subprocess.Popen[bytes]) -> None:
    """End a server and what it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_for(client: httpx.Client, address: str, log: Path) -> None:
    """Wait until an address answers with 200.

    Raises:
        SystemExit: it does not in time; the message has the end of the log.
    """
    deadline = time.monotonic() + _START_WITHIN
    while time.monotonic() < deadline:
        try:
            if client.get(address).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise SystemExit(f"Nothing answers at {address}:\n{log.read_text(errors='replace')[-3000:]}")


def free_ports(how_many: int) -> list[int]:
    """Ports on which nothing listens."""
    sockets = [socket.socket() for _ in range(how_many)]
    for one in sockets:
        one.bind((LOOPBACK, 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
