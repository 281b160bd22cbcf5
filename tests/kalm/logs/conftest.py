from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kalm.settings import settings


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of its own for everything made while running."""
    monkeypatch.setenv("KALM_VAR", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    settings.cache_clear()
