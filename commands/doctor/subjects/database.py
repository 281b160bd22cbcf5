"""The database: reached, of this version's schema, may be written, new enough."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from commands.doctor.finding import Finding, fault, good, warning
from commands.doctor.look import Look
from storage.schema import metadata

OLDEST_POSTGRESQL = 90500
"""As PostgreSQL numbers its versions: INSERT ... ON CONFLICT and SKIP LOCKED came with 9.5."""

OLDEST_SQLITE = (3, 24, 0)
"""INSERT ... ON CONFLICT came with it, https://www.sqlite.org/lang_upsert.html."""

_RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE")


def look(looked: Look) -> Iterator[Finding]:
    """What is wrong with it."""
    reach = looked.database
    if reach.trouble:
        yield fault("KALM_DATABASE", reach.trouble, reach.remedy)
        return
    assert reach.database is not None
    with reach.reading() as connection:
        if reach.file is not None:
            version = sqlite3.sqlite_version
            found = [*_sqlite_version(sqlite3.sqlite_version_info), *_file(reach.file)]
        else:
            version = str(connection.scalar(sa.text("SHOW server_version"))).partition(" ")[0]
            number = int(connection.scalar(sa.text("SHOW server_version_num")))
            found = [*_postgresql_version(number, version), *_rights(connection)]
    yield from found
    if not found:
        sort = "SQLite" if reach.file is not None else "PostgreSQL"
        name = reach.database.name
        yield good(f"{name} is reached, has the newest schema and may be written ({sort} {version})")


def _sqlite_version(version: tuple[int, int, int]) -> Iterator[Finding]:
    if version < OLDEST_SQLITE:
        what = f"SQLite {'.'.join(map(str, version))} is too old"
        yield fault("", what, f"use a Python with {'.'.join(map(str, OLDEST_SQLITE))} or newer")


def _file(file: Path) -> Iterator[Finding]:
    for path in (file, file.parent):  # beside the file SQLite makes two others
        if not os.access(path, os.W_OK):
            what = "cannot be written by the user who asks this, so no conversation can be kept"
            yield fault(str(path), what, "let the user that runs Kalm write it, and ask as that user")


def _postgresql_version(number: int, name: str) -> Iterator[Finding]:
    if number < OLDEST_POSTGRESQL:
        yield fault("KALM_DATABASE", f"PostgreSQL {name} is too old", "use 9.5 or newer")


def _rights(connection: Connection) -> Iterator[Finding]:
    if connection.scalar(sa.text(_IS_A_COPY)):
        what = "is a copy that follows another server and takes no writes"
        yield fault("KALM_DATABASE", what, "name the server that it follows")
        return
    if connection.scalar(sa.text(_READ_ONLY)) == "on":
        what = "takes no writes from this user (default_transaction_read_only is on)"
        yield fault("KALM_DATABASE", what, "ALTER ROLE ... SET default_transaction_read_only = off")
    asked = sa.text("SELECT has_table_privilege(:name, :right)")
    lacking = [
        table.name
        for table in metadata.sorted_tables
        if not all(connection.scalar(asked, {"name": table.name, "right": right}) for right in _RIGHTS)
    ]
    if lacking:
        what = f"its user may not read and write {', '.join(lacking)}"
        yield fault("KALM_DATABASE", what, "GRANT it, or migrate as the user that Kalm uses")
    if connection.scalar(sa.text("SHOW server_encoding")) != "UTF8":
        what = "has an encoding other than UTF8, so not every letter or emoji can be kept"
        yield warning("KALM_DATABASE", what, "make one with ENCODING 'UTF8' and restore a backup into it")


_IS_A_COPY = "SELECT pg_is_in_recovery()"
_READ_ONLY = "SELECT setting FROM pg_settings WHERE name = 'default_transaction_read_only'"
