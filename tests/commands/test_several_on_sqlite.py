"""What a server refuses before it loads anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands import serve
from kalm.settings import load_settings
from storage.errors import StorageError


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KALM_VAR", str(tmp_path))
    monkeypatch.setattr(serve, "settings", load_settings)


def test_several_bots_on_sqlite_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANIC_WORKERS", "2")
    with pytest.raises(StorageError, match=r"SANIC_WORKERS is 2.*PostgreSQL"):
        serve.refuse_several_on_sqlite()


@pytest.mark.parametrize("workers", ["", "0", "1"])
def test_one_bot_on_sqlite_is_fine(monkeypatch: pytest.MonkeyPatch, workers: str) -> None:
    monkeypatch.setenv("SANIC_WORKERS", workers)
    serve.refuse_several_on_sqlite()


def test_several_bots_on_postgresql_are_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANIC_WORKERS", "2")
    monkeypatch.setenv("KALM_DATABASE", "postgresql://kalm@localhost/kalm")
    serve.refuse_several_on_sqlite()
