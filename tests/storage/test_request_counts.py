"""How often each has asked, of all bots together: on PostgreSQL alone, for with SQLite there is one bot."""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from hypothesis import assume, given
from hypothesis import strategies as st

from kalm.limits import RATE_WINDOW
from storage.backup import backup
from storage.database import Database
from storage.request_counts import Asked, count, forget
from storage.schema import request_counts
from tests.storage.conftest import new_postgresql


@pytest.fixture
def postgresql_database(postgresql_server: str, migrated_postgresql: str) -> Iterator[Database]:
    database = Database(new_postgresql(postgresql_server, migrated_postgresql))
    yield database
    database.close()


def counted(asked: Asked) -> int:
    """All of it, for a test that may run over the end of a minute."""
    return asked.before + asked.now


@pytest.mark.database
def test_what_all_asked_is_counted_by_name(postgresql_database: Database) -> None:
    with postgresql_database.writing() as connection:
        count(connection, {"a": 2, "b": 1})
    with postgresql_database.writing() as connection:
        found = count(connection, {"a": 3})
    assert {name: counted(asked) for name, asked in found.items()} == {"a": 5}
    assert 0 <= found["a"].elapsed < RATE_WINDOW


@pytest.mark.database
def test_bots_that_count_the_same_ones_at_once_lose_none_and_do_not_wait_for_each_other(
    postgresql_database: Database,
) -> None:
    names = [f"name {number}" for number in range(20)]

    def count_all(turn: int) -> None:
        order = names if turn % 2 else names[::-1]
        with postgresql_database.writing() as connection:
            count(connection, dict.fromkeys(order, 1))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count_all, range(60)))
    with postgresql_database.writing() as connection:
        found = count(connection, dict.fromkeys(names, 1))
    assert [counted(found[name]) for name in names] == [61] * 20


@pytest.mark.database
def test_what_nobody_counts_any_more_is_removed(postgresql_database: Database) -> None:
    with postgresql_database.writing() as connection:
        count(connection, {"a": 1})
        (minute,) = connection.scalars(sa.select(request_counts.c.minute))
        old = [{"minute": minute - back, "name": "a", "requests": 1} for back in (3, 4, 999, -9)]
        connection.execute(request_counts.insert(), old)
        assert forget(connection) == 4, "those of later too, from before the clock was put back"
        assert forget(connection) == 0
        assert list(connection.scalars(sa.select(request_counts.c.minute))) == [minute]


@pytest.mark.database
def test_a_commit_does_not_wait_for_the_disk_and_a_backup_leaves_it_out(
    postgresql_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with postgresql_database.writing() as connection:
        count(connection, {"a": 1})
        kind = "SELECT relpersistence FROM pg_class WHERE relname = 'request_counts'"
        assert connection.scalar(sa.text(kind)) == "u", "unlogged"
    assert backup(postgresql_database, tmp_path_factory.mktemp("backup") / "kalm.backup").rows == 0


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        (Asked(before=0, now=1, elapsed=10.0), 0.0),
        (Asked(before=0, now=59, elapsed=10.0), 0.0),
        (Asked(before=0, now=60, elapsed=10.0), 51.0),  # when one of the sixty is out of the window
        (Asked(before=60, now=30, elapsed=10.0), 21.0),  # 30 + 60 * 29 / 60 = 59
        (Asked(before=60, now=30, elapsed=31.0), 0.0),
        (Asked(before=240, now=1, elapsed=0.5), 45.0),
    ],
)
def test_how_long_to_wait(asked: Asked, seconds: float) -> None:
    assert asked.wait(60) == pytest.approx(seconds)


@given(
    before=st.integers(0, 500),
    now=st.integers(1, 500),
    elapsed=st.floats(0, 59.9),
    most=st.integers(1, 100),
)
def test_whoever_waited_so_long_may_ask_and_not_much_earlier(
    before: int, now: int, elapsed: float, most: int
) -> None:
    seconds = Asked(before, now, elapsed).wait(most)
    assert 0 <= seconds <= 2 * RATE_WINDOW
    assert after(before, now, elapsed, seconds) <= most - 1 + 1e-6
    assume(seconds > 0.1)
    assert after(before, now, elapsed, seconds - 0.1) > most - 1


def after(before: int, now: int, elapsed: float, seconds: float) -> float:
    """What counts as asked within a minute, some seconds later, when nothing more was asked."""
    minutes, elapsed = divmod(elapsed + seconds, RATE_WINDOW)
    if math.isclose(elapsed, RATE_WINDOW):
        minutes, elapsed = minutes + 1, 0.0
    before, now = [(before, now), (now, 0), (0, 0)][min(int(minutes), 2)]
    return before * (1 - elapsed / RATE_WINDOW) + now
