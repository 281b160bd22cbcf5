"""Messages of WhatsApp between their receipt and their reply: each is stored once, answered once, in order.

A message goes from state to state, each step in one transaction:

- ``waiting``: to be answered. A worker claims it for a while; when the worker dies, another takes it.
- ``held``: until the sender agrees to a conversation, for a day.
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
from sqlalchemy.engine import Connection, Row

from storage.database import insert_unless_there
from storage.schema import whatsapp_ids, whatsapp_inbox

inbox = whatsapp_inbox

CLAIM_LASTS = 20.0
"""Seconds after which a claim is free again: longer than answering takes, and than sending takes."""

UNSURE_FOR = 20.0
"""Seconds to wait for Meta's word about a reply that may have been sent. It mostly comes within two."""

KEPT_FREE = 1
"""Places that a worker keeps for what tells of danger, however much else there is to do."""

IDS_KEPT_FOR = 30 * 24 * 60 * 60
"""Seconds for which a message that comes again is known; Meta sends one again for seven days at most."""

MOST_TRIES = 5
"""How often a message may fail for no known reason before it is set aside."""

MOST_CRASHES = 10
"""How often it may be taken without an end: more, because a crash takes all that is in work along."""


class State(str, Enum):
    """What became of a message."""

    WAITING = "waiting"
    HELD = "held"
    ANSWERED = "answered"
    SENDING = "sending"
    ASIDE = "aside"


class LostClaimError(Exception):
    """Another worker has the message now, or it is settled: what this one made of it must not be kept."""


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


@dataclass(frozen=True)
class Claimed(Received):
    """A message that a worker has for a while.

    Attributes:
        id: of the row.
        state: waiting, answered, or sending for one whose reply may have been sent.
        claim: which claim this is: an older one is worth nothing.
        tries: how often it was taken without an end, this time included.
        waits: how often it had to wait for Meta.
        reason: why it was given back the last time; "" for never.
        reply_id: by which Meta tells of the reply.
    """

    id: int
    state: State
    claim: int
    tries: int
    waits: int
    reason: str
    reply_id: str


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


_IN_WORK = [State.WAITING.value, State.ANSWERED.value, State.SENDING.value]
"""States of what waits or is worked on; written out for the index: what is held need not be passed over."""


def claim(connection: Connection, now: float, most: int, *, unsure_too: bool = True) -> list[Claimed]:
    """Take messages to work on: of each sender the first in order of typing; what tells of danger at once.

    Args:
        connection: of a transaction that writes.
        now: seconds since 1970.
        most: how many at most; :data:`KEPT_FREE` of them only for what tells of danger.
        unsure_too: also those of which the reply may have been sent, when nothing was heard of it.
    """
    states = [State.WAITING, State.ANSWERED, *([State.SENDING] if unsure_too else [])]
    is_free = sa.and_(
        inbox.c.state.in_([state.value for state in states]),
        inbox.c.claimed_until <= now,
        inbox.c.try_at <= now,
    )
    other = inbox.alias()
    is_of_sender = sa.and_(other.c.sender == inbox.c.sender, other.c.id != inbox.c.id)
    # Two at once would each remember a conversation without the other.
    at_work = sa.exists().where(is_of_sender, other.c.state.in_(_IN_WORK), other.c.claimed_until > now)
    comes_before = sa.or_(other.c.at < inbox.c.at, sa.and_(other.c.at == inbox.c.at, other.c.id < inbox.c.id))
    in_the_way = sa.exists().where(is_of_sender, other.c.state.in_(_IN_WORK), comes_before)
    urgent = _take_free(connection, sa.and_(is_free, ~at_work, inbox.c.is_urgent), most, now)
    left = max(0, most - KEPT_FREE - len(urgent))
    return urgent + _take_free(connection, sa.and_(is_free, ~at_work, ~in_the_way), left, now)


def _take_free(connection: Connection, is_next: Any, most: int, now: float) -> list[Claimed]:
    rows = sa.select(inbox).where(is_next).order_by(inbox.c.id).limit(most)
    found = connection.execute(rows.with_for_update(skip_locked=True, of=inbox)).all()
    first_of_each = {row.sender: row for row in reversed(found)}
    return [_take(connection, row, now) for row in found if first_of_each[row.sender] is row]


def _take(connection: Connection, row: Row, now: float) -> Claimed:
    connection.execute(
        inbox.update()
        .where(inbox.c.id == row.id)
        .values(claim=row.claim + 1, claimed_until=now + CLAIM_LASTS, tries=row.tries + 1)
    )
    return Claimed(
        message_id=row.message_id,
        sender=row.sender,
        address=row.address,
        at=row.at,
        kind=row.kind,
        text=row.text,
        chosen=row.chosen,
        is_urgent=row.is_urgent,
        id=row.id,
        state=State(row.state),
        claim=row.claim + 1,
        tries=row.tries + 1,
        waits=row.waits,
        reason=row.reason,
        reply_id=row.reply_id,
    )


def postpone(
    connection: Connection, message: Claimed, until: float, reason: str, *, is_known: bool = True
) -> None:
    """Give a message back to be taken again later; its reply, when there is one, was certainly not sent.

    Args:
        connection: of a transaction that writes.
        message: to give back.
        until: seconds since 1970.
        reason: why, as a name.
        is_known: it waits for something that is known to pass, so that this is no failure of the message.

    Raises:
        LostClaimError: another worker has it.
    """
    change(
        connection,
        message,
        state=sa.case((inbox.c.state == State.SENDING.value, State.ANSWERED.value), else_=inbox.c.state),
        claimed_until=0.0,
        try_at=until,
        reason=reason,
        **({"tries": inbox.c.tries - 1, "waits": inbox.c.waits + 1} if is_known else {}),
    )


def set_aside(connection: Connection, message: Claimed, reason: str, conversation_id: str | None) -> None:
    """Set a message aside: it blocks nobody. To whom it should have been answered is forgotten.

    Without a conversation nobody could ever have its words erased, so they are not kept either.

    Args:
        connection: of a transaction that writes.
        message: which.
        reason: why, as a name.
        conversation_id: with which it goes when that is erased; None when there is none.

    Raises:
        LostClaimError: another worker has it.
    """
    change(
        connection,
        message,
        state=State.ASIDE.value,
        reason=reason,
        conversation_id=conversation_id,
        address=None,
        message_id=None,
        **({} if conversation_id else {"text": "", "chosen": "", "reply": None}),
    )


def settle(connection: Connection, message: Claimed) -> None:
    """Forget a message that is done with.

    Raises:
        LostClaimError: another worker has it.
    """
    must(connection.execute(inbox.delete().where(is_of(message))).rowcount)


def is_followed(connection: Connection, message: Claimed, kinds: Sequence[str]) -> bool:
    """Whether a later message of the same sender, of one of these kinds, waits too."""
    later = sa.select(inbox.c.id).where(
        inbox.c.sender == message.sender,
        inbox.c.id != message.id,
        inbox.c.state == State.WAITING.value,
        inbox.c.kind.in_(list(kinds)),
    )
    return connection.scalar(later.limit(1)) is not None


def is_of(message: Claimed) -> Any:
    """The condition for the row of a message, as long as its claim holds."""
    return sa.and_(inbox.c.id == message.id, inbox.c.claim == message.claim)


def change(connection: Connection, message: Claimed, **values: Any) -> None:
    """Change the row of a message.

    Raises:
        LostClaimError: another worker has it.
    """
    must(connection.execute(inbox.update().where(is_of(message)).values(**values)).rowcount)


def must(count: int) -> None:
    """Refuse when no row was changed.

    Raises:
        LostClaimError: none was.
    """
    if not count:
        raise LostClaimError
