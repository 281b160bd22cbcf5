"""A folder of its own for each module, with a database and a key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sanic import Sanic

from kalm.privacy.pseudonyms import pseudonyms
from kalm.settings import settings
from storage.migrate import migrate


@pytest.fixture(scope="session", autouse=True)
def sanic_starts_twice() -> Iterator[None]:
    """Sanic rewrites its own code at a start, which only its test mode lets happen again in a process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sanic, "test_mode", True)
        yield


@pytest.fixture(scope="module")
def own_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """KALM_VAR, with an empty database in it."""
    folder = tmp_path_factory.mktemp("var")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KALM_VAR", str(folder))
        patch.delenv("KALM_DATABASE", raising=False)
        settings.cache_clear()
        pseudonyms.cache_clear()
        migrate(settings().database_url)
        yield folder
    settings.cache_clear()
    pseudonyms.cache_clear()
