"""The demo stays out of what is kept of real visitors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from commands.demo import starting
from kalm.settings import settings


@pytest.fixture(autouse=True)
def nothing_starts(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """Where it would have started."""
    places: list[Path] = []
    monkeypatch.delenv("KALM_DATABASE", raising=False)
    monkeypatch.setattr(starting, "_share_vectors", lambda: None)
    monkeypatch.setattr(starting, "_do", lambda *arguments: None)
    monkeypatch.setattr(starting, "migrate", lambda address: None)
    monkeypatch.setattr(starting, "run", lambda: places.append(settings().var))
    settings.cache_clear()
    yield places
    settings.cache_clear()


def test_it_has_a_folder_of_its_own_within_that_of_real_visitors(
    nothing_starts: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KALM_VAR", str(tmp_path))
    starting.demo()
    assert nothing_starts == [tmp_path / "demo"]
    assert (tmp_path / "demo").is_dir()
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]
