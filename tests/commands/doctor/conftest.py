"""An installation of its own, in which one thing at a time is wrong."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from commands.doctor.finding import Finding, Severity
from commands.doctor.look import Look
from commands.doctor.reading import usable, written
from commands.doctor.running import Subject, examine
from kalm.settings import settings
from storage.migrate import migrate

Examine = Callable[..., list[Finding]]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with nothing in it, and an environment that names it and nothing else of Kalm."""
    for name in [name for name in os.environ if name.upper().startswith("KALM_")]:
        monkeypatch.delenv(name)
    var = tmp_path / "var"
    var.mkdir(mode=0o700)
    monkeypatch.setenv("KALM_VAR", str(var))
    monkeypatch.setenv("KALM_MODELS", str(tmp_path / "models"))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the newest schema."""
    path = tmp_path_factory.mktemp("template") / "kalm.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def database(here: Path, template: Path) -> Path:
    """The same in its place."""
    path = here / "var" / "kalm.db"
    shutil.copy(template, path)
    path.chmod(0o600)
    return path


@pytest.fixture
def examined(monkeypatch: pytest.MonkeyPatch) -> Examine:
    """What a subject finds with these settings."""

    def examined(
        subject: Subject, now: float | None = None, root: Path | None = None, **chosen: object
    ) -> list[Finding]:
        for name, value in chosen.items():
            monkeypatch.setenv(f"KALM_{name.upper()}", str(value))
        environment = written()
        with usable() as (read, refused):
            looked = Look(read, environment, refused)
            looked.now = now or looked.now
            looked.root = root or looked.root
            return examine(looked, {"subject": subject}, patience=30)

    return examined


def faults(findings: list[Finding]) -> list[Finding]:
    """Those of them that end with exit code 1."""
    return [one for one in findings if one.severity is Severity.FAULT]


def warnings(findings: list[Finding]) -> list[Finding]:
    """Those that somebody should know."""
    return [one for one in findings if one.severity is Severity.WARNING]


def told(findings: list[Finding]) -> str:
    """All of it, as one text."""
    return "\n".join(f"{one.severity.value} {one.where}: {one.what} -> {one.remedy}" for one in findings)


def all_good(findings: list[Finding]) -> bool:
    """Whether something was looked at, and nothing is wrong."""
    return bool(findings) and all(one.severity is Severity.GOOD for one in findings)
