"""Many threads that write at once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import database
from storage.database import Database

LONG_ENOUGH = 0.3
"""Seconds in which a thread that does not wait for its turn would have reached the database."""


@pytest.fixture
def file(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path}/kalm.db", create=True)


def taken(of: Database) -> int:
    """How many connections are in use."""
    return int(of.engine.pool.checkedout())  # type: ignore[attr-defined]


def test_whoever_waits_to_write_to_sqlite_waits_for_a_turn_and_not_for_the_file(file: Database) -> None:
    """SQLite would let it look again now and then, behind all who come by at the right moment."""
    other = Database(str(file.engine.url))
    wrote = threading.Event()

    def write() -> None:
        with other.writing():
            wrote.set()

    with ThreadPoolExecutor(1) as pool:
        with file.writing():
            done = pool.submit(write)
            time.sleep(LONG_ENOUGH)
            assert taken(file) == 1
            assert taken(other) == 0
        done.result()
    assert wrote.is_set()


def test_whose_turn_does_not_come_is_told(file: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.05)

    def write() -> None:
        with file.writing():
            pass

    with ThreadPoolExecutor(1) as pool:
        with (
            file.writing(),
            pytest.raises(sa.exc.TimeoutError, match=r"have written to .*kalm\.db"),
        ):
            pool.submit(write).result()
        pool.submit(write).result()


def test_a_write_that_fails_gives_up_its_turn(file: Database) -> None:
    with pytest.raises(sa.exc.OperationalError), file.writing() as connection:
        connection.execute(sa.text("INSERT INTO nothing VALUES (1)"))
    with file.writing():
        pass
