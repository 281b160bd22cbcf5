"""Messages of WhatsApp that are kept back until their sender agrees to a conversation, for a day at most."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from storage.database import Database
from storage.inbox import Claimed, State, change
from storage.schema import whatsapp_inbox as inbox

HELD_FOR = 23 * 60 * 60
"""Seconds after which it is forgotten: who says nothing is told "within a day"."""


def hold_back(connection: Connection, message: Claimed, now: float) -> None:
    """Keep a message until its sender agrees to a conversation.

    Raises:
        LostClaimError: another worker has it.
    """
    change(connection, message, state=State.HELD.value, claimed_until=0.0, try_at=now, tries=0)


def held_of(connection: Connection, sender: str) -> list[Row]:
    """The messages of a sender that are held, in order: ``id``, ``text``, and ``try_at``, since when."""
    of_sender = sa.select(inbox.c.id, inbox.c.text, inbox.c.try_at).where(_held(sender))
    return list(connection.execute(of_sender.order_by(inbox.c.at, inbox.c.id)))


def release(connection: Connection, sender: str) -> int:
    """Let the messages of a sender that were held be answered; gives how many."""
    waiting = {"state": State.WAITING.value, "try_at": 0.0}
    return int(connection.execute(inbox.update().where(_held(sender)).values(waiting)).rowcount)


def drop_held(connection: Connection, sender: str) -> int:
    """Forget the messages of a sender that were held; gives how many."""
    return int(connection.execute(inbox.delete().where(_held(sender))).rowcount)


def _held(sender: str) -> Any:
    return sa.and_(inbox.c.sender == sender, inbox.c.state == State.HELD.value)


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
