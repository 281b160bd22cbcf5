"""How long things are kept, and removing what is older.

A conversation goes in parts, so that one that never ends keeps nothing forever: its events and its messages
by their own age, the conversation itself with its last event. A message that is still wanted for review
stays for a while without anything that leads to its conversation: no link, no place in it, no reply, and
only the day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kalm.settings import settings
from storage import erasure
from storage.database import Database
from storage.schema import conversations, erasures, events, feedback, handovers, messages

DAY = 24 * 60 * 60
AT_ONCE = 500
"""Conversations or messages per transaction: visitors' messages must get in between."""


@dataclass
class Removed:
    """What was removed, in numbers.

    Attributes:
        conversations: whose last event was too old.
        events: of conversations that go on.
        loosened: messages that lost the link to their conversation.
        messages: that were too old for review as well.
        receipts: of erasures.
    """

    conversations: int = 0
    events: int = 0
    loosened: int = 0
    messages: int = 0
    receipts: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was old enough."""
        return not any(astuple(self))

    def as_text(self) -> str:
        """For a log line: "conversations=3 events=0 ..."."""
        return " ".join(f"{field.name}={getattr(self, field.name)}" for field in fields(self))


def purge(database: Database, now: float) -> Removed:
    """Remove what is kept too long, by the settings; may be done by two processes at once.

    Args:
        database: where.
        now: seconds since 1970.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database is gone; what was removed stays removed.
    """
    of_conversations = now - settings().conversation_days * DAY
    of_reviews = min(of_conversations, now - settings().review_days * DAY)
    removed = Removed(
        messages=_in_parts(database, messages.c.id, messages.c.at < of_reviews, _delete_messages),
        loosened=_in_parts(
            database,
            messages.c.id,
            (messages.c.at < of_conversations) & messages.c.conversation_id.is_not(None),
            _loosen,
        ),
        conversations=_in_parts(
            database, conversations.c.id, conversations.c.last_at < of_conversations, _delete_conversations
        ),
    )
    with database.writing() as connection:
        for table in (feedback, handovers):
            connection.execute(table.delete().where(table.c.at < of_conversations))
        removed.events = connection.execute(events.delete().where(events.c.at < of_conversations)).rowcount
        expired = erasures.c.at < now - erasure.KEPT_DAYS * DAY
        removed.receipts = connection.execute(erasures.delete().where(expired)).rowcount
    return removed


def _in_parts(
    database: Database,
    identifier: sa.Column[Any],
    condition: Any,
    remove: Callable[[Connection, list[Any]], None],
) -> int:
    """Remove rows in transactions of :data:`AT_ONCE`; gives how many."""
    total = 0
    while True:
        with database.writing() as connection:
            # In the order of ids: that of messages is random, so that loosened ones lie in no order.
            some = sa.select(identifier).where(condition).order_by(identifier).limit(AT_ONCE)
            found = list(connection.scalars(some))
            remove(connection, found)
        total += len(found)
        if len(found) < AT_ONCE:
            return total


def _delete_messages(connection: Connection, ids: list[int]) -> None:
    connection.execute(messages.delete().where(messages.c.id.in_(ids)))


def _delete_conversations(connection: Connection, ids: list[str]) -> None:
    erasure.delete_conversations(connection, ids)


def _loosen(connection: Connection, ids: list[int]) -> None:
    found = connection.execute(sa.select(messages.c.id, messages.c.at).where(messages.c.id.in_(ids))).all()
    alone = (
        messages.update()
        .where(messages.c.id == sa.bindparam("of_message"))
        .values(conversation_id=None, number=None, reply=[], milliseconds=0, at=sa.bindparam("day"))
    )
    if found:
        days = [{"of_message": row.id, "day": row.at // DAY * DAY} for row in found]
        connection.execute(alone, days)
