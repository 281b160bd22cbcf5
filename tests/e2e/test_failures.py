"""How Kalm starts and stops as a whole. When a part of it fails: ``test_logs.py``; when one falls later:
``test_falling.py``.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from commands.environment import rasa_environment
from kalm.settings import ROOT
from tests.e2e.conftest import PORTS, Servers, free_ports

pytestmark = pytest.mark.e2e


@dataclass
class Started:
    """A ``kalm run`` that was started, with what it printed so far.

    Attributes:
        ports: of the bot, the action server and the web app.
    """

    process: subprocess.Popen[bytes]
    path: Path
    ports: list[int]

    @property
    def log(self) -> str:
        return self.path.read_text(errors="replace")

    def wait_for(self, text: str) -> None:
        deadline = time.monotonic() + 180
        while text not in self.log:
            assert self.process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.2)

    def family(self) -> list[psutil.Process]:
        found: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        return found


@pytest.fixture
def kalm_run(tmp_path: Path) -> Iterator[Started]:
    ports = free_ports(len(PORTS))
    settings = dict(zip(PORTS, map(str, ports), strict=True))
    path = tmp_path / "run.log"
    with path.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "kalm", "run"],
            cwd=ROOT,
            env={**rasa_environment(), **settings, "KALM_VAR": str(tmp_path / "var")},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield Started(process, path, ports)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def test_kalm_run_starts_all_says_when_it_is_ready_and_leaves_nothing_behind(kalm_run: Started) -> None:
    kalm_run.wait_for("Kalm is klaar")
    family = kalm_run.family()
    assert len(family) >= 3
    kalm_run.process.send_signal(signal.SIGINT)
    assert kalm_run.process.wait(timeout=30) == 0
    _, left = psutil.wait_procs(family, timeout=10)
    assert left == []


def test_stopped_while_it_starts_it_does_not_say_that_it_is_ready(kalm_run: Started) -> None:
    kalm_run.wait_for("web started")
    family = kalm_run.family()
    kalm_run.process.send_signal(signal.SIGINT)
    assert kalm_run.process.wait(timeout=30) == 0
    assert "Kalm is klaar" not in kalm_run.log
    assert "is uit zichzelf gestopt" not in kalm_run.log
    _, left = psutil.wait_procs(family, timeout=10)
    assert left == []


def test_a_server_that_falls_while_kalm_starts_is_named_and_takes_the_others_along(kalm_run: Started) -> None:
    kalm_run.wait_for("web started")
    family = kalm_run.family()
    (web,) = [process for process in family if process.cmdline()[-1] == "web"]
    web.kill()
    assert kalm_run.process.wait(timeout=30) not in (0, None)
    assert "De server 'web' is uit zichzelf gestopt" in kalm_run.log
    assert "Kalm is klaar" not in kalm_run.log
    _, left = psutil.wait_procs(family, timeout=10)
    assert left == []


def test_a_port_in_use_is_named_with_the_setting_to_change(servers: Servers) -> None:
    port = servers.bot_url.rpartition(":")[2]
    done = subprocess.run(
        [sys.executable, "-m", "kalm", "run"],
        cwd=ROOT,
        env={**rasa_environment(), "KALM_BOT_PORT": port},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert f"port {port}" in done.stderr
    assert "KALM_BOT_PORT" in done.stderr
    assert "Traceback" not in done.stderr
