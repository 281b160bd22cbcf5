"""One way to reach the database: SQLite in a file, or PostgreSQL.

Every write is one transaction that knows from its start that it will write, so that two processes wait for
each other instead of failing halfway.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache, partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from storage.errors import StorageError

PATIENCE = 5
"""Seconds to wait for a database that is busy or far away, before it counts as gone."""

CONNECTIONS = 5
"""Connections that stay open per process."""

_KNOWN = ("sqlite", "postgresql")

_SQLITE = (
    "journal_mode=WAL",
    # A commit is on the disk when it returns; NORMAL would lose the last ones in a power cut.
    "synchronous=FULL",
    "foreign_keys=ON",
    # What is deleted is overwritten, not only marked as free.
    "secure_delete=ON",
)

_to_json = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


def insert_unless_there(connection: Connection, table: sa.Table, **values: Any) -> bool:
    """Insert a row, unless one with such a key is there, also when another process inserts it now.

    Returns:
        Whether it was inserted.
    """
    return bool(connection.execute(_inserting_unless_there(connection.dialect.name, table), values).rowcount)


def insert_those_not_there(connection: Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, except those whose keys are there, also when another process inserts some of them now."""
    if rows:
        connection.execute(_inserting_unless_there(connection.dialect.name, table), rows)


@cache  # to make it takes longer than the database does
def _inserting_unless_there(dialect: str, table: sa.Table) -> Any:
    # Both databases can pass over what is there, but SQLAlchemy gives it only for each by itself.
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing()


class Database:
    """A database; connections are made when they are needed, and may be used from any thread."""

    def __init__(self, address: str, create: bool = False) -> None:
        """Prepare to reach it; nothing is opened yet.

        Args:
            address: as in ``KALM_DATABASE``.
            create: whether a file of SQLite may be made, in a folder that exists; otherwise a file that is
                gone is an error, so that nobody starts anew without noticing.
        """
        url = _read(address)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.engine = _sqlite(url, create) if self.is_sqlite else _postgresql(url)

    @property
    def name(self) -> str:
        """Which database this is, for messages; without user, password and options."""
        url = self.engine.url
        if self.is_sqlite:
            return f"sqlite:///{url.database}"
        return f"postgresql://{url.host or ''}{f':{url.port}' if url.port else ''}/{url.database}"

    @property
    def file(self) -> Path | None:
        """The file of SQLite; None for PostgreSQL."""
        return Path(str(self.engine.url.database)) if self.is_sqlite else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that reads one state of the database, whatever others write meanwhile.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database is gone or refuses.
        """
        with self.engine.connect() as connection:
            if not self.is_sqlite:
                connection = connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes: all of it is kept, or nothing.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database is gone, busy for too long, or refuses.
        """
        with self._turn(), self.engine.connect() as connection:
            if self.is_sqlite:
                connection = connection.execution_options(begin="IMMEDIATE")
            with connection.begin():
                yield connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One thread of this process at a time writes to a file of SQLite, which takes one write at a time.

        SQLite's own way is to look again now and then, and who comes by at the right moment goes first: among
        fifteen threads some waited five seconds in vain while the others went on (a lock wakes who waits).
        """
        if self.file is None:
            yield
            return
        lock = _lock_of(self.file.absolute())
        if not lock.acquire(timeout=PATIENCE):
            raise sa.exc.TimeoutError(f"others in this process have written to {self.name} for {PATIENCE} s")
        try:
            yield
        finally:
            lock.release()

    def close(self) -> None:
        """Close what is open."""
        self.engine.dispose()


@cache
def _lock_of(file: Path) -> threading.Lock:
    """The one of a file, for all who write to it."""
    return threading.Lock()


def _read(address: str) -> URL:
    """The parts of an address; what is wrong is told without repeating it: there may be a password in it."""
    try:
        url = make_url(address)
    except (ValueError, ArgumentError):
        url = None
    # An "@" in a password that was not written as %40 ends up in the host, or with a "/" in the database.
    if (
        url is None
        or url.get_backend_name() not in _KNOWN
        or not url.database
        or (url.host and "@" in f"{url.host}{url.database}")
    ):
        raise StorageError(
            "KALM_DATABASE is no address of a database, such as postgresql://kalm:secret@localhost/kalm or "
            "sqlite:////var/lib/kalm/kalm.db; in a password, write @ as %40, : as %3A and / as %2F"
        )
    return url


def _sqlite(url: URL, create: bool) -> Engine:
    if url.database == ":memory:":
        raise StorageError(
            "SQLite in memory keeps nothing; name a file, as in sqlite:////var/lib/kalm/kalm.db"
        )
    path = Path(str(url.database))

    def connect() -> sqlite3.Connection:
        mode = "rwc" if create else "rw"
        return sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=PATIENCE,
            check_same_thread=False,
            # The driver must not begin transactions by itself: it does so too late, and not for a schema.
            isolation_level=None,
        )

    engine = sa.create_engine(
        url,
        creator=connect,
        poolclass=QueuePool,
        pool_size=CONNECTIONS,
        json_serializer=_to_json,
        hide_parameters=True,
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, record: Any) -> None:
        with suppress(PermissionError):  # another user's file, to which this one was let in
            path.chmod(0o600)
        record.info["file"] = path.stat().st_ino
        for pragma in _SQLITE:
            connection.execute(f"PRAGMA {pragma}").fetchall()

    @sa.event.listens_for(engine, "checkout")
    def look(connection: sqlite3.Connection, record: Any, proxy: object) -> None:
        # Without this, Kalm would go on writing to a file that was removed or replaced.
        if not path.exists() or path.stat().st_ino != record.info["file"]:
            raise sa.exc.DisconnectionError("another file, or none")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        how = connection.get_execution_options().get("begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {how}")

    return engine


def _postgresql(url: URL) -> Engine:
    options: dict[str, Any] = {
        "connect_timeout": PATIENCE,
        "options": f"-c statement_timeout={PATIENCE}s -c lock_timeout={PATIENCE}s -c timezone=UTC",
        # A machine that vanished is noticed, instead of waited for until the system gives up.
        "keepalives_idle": PATIENCE,
        "keepalives_interval": 1,
        "keepalives_count": PATIENCE,
        "tcp_user_timeout": 2 * PATIENCE * 1000,
    }
    return sa.create_engine(
        url,
        pool_size=CONNECTIONS,
        pool_timeout=PATIENCE,
        pool_pre_ping=True,
        json_serializer=_to_json,
        connect_args=options,
        hide_parameters=True,
    )
