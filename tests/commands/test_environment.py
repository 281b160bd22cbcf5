"""The environment of the processes in which Rasa runs: what the shell says must not come through."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from commands.environment import rasa_environment
from kalm.settings import ROOT


@pytest.mark.parametrize("level", ["DEBUG", "INFO", "ERROR", ""])
def test_the_shell_has_no_say_in_what_rasa_prints_while_it_learns(
    monkeypatch: pytest.MonkeyPatch, level: str
) -> None:
    monkeypatch.setenv("LOG_LEVEL", level)

    assert rasa_environment()["LOG_LEVEL"] == "WARNING"


SERVER = """
import sys
from unittest.mock import patch
from commands import serve
sys.argv = ["serve", "{name}", *{more}]
def told(*_):
    import rasa.telemetry
    print("telemetry", rasa.telemetry.is_telemetry_enabled())
with patch.object(serve.logs, "configure"), patch.object(serve, "serve_{name}", told):
    serve.main()
"""
COMMAND = """
import sys
from unittest.mock import patch
from commands import cli
def told():
    import rasa.telemetry
    print("telemetry", rasa.telemetry.is_telemetry_enabled())
with patch.object(cli, "_app", told):
    cli.app()
"""
PROCESSES = {
    "bot": SERVER.format(name="bot", more=["--model", "x"]),
    "actions": SERVER.format(name="actions", more=[]),
    "web": SERVER.format(name="web", more=[]),
    "a command": COMMAND,
}


@pytest.mark.parametrize("process", PROCESSES)
def test_telemetry_is_off_in_each_process_whatever_the_shell_says(process: str) -> None:
    assert output_of(PROCESSES[process]) == "telemetry False\n"


def test_who_does_not_switch_it_off_has_it_on() -> None:
    """Shows that the test above can fail."""
    asked = "import rasa.telemetry; print('telemetry', rasa.telemetry.is_telemetry_enabled())"
    assert output_of(asked) == "telemetry True\n"


def output_of(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "true"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    ).stdout
