from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from benchmarks.side_by_side import machine


def test_the_commit_is_told_with_whether_there_are_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "ROOT", tmp_path)
    assert machine.describe_commit() == ""
    for command in (
        ["init", "-q"],
        ["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "Begin", "--allow-empty"],
    ):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    assert re.fullmatch("[0-9a-f]{7,}", machine.describe_commit())
    (tmp_path / "file").touch()
    subprocess.run(["git", "add", "file"], cwd=tmp_path, check=True)
    assert machine.describe_commit().endswith("-dirty")


def test_the_machine_is_told_in_words() -> None:
    assert re.search(r"\d+ cores, \d+ GB$", machine.describe_machine())
