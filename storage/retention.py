"""How long things are kept, and removing what is older.

A conversation is kept for a time after its last event; of one that goes on, what is older than that goes
part by part, so that it keeps nothing forever. When a conversation goes, its messages may be wanted for
review a while longer. They stay without anything that leads to it: no link, no place in it, no reply, and
only the day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kalm.settings import settings
from storage import erasure
from storage.database import Database
from storage.held import forget_expired
from storage.inbox import IDS_KEPT_FOR
from storage.schema import (
    audit_log,
    conversations,
    erasures,
    events,
    feedback,
    guest_links,
    guest_marks,
    handovers,
    idempotency_keys,
    messages,
    review_items,
    team_sessions,
    whatsapp_ids,
    whatsapp_inbox,
    whatsapp_sent,
)

DAY = 24 * 60 * 60
AUDIT_DAYS = 730
"""Days that it is kept who did what on the review screens."""

GUEST_DAYS = 90
"""Days after a guest link expired that it is kept what its guest found."""

AT_ONCE = 500
"""Conversations or messages per transaction: visitors' messages must get in between."""


@dataclass
class Removed:
    """What was removed, in numbers.

    Attributes:
        conversations: whose last event was too old.
        loosened: messages of theirs that stay for review, without a conversation.
        messages: of conversations that go on, or that waited for review long enough.
        events: of conversations that go on.
        receipts: of erasures.
        of_whatsapp: messages that nobody agreed to or that were set aside, what was sent, and ids.
        of_team: sessions that are over, old lines of the audit log, what guests did.
    """

    conversations: int = 0
    loosened: int = 0
    messages: int = 0
    events: int = 0
    receipts: int = 0
    of_whatsapp: int = 0
    of_team: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was old enough."""
        return not any(astuple(self))


def purge(database: Database, now: float) -> Removed:
    """Remove what is kept too long, by the settings; may be done by two processes at once.

    Args:
        database: where.
        now: seconds since 1970.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database is gone; what was removed stays removed.
    """
    of_conversations = now - settings().conversation_days * DAY
    of_reviews = now - settings().longest_days * DAY
    removed = Removed()

    def end(connection: Connection, ids: list[str]) -> None:
        removed.loosened += _loosen(connection, ids, of_reviews)
        deleted = erasure.delete_conversations(connection, ids)
        removed.messages += deleted["messages"]

    removed.conversations = _in_parts(
        database, conversations.c.id, conversations.c.last_at < of_conversations, end
    )
    has_conversation = messages.c.conversation_id.is_not(None)
    too_old = sa.case((has_conversation, of_conversations), else_=of_reviews)
    removed.messages += _in_parts(database, messages.c.id, messages.c.at < too_old, _delete_messages)

    def shorten(connection: Connection, ids: list[str]) -> None:
        for table in (feedback, handovers, idempotency_keys, events):
            old = table.delete().where(table.c.conversation_id.in_(ids), table.c.at < of_conversations)
            deleted = connection.execute(old).rowcount
            removed.events += deleted if table is events else 0

    old_events = sa.exists().where(
        events.c.conversation_id == conversations.c.id, events.c.at < of_conversations
    )
    _in_parts(database, conversations.c.id, old_events, shorten)
    with database.writing() as connection:
        expired = erasures.c.at < now - erasure.KEPT_DAYS * DAY
        removed.receipts = connection.execute(erasures.delete().where(expired)).rowcount
    removed.of_whatsapp = _purge_whatsapp(database, now, of_conversations)
    removed.of_team = _purge_team(database, now)
    return removed


def _purge_whatsapp(database: Database, now: float, of_conversations: float) -> int:
    """Remove what WhatsApp leaves behind; gives the number of rows."""
    inbox, sent, ids = whatsapp_inbox, whatsapp_sent, whatsapp_ids
    old = (
        (inbox, inbox.c.at < of_conversations),  # also what waits since WhatsApp was turned off
        (sent, sent.c.at < of_conversations),
        (ids, ids.c.at < now - IDS_KEPT_FOR),
    )
    return forget_expired(database, now) + _delete(database, old)


def _purge_team(database: Database, now: float) -> int:
    """Remove what is known of the team and its guests for too long; gives the number of rows."""
    expired = guest_links.c.until < now - GUEST_DAYS * DAY
    of_expired = guest_marks.c.link.in_(sa.select(guest_links.c.token_hash).where(expired))
    old = (
        (team_sessions, team_sessions.c.started_at < now - DAY),  # no session lasts as long
        (audit_log, audit_log.c.at < now - AUDIT_DAYS * DAY),
        (guest_marks, of_expired),
        (guest_links, expired),
    )
    return _delete(database, old)


def _delete(database: Database, old: Iterable[tuple[sa.Table, Any]]) -> int:
    """Remove rows, of each table in a transaction of its own; gives how many."""
    removed = 0
    for table, condition in old:
        with database.writing() as connection:
            removed += connection.execute(table.delete().where(condition)).rowcount
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
            # Locked, so that a visitor who comes back now is seen, or waits until the conversation is gone.
            some = sa.select(identifier).where(condition).order_by(identifier).limit(AT_ONCE)
            found = list(connection.scalars(some.with_for_update()))
            remove(connection, found)
        total += len(found)
        if len(found) < AT_ONCE:
            return total


def _delete_messages(connection: Connection, ids: list[int]) -> None:
    connection.execute(messages.delete().where(messages.c.id.in_(ids)))


def _loosen(connection: Connection, conversation_ids: list[str], not_before: float) -> int:
    """Take messages out of conversations, those that are young enough for review; gives how many."""
    young = messages.c.conversation_id.in_(conversation_ids) & (messages.c.at >= not_before)
    # Their ids are random: in that order they lie in none.
    found = connection.execute(
        sa.select(messages.c.id, messages.c.at).where(young).order_by(messages.c.id)
    ).all()
    if found:
        alone = (
            messages.update()
            .where(messages.c.id == sa.bindparam("of_message"))
            .values(conversation_id=None, number=None, reply=[], milliseconds=0, at=sa.bindparam("day"))
        )
        # What was said of their answers belongs to the conversation, and goes with it.
        ids = [row.id for row in found]
        for table in (feedback, handovers):
            connection.execute(table.delete().where(table.c.message_id.in_(ids)))
        days = [{"of_message": row.id, "day": row.at // DAY * DAY} for row in found]
        connection.execute(alone, days)
        connection.execute(
            review_items.update()
            .where(review_items.c.message_id == sa.bindparam("of_message"))
            .values(at=sa.bindparam("day")),
            days,
        )
    return len(found)
