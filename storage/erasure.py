"""Forgetting one conversation: in every table at once, and soon after in the files of the database too."""

from __future__ import annotations

import time
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kalm.privacy.receipts import new_receipt
from storage.database import PATIENCE, Database
from storage.holding import hold
from storage.schema import BY_CONVERSATION, conversations, erasures, metadata

BY_VISITOR = "visitor"
BY_SHOP = "shop"
KEPT_DAYS = 365
"""Days a receipt is kept: longer than any backup should be (``docs/privacy.md``)."""


def erase(connection: Connection, conversation_id: str, asked_by: str, receipt: str = "") -> str:
    """Delete all there is of a conversation, within a transaction.

    Args:
        connection: of that transaction.
        conversation_id: which conversation; of one that is not there, only the receipt is kept.
        asked_by: :data:`BY_VISITOR` or :data:`BY_SHOP`.
        receipt: a number that was told already; a new one is made when left out.

    Returns:
        The receipt number.
    """
    number = receipt or new_receipt()
    delete_conversations(connection, [conversation_id])
    connection.execute(
        erasures.insert().values(
            receipt=number, conversation_hash=hash_of(conversation_id), at=time.time(), asked_by=asked_by
        )
    )
    return number


def delete_conversations(connection: Connection, ids: list[str]) -> dict[str, int]:
    """Delete conversations and all rows that belong to them.

    Returns:
        Number of rows per table.
    """
    hold(connection, ids)
    deleted = {}
    for table in reversed(metadata.sorted_tables):
        if table.info["erasure"] == BY_CONVERSATION:
            column = table.c.id if table is conversations else table.c.conversation_id
            deleted[table.name] = connection.execute(table.delete().where(column.in_(ids))).rowcount
    return deleted


def was_erased(connection: Connection, conversation_id: str) -> bool:
    """Whether somebody asked to forget this conversation."""
    of_it = erasures.c.conversation_hash == hash_of(conversation_id)
    return connection.scalar(sa.select(erasures.c.receipt).where(of_it).limit(1)) is not None


def hash_of(conversation_id: str) -> str:
    """What is kept of an erased id: enough to know it again, too little to find its lines in the log."""
    return sha256(conversation_id.encode()).hexdigest()


def clean(database: Database) -> int:
    """Let the database tidy up behind what was erased, where that was not done yet.

    SQLite overwrites deleted rows, but its log still has them until it is emptied; PostgreSQL frees them by a
    vacuum (and keeps them in its own log for as long as it is configured to). While others read an old state,
    neither can be done: what could not be cleaned waits for the next time.

    Returns:
        Number of erasures that are now complete.
    """
    with database.reading() as connection:
        undone = erasures.c.cleaned_at.is_(None)
        waiting = list(connection.scalars(sa.select(erasures.c.receipt).where(undone)))
    if not waiting or not clean_files(database):
        return 0
    with database.writing() as connection:
        connection.execute(
            erasures.update().where(erasures.c.receipt.in_(waiting)).values(cleaned_at=time.time())
        )
    return len(waiting)


def clean_files(database: Database) -> bool:
    """Free deleted rows in the database's files; False when others still read them."""
    return _empty_log(database) if database.is_sqlite else _vacuum(database)


def _empty_log(database: Database) -> bool:
    with database.engine.connect() as connection:
        # On the driver itself: SQLAlchemy would begin a transaction, within which nothing can be emptied.
        driver = connection.connection
        # Nor may it wait for a reader: it keeps visitors' messages waiting meanwhile.
        driver.execute("PRAGMA busy_timeout=0")
        busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        driver.execute(f"PRAGMA busy_timeout={PATIENCE * 1000}")
    return not busy


def _vacuum(database: Database) -> bool:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # Rows that a transaction of before may still read are passed over.
        before = connection.scalar(_OTHERS_THAT_READ)
        connection.execute(sa.text("SET statement_timeout = 0"))
        try:
            for table in metadata.sorted_tables:
                connection.execute(sa.text(f"VACUUM {table.name}"))
        finally:
            connection.invalidate()  # its timeout is off
    return not before


_OTHERS_THAT_READ = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL)"
)
