"""One at a time between processes: two that know nothing of each other but the database."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from kalm.settings import ROOT
from storage.advisory_locks import WAITING, AdvisoryLocks, key_of
from storage.database import Database
from storage.in_order import WaitedTooLongError
from tests.storage.test_faults import allow_connections

pytestmark = pytest.mark.database
LONG = 30.0
SOON = 3.0
"""Seconds within which what is let go of must be had, on a busy machine; nobody else lets go of it."""

HOLDER = """
import asyncio, sys
from storage.advisory_locks import AdvisoryLocks
from storage.database import Database

async def hold():
    async with AdvisoryLocks(Database(sys.argv[1])).held("een", 10):
        print("held", flush=True)
        await asyncio.sleep(60)

asyncio.run(hold())
"""


@pytest.fixture
def sort() -> str:
    """SQLite has no such locks, and needs none."""
    return "postgresql"


@pytest.fixture
def other(address: str) -> Iterator[Database]:
    """The database as another process opens it."""
    opened = Database(address)
    yield opened
    opened.close()


async def take(locks: AdvisoryLocks, name: str, done: list[str], what: str, lasts: float = 0.0) -> None:
    async with locks.held(name, LONG):
        done.append(what)
        await asyncio.sleep(lasts)


def run(coroutine: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(coroutine, 90))


def locks_of(database: Database, granted: bool) -> int:
    """How many locks are held, or are waited for by a connection each."""
    with database.reading() as connection:
        found = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted = :granted"
        return int(connection.scalar(sa.text(found), {"granted": granted}))


async def until_so_many(database: Database, count: int, granted: bool) -> None:
    deadline = time.monotonic() + 20
    while (found := await asyncio.to_thread(locks_of, database, granted)) != count:
        assert time.monotonic() < deadline, f"{found} {'are held' if granted else 'wait'}, not {count}"
        await asyncio.sleep(0.02)


async def until_so_many_wait(database: Database, count: int) -> None:
    await until_so_many(database, count, granted=False)


async def until_so_many_are_held(database: Database, count: int) -> None:
    await until_so_many(database, count, granted=True)


def test_the_next_process_has_it_as_soon_as_the_first_lets_go(database: Database, other: Database) -> None:
    async def all_of_it() -> None:
        one, two = AdvisoryLocks(database), AdvisoryLocks(other)
        done: list[str] = []
        async with one.held("een", LONG):
            next_ = asyncio.create_task(take(two, "een", done, "volgende"))
            await until_so_many_wait(other, 1)
            await take(two, "ander", done, "een ander gesprek")
            assert done == ["een ander gesprek"]
        let_go = time.monotonic()
        await next_
        assert time.monotonic() - let_go < SOON

    run(all_of_it())


def test_processes_have_it_in_the_order_in_which_they_asked(database: Database, other: Database) -> None:
    async def all_of_it() -> None:
        one, *others = (AdvisoryLocks(each) for each in (database, other, database, other))
        done: list[str] = []
        async with one.held("een", LONG):
            tasks = []
            for number, locks in enumerate(others):
                tasks.append(asyncio.create_task(take(locks, "een", done, str(number), 0.05)))
                await until_so_many_wait(other, number + 1)
        await asyncio.gather(*tasks)
        assert done == ["0", "1", "2"]

    run(all_of_it())


def test_a_process_that_is_killed_lets_go(address: str, other: Database) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, address], cwd=ROOT, stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"

        async def all_of_it() -> None:
            done: list[str] = []
            next_ = asyncio.create_task(take(AdvisoryLocks(other), "een", done, "volgende"))
            await until_so_many_wait(other, 1)
            assert done == []
            holder.send_signal(signal.SIGKILL)
            killed = time.monotonic()
            await next_
            assert time.monotonic() - killed < SOON

        run(all_of_it())
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()  # type: ignore[union-attr]


def test_many_that_wait_take_few_connections_and_hold_up_nobody(database: Database, other: Database) -> None:
    names = [f"gesprek {number}" for number in range(4 * WAITING)]

    async def all_of_it() -> None:
        one, two = AdvisoryLocks(database), AdvisoryLocks(other)
        done: list[str] = []
        hold = asyncio.Event()

        async def hold_one(name: str) -> None:
            async with one.held(name, LONG):
                await hold.wait()

        holding = [asyncio.create_task(hold_one(name)) for name in names]
        await until_so_many_are_held(database, len(names))
        tasks = [asyncio.create_task(take(two, name, done, name)) for name in names]
        await until_so_many_wait(other, WAITING)
        begun = time.monotonic()
        await take(two, "vrij", done, "vrij")
        assert time.monotonic() - begun < SOON
        assert other.engine.pool.checkedout() == WAITING + 1
        assert database.engine.pool.checkedout() == 1
        hold.set()
        await asyncio.gather(*holding, *tasks)
        assert sorted(done) == sorted(["vrij", *names])

    run(all_of_it())


def test_who_is_cancelled_while_waiting_leaves_the_queue_and_takes_nothing(
    database: Database, other: Database
) -> None:
    async def all_of_it() -> None:
        one, two = AdvisoryLocks(database), AdvisoryLocks(other)
        done: list[str] = []
        async with one.held("een", LONG):
            leaves = asyncio.create_task(take(two, "een", done, "die vertrok"))
            await until_so_many_wait(other, 1)
            leaves.cancel()
            await until_so_many_wait(other, 0)
        await take(one, "een", done, "de eerste weer")
        await take(two, "een", done, "de tweede")
        assert done == ["de eerste weer", "de tweede"]

    run(all_of_it())


def test_who_is_cancelled_just_when_it_has_it_lets_go(database: Database, other: Database) -> None:
    async def all_of_it() -> None:
        one, two = AdvisoryLocks(database), AdvisoryLocks(other)
        done: list[str] = []
        for delay in (0.0, 0.001, 0.002, 0.005, 0.01):
            leaves = asyncio.create_task(take(one, "een", done, "die vertrok", 5.0))
            await asyncio.sleep(delay)
            leaves.cancel()
            await asyncio.gather(leaves, return_exceptions=True)
            begun = time.monotonic()
            await take(two, "een", done, "de ander")
            assert time.monotonic() - begun < SOON

    run(all_of_it())


def test_who_waits_too_long_gives_up_and_gives_its_place_back(database: Database, other: Database) -> None:
    async def all_of_it() -> None:
        one, two = AdvisoryLocks(database), AdvisoryLocks(other)
        await take(two, "ander", [], "")  # it is connected
        async with one.held("een", LONG):
            for _ in range(WAITING + 1):
                with pytest.raises(WaitedTooLongError, match="another process did not let go"):
                    async with two.held("een", 0.5):
                        pass
        await take(two, "een", [], "")

    run(all_of_it())


def test_connections_that_end_lose_their_locks_and_new_ones_are_made(
    database: Database, other: Database
) -> None:
    async def all_of_it() -> None:
        one, two = AdvisoryLocks(database), AdvisoryLocks(other)
        done: list[str] = []
        async with one.held("een", LONG):
            await asyncio.to_thread(allow_connections, database, False)
            with pytest.raises(sa.exc.OperationalError):
                await take(two, "een", done, "zonder database")
            await asyncio.to_thread(allow_connections, database, True)
            await take(two, "een", done, "de ander")
        await take(one, "een", done, "de eerste")
        assert done == ["de ander", "de eerste"]

    run(all_of_it())


def test_after_an_outage_that_nobody_noticed_the_first_lock_is_had(database: Database) -> None:
    async def all_of_it() -> None:
        locks = AdvisoryLocks(database)
        done: list[str] = []
        await take(locks, "een", done, "ervoor")
        await asyncio.to_thread(allow_connections, database, False)
        await asyncio.to_thread(allow_connections, database, True)
        await take(locks, "een", done, "erna")
        assert done == ["ervoor", "erna"]

    run(all_of_it())


def test_each_conversation_has_a_lock_of_its_own() -> None:
    keys = {key_of(str(number)) for number in range(10_000)}
    assert len(keys) == 10_000
    assert all(-(2**63) <= key < 2**63 for key in keys)


@pytest.mark.parametrize("patience", [0.0, -1.0])
def test_who_has_no_time_to_wait_takes_nothing(database: Database, other: Database, patience: float) -> None:
    async def all_of_it() -> None:
        one, two = AdvisoryLocks(database), AdvisoryLocks(other)
        with pytest.raises(WaitedTooLongError):
            async with one.held("een", patience):
                raise AssertionError
        async with one.held("ander", LONG):  # whatever it had begun is over now
            pass
        done: list[str] = []
        await take(two, "een", done, "volgende")
        assert done == ["volgende"]

    run(all_of_it())


def test_a_connection_that_waited_goes_back_with_the_patience_of_all(
    database: Database, other: Database
) -> None:
    async def all_of_it() -> None:
        one, two = AdvisoryLocks(database), AdvisoryLocks(other)
        async with two.held("eigen", LONG):
            async with one.held("een", LONG):
                waits = asyncio.create_task(take(two, "een", [], "volgende"))
                await until_so_many_wait(other, 1)
            await waits
        async with two.held("eigen", LONG):  # what let go is done by now
            pass

    before = patience_of(other)
    run(all_of_it())
    assert patience_of(other) == before == [("5s", "5s")]


def patience_of(database: Database) -> list[tuple[str, ...]]:
    """The limits of all connections in the pool, each sort once."""
    with contextlib.ExitStack() as opened:
        connections = [opened.enter_context(database.engine.connect()) for _ in range(4)]
        names = ("statement_timeout", "lock_timeout")
        return sorted(
            {
                tuple(str(one.exec_driver_sql(f"SHOW {name}").scalar()) for name in names)
                for one in connections
            }
        )
