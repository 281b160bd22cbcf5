"""Messages of WhatsApp that are kept back until their sender agrees to a conversation, for a day at most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from storage.claiming import Claimed, change
from storage.database import Database
from storage.inbox import State
from storage.schema import whatsapp_inbox as inbox

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

    Gives their ``text``, ``try_at``, since when, and ``asked_at``, when the question for consent was sent,
    None when it was not, or when something else was said since.

    Args:
        connection: of a transaction.
        senders: all pseudonyms of the person: an id or a key may be newer than the message.
    """
    of_person = sa.select(inbox.c.text, inbox.c.try_at, inbox.c.asked_at).where(_held(senders))
    return list(connection.execute(of_person.order_by(inbox.c.at, inbox.c.id)))


def note_asked(connection: Connection, senders: Sequence[str], at: float | None) -> None:
    """Keep when the question for consent was sent.

    Args:
        connection: of a transaction that writes.
        senders: all pseudonyms of the person.
        at: seconds since 1970; None when something else was said: "ok" is no answer to the question any more.
    """
    connection.execute(inbox.update().where(_held(senders)).values(asked_at=at))


def release(connection: Connection, senders: Sequence[str]) -> int:
    """Let the messages of a person that were held be answered; gives how many."""
    waiting = {"state": State.WAITING.value, "try_at": 0.0, "asked_at": None}
    return int(connection.execute(inbox.update().where(_held(senders)).values(waiting)).rowcount)


def drop_held(connection: Connection, senders: Sequence[str]) -> None:
    """Forget the messages of a person that were held."""
    connection.execute(inbox.delete().where(_held(senders)))


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
