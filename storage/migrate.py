"""Bring a database to the schema of this version of Kalm, from empty or from any earlier one (Alembic)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from kalm.locks import alone_in
from storage.database import Database
from storage.errors import StorageError

_LOCK = 5_255_645
"""Number of the advisory lock of PostgreSQL: any number, as long as it stays the same."""


def revisions() -> list[str]:
    """All schemas there ever were, oldest first."""
    return [script.revision for script in reversed(list(_scripts().walk_revisions()))]


@cache
def newest() -> str:
    """The schema of this version of Kalm."""
    return str(_scripts().get_current_head())


def migrate(address: str, to: str = "head") -> tuple[str, str]:
    """Bring the database to a schema; an empty one is made. Two processes at once take turns.

    Args:
        address: as in ``KALM_DATABASE``.
        to: the schema, the newest by default.

    Returns:
        The schema before ("" for an empty database) and after.

    Raises:
        StorageError: it cannot be reached or changed, or a newer version of Kalm made it.
    """
    database = Database(address, create=True)
    try:
        if database.file is not None:
            database.file.parent.mkdir(parents=True, exist_ok=True)
        with _alone(database), database.writing() as connection:
            before = revision_of(connection)
            refuse_newer(before, database)
            upgrade(connection, to)
            return before, revision_of(connection)
    except (SQLAlchemyError, OSError) as error:
        raise StorageError(f"{database.name} cannot be migrated: {reason(error)}") from error
    finally:
        database.close()


def go_back(address: str, to: str) -> tuple[str, str]:
    """Bring the database back to an earlier schema, for the version of Kalm that knows no later one.

    What was kept in tables and columns that are newer is lost.

    Args:
        address: as in ``KALM_DATABASE``.
        to: the earlier schema.

    Returns:
        The schema before and after.

    Raises:
        StorageError: it cannot be reached, or there is no way back to that schema; nothing was changed.
    """
    database = Database(address)
    try:
        with _alone(database), database.writing() as connection:
            before = revision_of(connection)
            _require_way_back(database, before, to)
            config = _config()
            config.attributes["connection"] = connection
            command.downgrade(config, to)
            return before, to
    except (SQLAlchemyError, OSError) as error:
        raise StorageError(f"{database.name} cannot be migrated: {reason(error)}") from error
    finally:
        database.close()


def require_way_back(address: str, to: str) -> None:
    """Look whether the database can be brought back to an earlier schema; nothing is changed.

    Args:
        address: as in ``KALM_DATABASE``.
        to: the earlier schema.

    Raises:
        StorageError: it cannot be reached, or there is no way back.
    """
    database = Database(address)
    try:
        with database.reading() as connection:
            _require_way_back(database, revision_of(connection), to)
    except SQLAlchemyError as error:
        raise StorageError(f"{database.name} cannot be read: {reason(error)}") from error
    finally:
        database.close()


def _require_way_back(database: Database, before: str, to: str) -> None:
    refuse_newer(before, database)
    known = revisions()
    has = f"has schema {before}" if before else "has no schema yet"
    if before not in known or to not in known[: known.index(before)]:
        raise StorageError(f"{database.name} {has}, and stays so: {to!r} is no earlier one")
    for script in _scripts().walk_revisions():
        is_between = known.index(to) < known.index(script.revision) <= known.index(before)
        if is_between and not hasattr(script.module, "downgrade"):
            raise StorageError(
                f"{database.name} {has}, and stays so: from {script.revision} there is no way back to {to}; "
                "restore a backup of before"
            )


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring what a transaction sees to a schema, within that transaction."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def require_newest(database: Database) -> None:
    """Refuse to work with another schema than this version's.

    Raises:
        StorageError: the schema is another one, or the database cannot be reached.
    """
    if database.file is not None and not database.file.exists():
        raise StorageError(
            f"there is no {database.file}: make it with 'python -m kalm migrate', or name the place where it "
            "is with KALM_VAR or KALM_DATABASE"
        )
    try:
        with database.reading() as connection:
            found = revision_of(connection)
    except SQLAlchemyError as error:
        raise StorageError(
            f"{database.name} cannot be used: {reason(error)}. Is it running, is KALM_DATABASE right, and "
            "was it made with 'python -m kalm migrate'?"
        ) from error
    refuse_newer(found, database)
    if found != newest():
        raise StorageError(
            f"{database.name} has {f'schema {found}' if found else 'no schema yet'}, this version of Kalm "
            f"wants {newest()}; run 'python -m kalm migrate'"
        )


def revision_of(connection: Connection) -> str:
    """The schema that a database has, "" for none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def reason(error: Exception) -> str:
    """Why the database refused, in one line and without what was to be written."""
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]


def refuse_newer(found: str, database: Database) -> None:
    """Leave alone what a newer version of Kalm made.

    Raises:
        StorageError: this version does not know the schema.
    """
    if found and found not in revisions():
        raise StorageError(
            f"{database.name} has schema {found}, which this version of Kalm does not know: a newer one made "
            "it. Use that version, or restore a backup"
        )


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """Wait for another process that migrates the same database."""
    if database.file is not None:
        with alone_in(database.file.parent):
            yield
        return
    with database.engine.connect() as connection:
        connection.execute(sa.text("SET lock_timeout = 0"))
        connection.execute(sa.text("SET statement_timeout = 0"))
        connection.execute(sa.select(sa.func.pg_advisory_lock(_LOCK)))
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(_LOCK)))
            connection.invalidate()  # its timeouts are off


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
