from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from kalm import logs
from kalm.privacy.pseudonyms import Pseudonyms, key_file, pseudonyms, read_pseudonyms, rotate
from kalm.settings import settings
from storage import erasure, housekeeping
from storage.conversations import Conversations
from storage.database import Database
from storage.erasure import BY_VISITOR, erase
from storage.housekeeping import drop_unused_keys, keep_house
from storage.retention import DAY
from storage.schema import erasures, messages, request_counts
from tests.storage.test_conversations import known
from tests.storage.test_messages import bot, keep, user

__all__ = ["known"]  # the fixture


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("KALM_VAR", str(tmp_path / "var"))
    monkeypatch.setattr(housekeeping, "OFTEN", 0.01)
    for cached in (settings, pseudonyms):
        cached.cache_clear()
    yield
    for cached in (settings, pseudonyms):
        cached.cache_clear()


def keep_house_until(database: Database, done: Callable[[], bool]) -> None:
    async def go() -> None:
        house = asyncio.create_task(keep_house(database))
        deadline = time.monotonic() + 10
        while not done():
            assert time.monotonic() < deadline
            assert not house.done()
            await asyncio.sleep(0.02)
        house.cancel()

    asyncio.run(go())


def cleaned(database: Database) -> bool:
    with database.reading() as connection:
        times = list(connection.scalars(sa.select(erasures.c.cleaned_at)))
    return bool(times) and all(times)


def test_an_erasure_is_completed(known: Conversations, database: Database) -> None:
    keep(known, database, [user("een geheim"), bot()])
    with database.writing() as connection:
        erase(connection, *known.find_all("rest", "jan"), BY_VISITOR)
    assert not cleaned(database)
    keep_house_until(database, lambda: cleaned(database))


def test_what_is_kept_too_long_is_removed_each_day(known: Conversations, database: Database) -> None:
    keep(known, database, [user("oud", timestamp=time.time() - 100 * DAY), bot()])

    def is_gone() -> bool:
        with database.reading() as connection:
            return not connection.scalar(sa.select(sa.func.count()).select_from(messages))

    keep_house_until(database, is_gone)


def test_a_failure_is_logged_and_tried_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    failures: list[str] = []
    monkeypatch.setattr(logs, "failure", lambda event, error, **fields: failures.append(type(error).__name__))
    clean = erasure.clean

    def fail_twice(given: Database) -> int:
        if len(failures) < 2:
            raise sa.exc.OperationalError("x", {}, Exception("gone"))
        return clean(given)

    monkeypatch.setattr(erasure, "clean", fail_twice)
    with database.writing() as connection:
        erase(connection, "weg", BY_VISITOR)
    keep_house_until(database, lambda: cleaned(database))
    assert failures == ["OperationalError"] * 2


def test_a_chore_that_fails_stops_no_other(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(housekeeping, "purge", fail)
    with database.writing() as connection:
        erase(connection, "weg", BY_VISITOR)
    keep_house_until(database, lambda: cleaned(database))


def test_a_reader_in_the_way_delays_the_cleaning_but_does_not_stop_it(database: Database) -> None:
    with database.writing() as connection:
        erase(connection, "weg", BY_VISITOR)
    with database.reading() as connection:
        connection.execute(sa.select(erasures)).all()
        with database.writing() as other:
            erase(other, "ook weg", BY_VISITOR)
        assert erasure.clean(database) == 0
    assert erasure.clean(database) == 2


def test_a_key_goes_when_no_conversation_needs_it(database: Database) -> None:
    before = read_pseudonyms()
    Conversations(database, before).find_or_start("rest", "jan")
    after = rotate()
    pseudonyms.cache_clear()
    Conversations(database, after).find_or_start("rest", "een ander")
    assert drop_unused_keys(database) == 0
    Conversations(database, after).find_or_start("rest", "jan")
    assert drop_unused_keys(database) == 0, "other servers may not have been restarted yet"
    yesterday = time.time() - DAY - 1
    os.utime(key_file(), (yesterday, yesterday))
    assert drop_unused_keys(database) == 1
    assert read_pseudonyms().names == after.names[:1]


def test_keys_from_the_environment_are_left_to_the_environment(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [bytes(32), bytes(range(32))]
    monkeypatch.setenv("KALM_PSEUDONYM_KEY", ",".join(key.hex() for key in keys))
    settings.cache_clear()
    pseudonyms.cache_clear()
    assert pseudonyms().names == Pseudonyms(keys).names
    assert drop_unused_keys(database) == 0


@pytest.mark.parametrize("sort", [pytest.param("postgresql", marks=pytest.mark.database)])
def test_how_often_somebody_asked_is_forgotten(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(request_counts.insert().values(minute=1, name="a", requests=1))

    def it_is_gone() -> bool:
        with database.reading() as connection:
            return connection.execute(request_counts.select()).first() is None

    keep_house_until(database, it_is_gone)
