"""Messages of WhatsApp between their receipt and their reply: each is stored once, answered once, in order.

A message goes from state to state, each step in one transaction:

- ``waiting``: to be answered. A worker claims it for a while (:mod:`storage.claiming`).
- ``held``: until the sender agrees to a conversation, for a day (:mod:`storage.held`).
- ``answered``: the reply is known (:mod:`storage.outbox`), kept in the transaction that keeps the
  conversation, so neither is without the other.
- ``sending``: it may be on its way. Who finds it so after a crash cannot know; Meta's word that it was sent
  settles it, and only when that does not come is it sent again.
- ``aside``: it failed too often, or cannot be sent. It blocks nobody.

When it is sent, the row is gone: what is left is a hash of Meta's id of it, so that it is known when it comes
again, and in ``whatsapp_sent`` what became of the reply.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.database import insert_unless_there
from storage.schema import whatsapp_ids
from storage.schema import whatsapp_inbox as inbox

IDS_KEPT_FOR = 30 * 24 * 60 * 60
"""Seconds for which a message that comes again is known; Meta sends one again for seven days at most."""


class State(str, Enum):
    """What became of a message."""

    WAITING = "waiting"
    HELD = "held"
    ANSWERED = "answered"
    SENDING = "sending"
    ASIDE = "aside"


@dataclass(frozen=True)
class Received:
    """A message as it came, masked.

    Attributes:
        message_id: Meta's id.
        sender: keyed pseudonym of who wrote.
        address: Meta's ids of who wrote.
        at: when it was typed, in seconds since 1970.
        kind: text, image, and so on.
        text: what was typed, masked; "" for nothing.
        chosen: id of what was pressed; "" for nothing.
        is_urgent: it tells of danger, and does not wait for what was typed before it.
    """

    message_id: str
    sender: str
    address: dict[str, str]
    at: float
    kind: str
    text: str
    chosen: str
    is_urgent: bool


def id_hash(message_id: str) -> str:
    """What is kept of Meta's id of a message, which holds a telephone number."""
    return sha256(message_id.encode()).hexdigest()


def is_known(connection: Connection, message_id: str) -> bool:
    """Whether something with this id of Meta came before."""
    found = sa.select(whatsapp_ids.c.id_hash).where(whatsapp_ids.c.id_hash == id_hash(message_id))
    return connection.scalar(found) is not None


def note_id(connection: Connection, message_id: str, now: float) -> None:
    """Keep that something with this id of Meta came."""
    insert_unless_there(connection, whatsapp_ids, id_hash=id_hash(message_id), at=now)


def receive(connection: Connection, messages: Sequence[Received], now: float) -> int:
    """Store messages that were not stored before.

    Args:
        connection: of a transaction that writes; when it ends well, the messages may be acknowledged.
        messages: in order.
        now: seconds since 1970.

    Returns:
        How many were new.
    """
    hashes = {message.message_id: id_hash(message.message_id) for message in messages}
    # In one order for everybody: two posts with the same messages would wait for each other.
    new = {
        hashed
        for hashed in sorted(hashes.values())
        if insert_unless_there(connection, whatsapp_ids, id_hash=hashed, at=now)
    }
    unseen = [hashes.pop(message.message_id, "") in new for message in messages]
    for message, is_new in zip(messages, unseen, strict=True):
        if is_new:
            insert(connection, message, State.WAITING)
    return sum(unseen)


def insert(
    connection: Connection,
    message: Received,
    state: State,
    reply: list[dict[str, Any]] | None = None,
) -> None:
    """Add a row.

    Args:
        connection: of a transaction that writes.
        message: what it is about.
        state: that it begins in.
        reply: what Kalm says, when that is known.
    """
    connection.execute(
        inbox.insert().values(
            sender=message.sender,
            address=message.address,
            message_id=message.message_id,
            at=message.at,
            kind=message.kind,
            text=message.text,
            chosen=message.chosen,
            is_urgent=message.is_urgent,
            state=state.value,
            claim=0,
            claimed_until=0.0,
            try_at=0.0,
            tries=0,
            waits=0,
            reason="",
            reply=reply,
            reply_id=secrets.token_hex(16),
        )
    )


def last_received(connection: Connection) -> float | None:
    """When the last message that is still known came, in seconds since 1970; None for never."""
    last = connection.scalar(sa.select(sa.func.max(whatsapp_ids.c.at)))
    return None if last is None else float(last)


def has_numbers(connection: Connection) -> bool:
    """Whether telephone numbers are kept of who will be answered soon; what is held may take a day."""
    soon = inbox.c.message_id.is_not(None) & (inbox.c.state != State.HELD.value)
    return connection.scalar(sa.select(inbox.c.id).where(soon).limit(1)) is not None
