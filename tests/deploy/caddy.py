"""Caddy with our file, for tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from kalm.settings import ROOT
from tests.e2e.conftest import free_ports

CADDYFILE = ROOT / "deploy" / "Caddyfile"

needs_caddy = pytest.mark.skipif(
    shutil.which("caddy") is None, reason="Caddy is not installed; 'apt-get install caddy' brings it"
)


@contextmanager
def running_caddy(folder: Path, variables: Mapping[str, str]) -> Iterator[httpx.Client]:
    """Caddy on a port of this machine and without TLS.

    Args:
        folder: for what it writes, its log among it.
        variables: of the file, beyond those of its own ports: where the servers are.
    """
    port, health = free_ports(2)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "SITE": f"http://127.0.0.1:{port}",
        "HEALTH_PORT": str(health),
        **variables,
    }
    command = ["caddy", "run", "--config", CADDYFILE, "--adapter", "caddyfile"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            _wait_for(client, folder / "log")
            assert httpx.get(f"http://127.0.0.1:{health}/gezond").status_code == 200
            yield client
    finally:
        process.terminate()
        process.wait()


def _wait_for(client: httpx.Client, log: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            client.get("/")
            return
        except httpx.ConnectError:
            time.sleep(0.05)
    raise AssertionError(log.read_text())
