from __future__ import annotations

import os
from pathlib import Path

import pytest

from commands.doctor.subjects import files as subject
from tests.commands.doctor.conftest import Examine, all_good, faults


def test_nothing_is_wrong_with_a_new_installation(examined: Examine, database: Path) -> None:
    assert all_good(examined(subject.look))


@pytest.mark.parametrize("name", ["kalm.db", "kalm.db-wal", "pseudonym.key"])
def test_a_file_that_others_may_read(examined: Examine, here: Path, name: str) -> None:
    path = here / "var" / name
    path.touch()
    path.chmod(0o640)
    (found,) = faults(examined(subject.look))
    assert (found.where, found.remedy) == (str(path), f"chmod 600 {path}")
    assert "640" in found.what
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_folder_of_logs_that_others_may_read(examined: Examine, here: Path) -> None:
    logs = here / "var" / "logs"
    logs.mkdir(mode=0o755)
    (found,) = faults(examined(subject.look))
    assert found.remedy == f"chmod 700 {logs}"


def test_the_file_with_settings_in_the_checkout(examined: Examine, here: Path) -> None:
    (here / ".env").touch(mode=0o644)
    (found,) = faults(examined(subject.look, root=here))
    assert found.where == str(here / ".env")


@pytest.mark.parametrize("name", ["var", "models", "articles"])
def test_a_folder_that_others_may_write(examined: Examine, here: Path, name: str) -> None:
    folder = here / name
    folder.mkdir(exist_ok=True)
    folder.chmod(0o770)
    (found,) = faults(examined(subject.look, articles=here / "articles"))
    assert (found.where, found.remedy) == (str(folder), f"chmod go-w {folder}")


def test_a_folder_that_we_may_not_write(
    examined: Examine, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != here / "var")
    (found,) = faults(examined(subject.look))
    assert found.where == str(here / "var")


def test_a_file_with_a_secret_that_everybody_may_read(examined: Examine, here: Path) -> None:
    folder = here / "secrets"
    folder.mkdir(mode=0o755)
    open_, closed = folder / "kalm_smtp", folder / "kalm_rest_token"
    for path, mode in ((open_, 0o644), (closed, 0o640)):
        path.write_text("")
        path.chmod(mode)
    (found,) = faults(examined(subject.look, secrets=folder))
    assert found.where == str(open_)
    assert f"chmod 600 {open_}" in found.remedy
    folder.chmod(0o750)
    assert all_good(examined(subject.look, secrets=folder))
