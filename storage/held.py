"""Messages of WhatsApp that are kept back until their sender agrees to a conversation, for a day at most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from storage.database import Database
from storage.inbox import Claimed, State, change
from storage.schema import whatsapp_inbox as inbox

TALKED = "talked"

HELD_FOR = 23 * 60 * 60
"""Seconds after which it is forgotten: who says nothing is told "within a day"."""


def hold_back(connection: Connection, message: Claimed, now: float) -> None:
    """Keep a message until its sender agrees to a conversation.

    Raises:
        LostClaimError: another worker has it.
    """
    change(connection, message, state=State.HELD.value, claimed_until=0.0, try_at=now, tries=0)


def held_of(connection: Connection, senders: Sequence[str]) -> list[Row]:
    """The messages of a person that are held, in order.

    Gives their ``text``, ``try_at``, since when, and ``reason``, which is empty as long as nothing else was
    said to the person.

    Args:
        connection: of a transaction.
        senders: all pseudonyms of the person: an id or a key may be newer than the message.
    """
    of_sender = sa.select(inbox.c.text, inbox.c.try_at, inbox.c.reason).where(_held(senders))
    return list(connection.execute(of_sender.order_by(inbox.c.at, inbox.c.id)))


def note_talk(connection: Connection, senders: Sequence[str]) -> None:
    """Keep that something else was said: "ok" is no answer to the question for consent any more."""
    connection.execute(inbox.update().where(_held(senders)).values(reason=TALKED))


def release(connection: Connection, senders: Sequence[str]) -> int:
    """Let the messages of a person that were held be answered; gives how many."""
    waiting = {"state": State.WAITING.value, "try_at": 0.0, "reason": ""}
    return int(connection.execute(inbox.update().where(_held(senders)).values(waiting)).rowcount)


def drop_held(connection: Connection, senders: Sequence[str]) -> int:
    """Forget the messages of a person that were held; gives how many."""
    return int(connection.execute(inbox.delete().where(_held(senders))).rowcount)


def _held(senders: Sequence[str]) -> Any:
    return sa.and_(inbox.c.sender.in_(list(senders)), inbox.c.state == State.HELD.value)


def forget_expired(database: Database, now: float) -> int:
    """Forget what was held too long; gives how many messages.

    Args:
        database: where.
        now: seconds since 1970.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database is gone.
    """
    expired = sa.and_(inbox.c.state == State.HELD.value, inbox.c.try_at < now - HELD_FOR)
    with database.reading() as connection:
        if connection.scalar(sa.select(inbox.c.id).where(expired).limit(1)) is None:
            return 0
    with database.writing() as connection:
        return int(connection.execute(inbox.delete().where(expired)).rowcount)
