from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from commands.child import run_child
from kalm.settings import ROOT

PARENT = """
import sys
from commands.child import run_child, stop_on_sigterm
stop_on_sigterm()
run_child([sys.executable, "-c", {child!r}])
"""
CHILD = """
import pathlib, sys, time
pathlib.Path({path!r}).write_text("begun")
time.sleep(60)
"""


def test_output_and_exit_code_come_back() -> None:
    done = run_child(
        [sys.executable, "-c", "import sys; print('out'); print('fout', file=sys.stderr); sys.exit(3)"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert (done.returncode, done.stdout, done.stderr) == (3, "out\n", "fout\n")


@pytest.mark.parametrize("depth", [1, 2])
def test_told_to_stop_it_takes_its_children_and_their_children_along(tmp_path: Path, depth: int) -> None:
    begun = tmp_path / "begun"
    script = CHILD.format(path=str(begun))
    for _ in range(depth):
        script = PARENT.format(child=script)
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    deadline = time.monotonic() + 30
    while not begun.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    family = psutil.Process(parent.pid).children(recursive=True)
    assert len(family) == depth

    parent.send_signal(signal.SIGTERM)

    assert parent.wait(20) == 128 + signal.SIGTERM
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []
