"""The units, by systemd's own check where it is installed."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from commands.cli import _app
from tests.deploy.conftest import DEPLOY

UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_has_nothing_to_remark(tmp_path: Path) -> None:
    installed = tmp_path / "kalm"
    python = installed / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch(mode=0o755)
    units = [tmp_path / unit.name for unit in UNITS]
    for source, unit in zip(UNITS, units, strict=True):
        unit.write_text(source.read_text().replace("/srv/kalm", str(installed)))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *units],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout + done.stderr == ""
    assert done.returncode == 0


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_each_service_is_no_root_and_starts_what_exists(unit: Path) -> None:
    lines = unit.read_text().splitlines()
    assert "User=kalm" in lines
    assert {"NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict", "LimitCORE=0"} <= set(
        lines
    )
    (start,) = [line for line in lines if line.startswith("ExecStart=")]
    command = re.search(r"/srv/kalm/\.venv/bin/python -m kalm ([a-z-]+)", start)
    assert command is not None
    assert command[1] in {known.name for known in _app.registered_commands}


def test_kalm_is_started_again_for_as_long_as_it_takes() -> None:
    lines = (DEPLOY / "systemd" / "kalm.service").read_text().splitlines()
    assert {"Restart=on-failure", "RestartSec=5", "StartLimitIntervalSec=0"} <= set(lines)
    assert not [line for line in lines if line.startswith("StartLimitBurst")]


def test_the_timer_has_a_service_of_its_name() -> None:
    timers = [unit for unit in UNITS if unit.suffix == ".timer"]
    assert [unit.with_suffix(".service") in SERVICES for unit in timers] == [True]
    read = configparser.ConfigParser(strict=False)
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read(timers)
    assert read["Install"]["WantedBy"] == "timers.target"


def test_no_secret_stands_in_a_unit() -> None:
    for unit in UNITS:
        assert not re.search(r"KALM_[A-Z_]*(TOKEN|SECRET|KEY|DATABASE|SMTP)=", unit.read_text())
