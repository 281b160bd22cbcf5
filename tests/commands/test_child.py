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


def wait_for_family(parent: subprocess.Popen[bytes], begun: Path) -> list[psutil.Process]:
    deadline = time.monotonic() + 30
    while not begun.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    family: list[psutil.Process] = psutil.Process(parent.pid).children(recursive=True)
    return family


def test_output_and_exit_code_come_back() -> None:
    done = run_child(
        [sys.executable, "-c", "import sys; print('out'); print('fout', file=sys.stderr); sys.exit(3)"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert (done.returncode, done.stdout, done.stderr) == (3, "out\n", "fout\n")


def test_a_child_that_does_not_stop_is_killed(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)" + CHILD.format(path=str(begun))
    script = PARENT.format(child=deaf).replace("])", "], time_to_end=0.5)")
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    family = wait_for_family(parent, begun)

    parent.send_signal(signal.SIGTERM)

    assert parent.wait(20) == 128 + signal.SIGTERM
    assert psutil.wait_procs(family, timeout=10)[1] == []


@pytest.mark.parametrize("depth", [1, 2])
def test_told_to_stop_it_takes_its_children_and_their_children_along(tmp_path: Path, depth: int) -> None:
    begun = tmp_path / "begun"
    script = CHILD.format(path=str(begun))
    for _ in range(depth):
        script = PARENT.format(child=script)
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    family = wait_for_family(parent, begun)
    assert len(family) == depth

    parent.send_signal(signal.SIGTERM)

    assert parent.wait(20) == 128 + signal.SIGTERM
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []
