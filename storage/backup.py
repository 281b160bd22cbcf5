"""A backup of the whole database as one file, and back: also from SQLite to PostgreSQL.

The file is JSON lines, compressed with gzip: a head with the schema, a line per row, and an end that counts
them. It is read from one state of the database while visitors go on; it goes back in one transaction.
"""

from __future__ import annotations

import gzip
import json
import os
import secrets
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TextIO, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from storage import erasure
from storage.database import Database
from storage.errors import StorageError
from storage.migrate import newest, refuse_newer, require_newest, revision_of, revisions, upgrade
from storage.schema import NOT_IN_A_BACKUP, conversations, erasures, metadata

_FORMAT = 1
_AT_ONCE = 500


@dataclass(frozen=True)
class Content:
    """What is in a backup.

    Attributes:
        schema: of the database it was made from.
        rows: number of rows.
        erased: conversations in it that were erased again, because they were since it was made.
    """

    schema: str
    rows: int
    erased: int = 0


def backup(database: Database, path: Path) -> Content:
    """Write all there is to a file, readable by its owner alone; an older file of that name is replaced.

    Args:
        database: where it is; visitors may go on.
        path: of the file.

    Raises:
        StorageError: the database has another schema, or cannot be reached.
        OSError: the file cannot be written; an older one is still there.
    """
    require_newest(database)
    with _written_whole(path) as file, database.reading() as connection:
        schema = revision_of(connection)
        _write(file, {"kalm_backup": _FORMAT, "schema": schema, "made_at": time.time()})
        count = 0
        for table in metadata.sorted_tables:
            if table.info.get("backup") == NOT_IN_A_BACKUP:
                continue
            rows = connection.execution_options(stream_results=True).execute(table.select())
            for row in rows.yield_per(_AT_ONCE).mappings():
                _write(file, {"table": table.name, "row": dict(row)})
                count += 1
        _write(file, {"rows": count})
    return Content(schema, count)


def restore(database: Database, path: Path) -> Content:
    """Replace all there is by what is in a file; conversations that were erased since are erased again.

    Args:
        database: where it goes; an empty one is fine.
        path: of a file that :func:`backup` wrote, of this schema or an earlier one.

    Raises:
        StorageError: it is no such file, it is incomplete, or a newer version of Kalm wrote it; nothing was
            changed.
        OSError: it cannot be read.
        sqlalchemy.exc.SQLAlchemyError: the database refuses; nothing was changed.
    """
    content = check(path)
    with database.writing() as connection:
        refuse_newer(revision_of(connection), database)
        _have_alone(connection)
        receipts = _receipts(connection)
        _empty(connection)
        upgrade(connection, content.schema)
        _insert(connection, _rows(path))
        upgrade(connection, newest())
        erased = _erase_again(connection, receipts)
        _go_on_counting(connection)
    erasure.clean_files(database)
    return Content(content.schema, content.rows, erased)


@contextmanager
def _written_whole(path: Path) -> Iterator[TextIO]:
    """A file that takes its name only when it is complete."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as raw:
            with gzip.open(raw, "wt", encoding="utf-8") as file:
                yield cast(TextIO, file)
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _write(file: TextIO, line: dict[str, Any]) -> None:
    file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def check(path: Path) -> Content:
    """Read a backup to its end, before anything is changed.

    Raises:
        StorageError: it is none, it is incomplete, or a newer version of Kalm wrote it.
        OSError: it cannot be read.
    """
    try:
        lines = _lines(path)
        head = next(lines, {})
        if head.get("kalm_backup") != _FORMAT:
            raise StorageError(f"{path} is no backup of Kalm")
        if head["schema"] not in revisions():
            raise StorageError(
                f"{path} has schema {head['schema']}: a newer version of Kalm wrote it, use that one"
            )
        count, last = 0, head
        for last in lines:
            count += "row" in last
            if "row" in last and last["table"] not in metadata.tables:
                raise StorageError(f"{path} has rows of a table '{last['table']}', which Kalm does not know")
        if last.get("rows") != count:
            raise StorageError(f"{path} is incomplete: it breaks off after {count} rows")
        return Content(head["schema"], count)
    except (EOFError, ValueError, zlib.error, gzip.BadGzipFile, AttributeError, KeyError) as error:
        raise StorageError(
            f"{path} is no backup of Kalm, or it is damaged ({type(error).__name__})"
        ) from error


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((line["table"], line["row"]) for line in _lines(path) if "row" in line)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _receipts(connection: Connection) -> list[Row]:
    if not sa.inspect(connection).has_table(erasures.name):
        return []
    return list(connection.execute(erasures.select()))


def _have_alone(connection: Connection) -> None:
    """Wait for whoever writes, and let nobody begin: PostgreSQL would see two wait for each other.

    In the order in which everybody takes the tables, conversations first. SQLite has one writer anyway.
    """
    if connection.dialect.name != "postgresql":
        return
    present = _tables(connection).tables
    names = [table.name for table in metadata.sorted_tables if table.name in present]
    if names:
        connection.execute(sa.text(f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE"))


def _empty(connection: Connection) -> None:
    """Drop Kalm's own tables; what else is in the database is not Kalm's."""
    _tables(connection).drop_all(connection)


def _tables(connection: Connection) -> sa.MetaData:
    """Kalm's tables as they are in the database, which may have another schema than this version's."""
    present = set(sa.inspect(connection).get_table_names())
    there = sa.MetaData()
    there.reflect(connection, only=present & {*metadata.tables, "alembic_version"})
    return there


def _insert(connection: Connection, rows: Iterator[tuple[str, dict[str, Any]]]) -> None:
    there = _tables(connection)
    name = ""
    waiting: list[dict[str, Any]] = []
    for table, row in rows:
        if waiting and (table != name or len(waiting) == _AT_ONCE):
            connection.execute(there.tables[name].insert(), waiting)
            waiting = []
        name = table
        waiting.append(row)
    if waiting:
        connection.execute(there.tables[name].insert(), waiting)


def _erase_again(connection: Connection, receipts: Iterable[Row]) -> int:
    known = set(connection.scalars(sa.select(erasures.c.receipt)))
    new = [dict(receipt._mapping) for receipt in receipts if receipt.receipt not in known]
    if new:
        connection.execute(erasures.insert(), new)
    hashes = set(connection.scalars(sa.select(erasures.c.conversation_hash)))
    ids = connection.scalars(sa.select(conversations.c.id)).all()
    gone = iter([id_ for id_ in ids if erasure.hash_of(id_) in hashes])
    erased = 0
    while part := list(islice(gone, _AT_ONCE)):
        erased += erasure.delete_conversations(connection, part)["conversations"]
    return erased


def _go_on_counting(connection: Connection) -> None:
    """Let PostgreSQL number new rows after those that came from the file; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        for column in table.primary_key:
            if not isinstance(column.type, sa.String):
                last = sa.select(sa.func.max(column)).scalar_subquery()
                # None for a column that is not numbered by the database; setval then does nothing.
                sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
                connection.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(last, 0) + 1, False)))
