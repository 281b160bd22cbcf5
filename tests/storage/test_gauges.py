from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from storage import gauges
from storage.database import Database
from storage.gauges import StoreGauges
from storage.inbox import State, insert
from tests.storage.test_inbox import NOW, received

UP = "kalm_store_up"


def told(database: Any) -> dict[str, float]:
    return asyncio.run(ask(StoreGauges(database, lambda: NOW)))


async def ask(asked: StoreGauges) -> dict[str, float]:
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for metric in await asked()
        for sample in metric.samples
    }


def test_an_empty_queue_is_told_as_zero(database: Database) -> None:
    states = [state.value for state in State]
    assert told(database) == {
        UP: 1,
        **{f"kalm_whatsapp_messages {state}": 0 for state in states},
        **{f"kalm_whatsapp_oldest_seconds {state}": 0 for state in states},
    }


def test_each_state_has_its_number_and_its_oldest(database: Database) -> None:
    with database.writing() as connection:
        for number, (state, age) in enumerate(
            [(State.WAITING, 5), (State.WAITING, 90), (State.HELD, 3600), (State.SENDING, 1)]
        ):
            insert(connection, received(number, at=NOW - age), state)
    found = told(database)
    assert {name: value for name, value in found.items() if value} == {
        UP: 1,
        "kalm_whatsapp_messages waiting": 2,
        "kalm_whatsapp_oldest_seconds waiting": 90,
        "kalm_whatsapp_messages held": 1,
        "kalm_whatsapp_oldest_seconds held": 3600,
        "kalm_whatsapp_messages sending": 1,
        "kalm_whatsapp_oldest_seconds sending": 1,
    }


def test_a_clock_that_is_ahead_gives_no_negative_age(database: Database) -> None:
    with database.writing() as connection:
        insert(connection, received(1, at=NOW + 60), State.WAITING)
    assert told(database)["kalm_whatsapp_oldest_seconds waiting"] == 0


def test_a_database_that_is_gone_is_told_and_comes_back(migrated_sqlite: Path, tmp_path: Path) -> None:
    path = tmp_path / "kalm.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    database = Database(f"sqlite:///{path}")
    assert told(database)[UP] == 1
    path.rename(tmp_path / "away.db")
    assert told(database) == {UP: 0}
    (tmp_path / "away.db").rename(path)
    assert told(database)[UP] == 1
    database.close()


def test_a_server_where_nothing_listens_is_told_without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gauges, "PATIENCE", 60.0)
    began = time.monotonic()
    assert told(Database("postgresql://kalm@127.0.0.1:1/kalm")) == {UP: 0}
    assert time.monotonic() - began < 10


class Hanging:
    """Stands in for a database that does not answer until it is told to."""

    def __init__(self) -> None:
        self.asked = 0
        self.answers = threading.Event()

    @contextmanager
    def reading(self) -> Iterator[Any]:
        self.asked += 1
        self.answers.wait(20)
        raise OSError
        yield


def test_a_database_that_hangs_is_given_up_and_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gauges, "PATIENCE", 0.2)
    hanging = Hanging()

    async def scrape_three_times() -> list[dict[str, float]]:
        asked = StoreGauges(hanging)  # type: ignore[arg-type]
        found = [await ask(asked), await ask(asked)]
        hanging.answers.set()
        return [*found, await ask(asked)]

    began = time.monotonic()
    assert asyncio.run(scrape_three_times()) == [{UP: 0}] * 3
    assert time.monotonic() - began < 15, "it did not wait until the database answers"
    assert hanging.asked == 1
