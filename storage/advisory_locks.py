"""One at a time between the processes of one PostgreSQL: advisory locks that last as long as a connection.

https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS. A process that is killed, or a
machine that vanishes, loses its connections and with them its locks; there is nothing to expire or to clean.
All that a process takes at once is held by one connection. Only where another process has the lock, another
connection waits, in PostgreSQL's own queue, and then holds it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from typing import TypeVar

import sqlalchemy as sa
from psycopg2.errors import LockNotAvailable, QueryCanceled
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from storage.database import PATIENCE, Database
from storage.in_order import WaitedTooLongError

WAITING = 8
"""Connections of a process that wait for others or hold what they waited for; others wait in memory."""

_VANISHED = (("idle", PATIENCE), ("interval", 1), ("count", PATIENCE))
"""Seconds after which the server notices that the machine of a connection is gone: else after two hours."""

Result = TypeVar("Result")
_Taking = Future[Connection | None]


class AdvisoryLocks:
    """The locks that this process takes. They are of one event loop."""

    def __init__(self, database: Database) -> None:
        """Take the database, which must be PostgreSQL; nothing is opened yet."""
        # A transaction that stays open would keep PostgreSQL from tidying up.
        self._engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._holder: Connection | None = None
        self._one_by_one = ThreadPoolExecutor(1, thread_name_prefix="locks")
        self._waiters = ThreadPoolExecutor(WAITING, thread_name_prefix="locks-waiting")
        self._cancelling = ThreadPoolExecutor(1, thread_name_prefix="locks-cancelling")
        self._places = asyncio.Semaphore(WAITING)

    @asynccontextmanager
    async def held(self, name: str, patience: float) -> AsyncIterator[None]:
        """Hold a lock that no other process holds, for as long as the context lasts.

        Within a process it must be asked for once at a time (:mod:`storage.in_order`): a connection that has
        a lock gets it again.

        Args:
            name: of what is locked.
            patience: seconds to wait at most.

        Raises:
            WaitedTooLongError: another process did not let go.
            sqlalchemy.exc.SQLAlchemyError: the database is gone.
        """
        if patience <= 0:  # a wait that ends before it began could not see that it got the lock
            raise WaitedTooLongError("what goes first did not end in time")
        key, until = key_of(name), time.monotonic() + patience
        trying = self._outcome(self._one_by_one.submit(self._try, key), key)
        connection = await _within(patience, trying, "the database does not answer")
        if connection is not None:
            try:
                yield
            finally:
                self._one_by_one.submit(self._let_go, connection, key)
            return
        place = self._places.acquire()
        await _within(until - time.monotonic(), place, f"{WAITING} messages wait for other processes")
        try:
            async with self._waited_for(key, until):
                yield
        finally:
            self._places.release()

    @asynccontextmanager
    async def _waited_for(self, key: int, until: float) -> AsyncIterator[None]:
        waiting = _Waiting(self._engine, key, until)
        connection = await self._outcome(self._waiters.submit(waiting.take), key, waiting)
        assert connection is not None
        try:
            yield
        finally:
            self._one_by_one.submit(self._let_go, connection, key)

    async def _outcome(self, taking: _Taking, key: int, waiting: _Waiting | None = None) -> Connection | None:
        """The connection that has the lock; who does not wait for it any more, does not have it."""
        try:
            return await asyncio.wrap_future(taking)
        except asyncio.CancelledError:
            if waiting is not None:
                self._cancelling.submit(waiting.give_up)  # it talks to a server that may hang
            taking.add_done_callback(lambda taken: self._let_go_of(taken, key))
            raise

    def _let_go_of(self, taken: _Taking, key: int) -> None:
        if not taken.cancelled() and taken.exception() is None:
            connection = taken.result()
            if connection is not None:
                self._one_by_one.submit(self._let_go, connection, key)

    def _try(self, key: int) -> Connection | None:
        """Take a lock on the one connection; gives it, or None when another process has the lock."""
        is_new = self._holder is None
        try:
            return self._try_once(key)
        except DBAPIError:
            if is_new:
                raise
        return self._try_once(key)  # the database came back; the connection does not

    def _try_once(self, key: int) -> Connection | None:
        if self._holder is None:
            self._holder = _connect(self._engine)
        try:
            taken = self._holder.scalar(sa.select(sa.func.pg_try_advisory_lock(key)))
        except SQLAlchemyError:
            _drop(self._holder)
            self._holder = None
            raise
        return self._holder if taken else None

    def _let_go(self, connection: Connection, key: int) -> None:
        try:
            connection.scalar(sa.select(sa.func.pg_advisory_unlock(key)))
            if connection is not self._holder:  # whoever gets it from the pool has its own patience
                connection.exec_driver_sql("RESET statement_timeout")
                connection.exec_driver_sql("RESET lock_timeout")
        except SQLAlchemyError:  # without its connection the lock is gone too
            _drop(connection)
            if connection is self._holder:
                self._holder = None
            return
        if connection is not self._holder:
            connection.close()


class _Waiting:
    """A connection that waits for one lock."""

    def __init__(self, engine: sa.engine.Engine, key: int, until: float) -> None:
        self._engine = engine
        self._key = key
        self._until = until
        self._connection: Connection | None = None
        self._is_given_up = False

    def take(self) -> Connection:
        """Wait for the lock; gives the connection that has it."""
        connection = self._connection = _connect(self._engine)
        try:
            left = max(1, round((self._until - time.monotonic()) * 1000))
            # 0 is for ever; the lock's own limit is the one that counts here.
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql(f"SET lock_timeout = {left}")
            if not self._is_given_up:
                connection.execute(sa.select(sa.func.pg_advisory_lock(self._key)))
                return connection
        except DBAPIError as error:
            _drop(connection)
            if isinstance(error.orig, (LockNotAvailable, QueryCanceled)):
                raise WaitedTooLongError("another process did not let go") from error
            raise
        except BaseException:
            _drop(connection)
            raise
        _drop(connection)
        raise WaitedTooLongError("nobody waits any more")

    def give_up(self) -> None:
        """Stop waiting, from another thread."""
        self._is_given_up = True
        if self._connection is not None:
            with suppress(Exception):  # it may be closed just now, or the database gone
                self._connection.connection.cancel()


def key_of(name: str) -> int:
    """The number of a lock, of 64 bits: two names with the same one would only wait for each other."""
    return int.from_bytes(sha256(f"conversation {name}".encode()).digest()[:8], "big", signed=True)


async def _within(seconds: float, awaited: Awaitable[Result], why_not: str) -> Result:
    try:
        return await asyncio.wait_for(awaited, seconds)
    except asyncio.TimeoutError:
        raise WaitedTooLongError(why_not) from None


def _connect(engine: sa.engine.Engine) -> Connection:
    connection = engine.connect()
    for what, value in _VANISHED:
        connection.exec_driver_sql(f"SET tcp_keepalives_{what} = {value}")
    return connection


def _drop(connection: Connection) -> None:
    """Close a connection for good, and with it what it holds."""
    with suppress(SQLAlchemyError):
        connection.invalidate()
    with suppress(SQLAlchemyError):
        connection.close()
