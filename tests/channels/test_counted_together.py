"""Two bots on one PostgreSQL hold one limit, and each by itself while that is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from channels import counted_together
from channels.counted_together import CountedTogether
from channels.limits import RateLimit, limit_of
from kalm.privacy.pseudonyms import Pseudonyms
from storage.database import Database
from storage.request_counts import Asked, count
from storage.schema import request_counts
from tests.storage.conftest import migrated_postgresql, new_postgresql, postgresql_server

__all__ = ["migrated_postgresql", "postgresql_server"]  # fixtures
pytestmark = pytest.mark.database

MOST = 10
PSEUDONYMS = Pseudonyms([b"k" * 32])


@pytest.fixture
def database(postgresql_server: str, migrated_postgresql: str) -> Iterator[Database]:
    opened = Database(new_postgresql(postgresql_server, migrated_postgresql))
    yield opened
    opened.close()


def gone(*_: object) -> None:
    raise OperationalError("", {}, Exception("gone"))


def bot(database: Database, what: str = "the website") -> RateLimit:
    return limit_of(what, MOST, database, PSEUDONYMS)


async def ask(limit: RateLimit, who: str) -> float:
    """A request, and what it was told beside it."""
    seconds = limit.seconds_to_wait(who)
    assert limit._together is not None
    while limit._together._telling is not None:
        await asyncio.sleep(0.001)
    return seconds


def test_what_two_bots_let_pass_is_what_one_would(database: Database) -> None:
    async def play() -> None:
        bots = [bot(database), bot(database)]
        taken = [await ask(bots[turn % 2], "203.0.113.7") == 0 for turn in range(3 * MOST)]
        # The second one hears of the last request of the first when it counts one itself.
        assert MOST <= sum(taken) <= MOST + 1
        assert not any(taken[-MOST:])
        assert await ask(bots[0], "203.0.113.8") == 0
        assert await ask(bot(database, "REST"), "203.0.113.7") == 0, "another limit"

    asyncio.run(play())


def test_whoever_must_wait_hears_for_how_long_and_then_may_ask(database: Database) -> None:
    async def play() -> None:
        one, other = bot(database), bot(database)
        for _ in range(MOST):
            await ask(one, "a")
        await ask(other, "a")
        seconds = await ask(other, "a")
        assert 0 < seconds <= 120
        await asyncio.sleep(0.01)
        assert await ask(other, "a") < seconds
        together = other._together
        assert together is not None
        (name,) = together._refused_until
        together._refused_until[name] = 0.0
        assert await ask(other, "a") == 0

    asyncio.run(play())


def test_whoever_floods_one_bot_is_not_told_to_the_database_each_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []

    def count_it(connection: Connection, asked: Mapping[str, int]) -> dict[str, Asked]:
        told.append(sum(asked.values()))
        return count(connection, asked)

    monkeypatch.setattr(counted_together, "count", count_it)

    async def play() -> None:
        limit = bot(database)
        for _ in range(1000):
            limit.seconds_to_wait("a")
        await ask(limit, "b")

    asyncio.run(play())
    assert sum(told) == MOST + 1
    assert len(told) <= 3, "what comes while the database is busy is told at once"


def test_without_the_database_each_bot_counts_by_itself_and_says_so_once(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries = []

    def fail(*given: object) -> None:
        tries.append(given)
        gone()

    monkeypatch.setattr(counted_together, "count", fail)

    async def play() -> None:
        bots = [bot(database), bot(database)]
        for limit in bots:
            assert [await ask(limit, "a") == 0 for _ in range(MOST + 2)] == [True] * MOST + [False] * 2

    asyncio.run(play())
    assert len(tries) == 2
    assert caplog.text.count("requests could not be counted for all bots together") == 2


def test_it_goes_on_by_itself_when_the_database_is_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counted_together, "PATIENCE", 0.05)
    with monkeypatch.context() as gone:
        gone.setattr(
            Database, "writing", lambda _: (_ for _ in ()).throw(OperationalError("", {}, OSError()))
        )

        async def play() -> None:
            limit = bot(database)
            await ask(limit, "a")
            gone.undo()
            await asyncio.sleep(0.06)
            await ask(limit, "a")

        asyncio.run(play())
    with database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.sum(request_counts.c.requests))) == 1


def test_the_database_is_not_told_who_asks(database: Database) -> None:
    async def play() -> None:
        await ask(bot(database), "+31612345678")

    asyncio.run(play())
    with database.reading() as connection:
        rows = connection.execute(request_counts.select()).all()
    assert len(rows) == 1
    assert "31612345678" not in repr(rows)
    other = Pseudonyms([b"l" * 32])
    name = rows[0].name
    assert name == CountedTogether(database, PSEUDONYMS, "the website", 1)._name("+31612345678")
    assert name != CountedTogether(database, other, "the website", 1)._name("+31612345678")


@pytest.mark.parametrize("who", ["", "\ud83d", "🙂" * 128])
def test_any_name_can_be_counted(database: Database, who: str) -> None:
    async def play() -> None:
        assert await ask(bot(database), who) == 0

    asyncio.run(play())
    with database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(request_counts)) == 1


def test_nothing_is_kept_of_who_was_refused_once_that_is_over(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counted_together, "_KEPT_LONGER", 0.05)
    monkeypatch.setattr(Asked, "wait", lambda asked, most: 0.2)

    async def play() -> None:
        limit = bot(database)
        assert await ask(limit, "a") == 0
        assert 0 < await ask(limit, "a") <= 0.2
        together = limit._together
        assert together is not None
        while together._refused_until:
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(play(), 10))
