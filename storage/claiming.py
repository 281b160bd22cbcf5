"""Who works on a message of WhatsApp: one worker for a while, and another when that one dies.

Each claim has a number. Whatever a worker changes, it changes under its own claim, so that what comes too
late is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from storage.inbox import Received, State
from storage.schema import whatsapp_inbox as inbox

CLAIM_LASTS = 20.0
"""Seconds after which a claim is free again: longer than answering takes, and than sending takes."""

KEPT_FREE = 1
"""Places that a worker keeps for what tells of danger, however much else there is to do."""

MOST_TRIES = 5
"""How often a message may fail for no known reason before it is set aside."""

MOST_CRASHES = 10
"""How often it may be taken without an end: more, because a crash takes all that is in work along."""


class LostClaimError(Exception):
    """Another worker has the message now, or it is settled: what this one made of it must not be kept."""


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
        ~_is_claimed(inbox, now),
        inbox.c.try_at <= now,
    )
    other = inbox.alias()
    is_of_sender = sa.and_(other.c.sender == inbox.c.sender, other.c.id != inbox.c.id)
    # Two at once would each remember a conversation without the other.
    at_work = sa.exists().where(is_of_sender, other.c.state.in_(_IN_WORK), _is_claimed(other, now))
    comes_before = sa.or_(other.c.at < inbox.c.at, sa.and_(other.c.at == inbox.c.at, other.c.id < inbox.c.id))
    in_the_way = sa.exists().where(is_of_sender, other.c.state.in_(_IN_WORK), comes_before)
    urgent = _take_free(connection, sa.and_(is_free, ~at_work, inbox.c.is_urgent), most, now)
    left = max(0, most - KEPT_FREE - len(urgent))
    return urgent + _take_free(connection, sa.and_(is_free, ~at_work, ~in_the_way), left, now)


def _is_claimed(rows: Any, now: float) -> Any:
    # A claim that ends later than any can was made before the clock was put back; those of machines differ.
    latest = now + 2 * CLAIM_LASTS
    return sa.and_(rows.c.claimed_until > now, rows.c.claimed_until <= latest)


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
    """Whether another message of the same sender, of one of these kinds, waits too."""
    another = sa.select(inbox.c.id).where(
        inbox.c.sender == message.sender,
        inbox.c.id != message.id,
        inbox.c.state == State.WAITING.value,
        inbox.c.kind.in_(list(kinds)),
    )
    return connection.scalar(another.limit(1)) is not None


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
