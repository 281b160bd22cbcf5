"""A message that comes twice is answered once: the sender's own id of it is claimed before it is answered.

The claim is a row, so it holds for all workers. Whoever dies with a claim loses it after a while.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kalm.reply import Kind
from storage.database import insert_unless_there
from storage.holding import hold
from storage.schema import idempotency_keys as keys
from storage.schema import messages

GIVEN_UP_AFTER = 45.0
"""Seconds after which a claim that was not settled is free again. Nothing takes so long: 20 of waiting for
the conversation, 6 for the action, and twice 5 for a database that is slow (tested)."""


class State(Enum):
    """What became of a message with some key."""

    YOURS = "to be answered by whoever asked"
    BUSY = "being answered by another"
    ANSWERED = "answered before"


@dataclass(frozen=True)
class Claim:
    """Whether a message may be answered.

    Attributes:
        state: what became of it.
        message_number: of the message with the answer, when it was answered before; else 0.
    """

    state: State
    message_number: int = 0


def claim(connection: Connection, conversation_id: str, key: str, now: float) -> Claim:
    """Claim a message; what got an apology may be answered anew.

    Args:
        connection: of a transaction that writes.
        conversation_id: which conversation; it must exist.
        key: the sender's own id of the message, at most 64 characters.
        now: seconds since 1970.
    """
    hold(connection, [conversation_id])
    if insert_unless_there(connection, keys, conversation_id=conversation_id, key=key, at=now):
        return Claim(State.YOURS)
    this = (keys.c.conversation_id == conversation_id) & (keys.c.key == key)
    row = connection.execute(sa.select(keys.c.at, keys.c.message_number).where(this).with_for_update()).one()
    if row.message_number is not None and not _was_apology(connection, conversation_id, row.message_number):
        return Claim(State.ANSWERED, row.message_number)
    # Later than now: the clock was put back since, and who claimed it may be gone.
    if row.message_number is None and abs(now - row.at) < GIVEN_UP_AFTER:
        return Claim(State.BUSY)
    connection.execute(keys.update().where(this).values(at=now, message_number=None))
    return Claim(State.YOURS)


def settle(connection: Connection, conversation_id: str, key: str, message_number: int) -> None:
    """Note which message a claim became; nothing when its conversation was erased meanwhile.

    Args:
        connection: of a transaction that writes.
        conversation_id: which conversation.
        key: of the message.
        message_number: of the message within the conversation; 0 frees the claim, as nothing was kept.
    """
    hold(connection, [conversation_id])
    this = (keys.c.conversation_id == conversation_id) & (keys.c.key == key)
    if message_number:
        connection.execute(keys.update().where(this).values(message_number=message_number))
    else:
        connection.execute(keys.delete().where(this))


def claimed_since(connection: Connection, conversation_id: str, since: float) -> list[float]:
    """When the messages of a conversation came, in seconds since 1970, those after ``since``, in order."""
    recent = sa.select(keys.c.at).where(keys.c.conversation_id == conversation_id, keys.c.at > since)
    return list(connection.scalars(recent.order_by(keys.c.at)))


def _was_apology(connection: Connection, conversation_id: str, number: int) -> bool:
    this = (messages.c.conversation_id == conversation_id) & (messages.c.number == number)
    return bool(connection.scalar(sa.select(messages.c.kind).where(this)) == Kind.FAILURE.value)
