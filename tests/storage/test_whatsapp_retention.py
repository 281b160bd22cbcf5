"""What WhatsApp leaves behind goes in time, and who wrote is in no file once it is answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from kalm.settings import settings
from storage import claiming, held, housekeeping, sent
from storage.database import Database
from storage.held import HELD_FOR
from storage.inbox import IDS_KEPT_FOR
from storage.retention import DAY, purge
from storage.schema import whatsapp_ids, whatsapp_inbox, whatsapp_sent
from tests.storage.test_inbox import claim, do, received, store

NOW = 1_800_000_000.0
NUMBER = b"31600000001"


def left(database: Database, table: sa.Table) -> int:
    with database.reading() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


@pytest.mark.parametrize("days", [29, 31])
def test_whatever_is_in_the_inbox_goes_with_the_days_of_a_conversation(database: Database, days: int) -> None:
    """Also what waits since WhatsApp was turned off."""
    store(database, received(1, at=NOW), received(2, "b", at=NOW))
    do(database, claiming.set_aside, claim(database, NOW)[0], "failed", None)
    do(database, sent.note_sent, "0" * 32, "wamid.x", None, NOW)
    removed = purge(database, NOW + days * DAY)
    is_old = days > settings().conversation_days
    assert (left(database, whatsapp_inbox), left(database, whatsapp_sent)) == ((0, 0) if is_old else (2, 1))
    assert removed.of_whatsapp >= (3 if is_old else 0)


def test_an_id_is_known_for_thirty_days(database: Database) -> None:
    store(database, received(1))
    purge(database, NOW + IDS_KEPT_FOR - 1)
    assert left(database, whatsapp_ids) == 1
    purge(database, NOW + IDS_KEPT_FOR + 1)
    assert left(database, whatsapp_ids) == 0


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("KALM_VAR", str(tmp_path / "var"))
    monkeypatch.setattr(housekeeping, "OFTEN", 0.02)
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def keep_house_until(database: Database, done: Callable[[], bool]) -> None:
    async def go() -> None:
        house = asyncio.create_task(housekeeping.keep_house(database))
        deadline = time.monotonic() + 10
        while not done():
            assert time.monotonic() < deadline
            await asyncio.sleep(0.05)
        house.cancel()

    asyncio.run(go())


def test_what_nobody_agreed_to_is_forgotten_by_the_running_product(
    database: Database, own_folder: Path
) -> None:
    store(database, received(1))
    do(database, held.hold_back, claim(database)[0], time.time() - HELD_FOR - 1)
    keep_house_until(database, lambda: left(database, whatsapp_inbox) == 0)


def test_who_wrote_is_in_no_file_after_a_long_wait_for_an_answer_either(
    database: Database, own_folder: Path
) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL frees its files in its own time (docs/privacy.md)")
    store(database, received(1))
    (message,) = claim(database)

    def files_with_the_number() -> list[Path]:
        return [path for path in own_folder.iterdir() if path.is_file() and NUMBER in path.read_bytes()]

    rounds: list[int] = []

    def settled_after_some_rounds() -> bool:
        rounds.append(1)
        if len(rounds) == 5:  # the house was kept while it waited
            assert files_with_the_number()
            do(database, claiming.settle, message)
        return len(rounds) > 5 and not files_with_the_number()

    keep_house_until(database, settled_after_some_rounds)
