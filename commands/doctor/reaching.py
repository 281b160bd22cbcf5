"""The database, looked at without changing it: not its rows, not its files, not their modes.

:class:`storage.database.Database` sets the mode of SQLite's file and its journal when it opens it; here it is
opened to read alone.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from storage.database import PATIENCE, Database
from storage.errors import StorageError
from storage.migrate import newest, reason, revision_of, revisions

GIVE_UP = 2.0 * PATIENCE
"""Seconds after which it counts as gone."""

_SEE = "see that it runs, and that KALM_DATABASE names it; until then visitors get an apology"


class Reach:
    """A database that may or may not be there.

    Attributes:
        trouble: why it cannot be used, in a sentence; "" when it can.
        remedy: what to do about it.
    """

    def __init__(self, address: str) -> None:
        """Prepare to look.

        Args:
            address: as in ``KALM_DATABASE``; may be no address at all.
        """
        self._address = address
        self.remedy = ""

    @cached_property
    def database(self) -> Database | None:
        """Its address, read; None when it is no address."""
        try:
            return Database(self._address)
        except StorageError:
            return None

    @property
    def file(self) -> Path | None:
        """The file of SQLite; None for PostgreSQL, or without an address."""
        return self.database.file if self.database is not None else None

    @cached_property
    def trouble(self) -> str:
        """Why it cannot be used; it is tried once, and given up after :data:`GIVE_UP`."""
        found: list[str] = []
        # A name server that does not answer is waited for longer than any setting of the driver says.
        trying = threading.Thread(target=lambda: found.append(self._try()), daemon=True)
        trying.start()
        trying.join(GIVE_UP)
        if found:
            return found[0]
        self.remedy = _SEE
        return f"the database did not answer within {GIVE_UP:g} s"

    def _try(self) -> str:
        if self.database is None:
            try:
                Database(self._address)
            except StorageError as error:  # which quotes nothing of the address
                self.remedy = "write it as docs/settings.md says"
                return str(error)
        assert self.database is not None
        if self.file is not None and not self.file.exists():
            self.remedy = (
                "make it with 'python -m kalm migrate', or name the place where it is with KALM_VAR or "
                "KALM_DATABASE"
            )
            return f"there is no {self.file}"
        try:
            with self.reading() as connection:
                found = revision_of(connection)
        except Exception as error:  # of the driver, of the operating system
            self.remedy = _SEE
            if not isinstance(error, (SQLAlchemyError, sqlite3.Error)):
                return f"{self.database.name} cannot be used ({type(error).__name__})"
            return f"{self.database.name} cannot be used: {reason(error)}"
        return self._trouble_of_schema(found)

    def _trouble_of_schema(self, found: str) -> str:
        assert self.database is not None
        if found == newest():
            return ""
        if found and found not in revisions():
            self.remedy = "use the version of Kalm that made it, or restore a backup"
            return f"{self.database.name} has schema {found}, which this version of Kalm does not know"
        self.remedy = "run 'python -m kalm migrate'"
        has = f"schema {found}" if found else "no schema yet"
        return f"{self.database.name} has {has}, this version of Kalm wants {newest()}"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that reads; only when there is a :attr:`database`.

        Raises:
            SQLAlchemyError: it is gone or refuses.
        """
        assert self.database is not None
        if self.file is None:
            with self.database.reading() as connection:
                yield connection
            self.database.close()
            return
        # Where nobody has it open, reading would make SQLite's two files beside it. Then all there is stands
        # in the file, which may be taken as it is.
        how = "mode=ro" if Path(f"{self.file}-wal").exists() else "mode=ro&immutable=1"
        uri = f"{self.file.absolute().as_uri()}?{how}"
        engine = sa.create_engine(
            "sqlite://",
            creator=lambda: sqlite3.connect(uri, uri=True, timeout=PATIENCE, check_same_thread=False),
            poolclass=NullPool,
            hide_parameters=True,
        )
        with engine.connect() as connection:
            yield connection
