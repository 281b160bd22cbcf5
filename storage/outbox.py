"""Replies on WhatsApp from when they are known until they are sent: none is kept twice or sent blindly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.claiming import CLAIM_LASTS, Claimed, change, is_of, must
from storage.held import note_asked
from storage.inbox import State, insert
from storage.schema import whatsapp_inbox as inbox

UNSURE_FOR = 20.0
"""Seconds to wait for Meta's word about a reply that may have been sent. It mostly comes within two."""

UNSURE = "unsure"
"""Reason of what may have been sent."""

REPEATED = "repeated"
"""Reason of what is sent once more: a third one would only bother who has both."""

QUESTION = "question"
"""Kind of the row that asks for consent."""


def keep_reply(connection: Connection, message: Claimed, reply: Sequence[dict[str, Any]]) -> None:
    """Keep what Kalm says to a message, in the transaction that keeps the conversation.

    Raises:
        LostClaimError: another worker has it, or its reply is kept already.
    """
    changed = connection.execute(
        inbox.update()
        .where(is_of(message), inbox.c.state == State.WAITING.value)
        .values(state=State.ANSWERED.value, reply=list(reply))
    )
    must(changed.rowcount)


def say_beside(
    connection: Connection, message: Claimed, reply: Sequence[dict[str, Any]], kind: str = ""
) -> None:
    """Keep something to say to who sent a message, which itself stays to be answered.

    Args:
        connection: of a transaction that writes.
        message: to whose sender.
        reply: what to say.
        kind: of what is said, such as :data:`QUESTION`.
    """
    nothing = replace(message, kind=kind or message.kind, text="", chosen="")
    insert(connection, nothing, State.ANSWERED, list(reply))


def is_answered(connection: Connection, message: Claimed) -> bool:
    """Whether a worker that has a message has a reply to send for it."""
    found = sa.select(inbox.c.id).where(is_of(message), inbox.c.state == State.ANSWERED.value)
    return connection.scalar(found) is not None


def begin_sending(connection: Connection, message: Claimed, now: float) -> list[dict[str, Any]]:
    """Keep that the reply may be on its way from now on, before the first byte goes out; gives the reply.

    Raises:
        LostClaimError: another worker has it.
    """
    change(
        connection,
        message,
        state=State.SENDING.value,
        claimed_until=now + CLAIM_LASTS,
        try_at=now + UNSURE_FOR,
        **({"reason": REPEATED} if message.state is State.SENDING else {}),
    )
    return list(connection.scalar(sa.select(inbox.c.reply).where(is_of(message))))


def stay_unsure(connection: Connection, message: Claimed, now: float) -> None:
    """Give a message back of which the reply may have been sent, to wait for Meta's word.

    Raises:
        LostClaimError: another worker has it.
    """
    change(connection, message, claimed_until=0.0, try_at=now + UNSURE_FOR, reason=UNSURE)


def try_now(connection: Connection) -> None:
    """Let what waits for Meta be tried at once: a start may bring the new token that it waits for."""
    waits = sa.and_(inbox.c.state == State.ANSWERED.value, inbox.c.waits > 0)
    connection.execute(inbox.update().where(waits).values(try_at=0.0))


def settle_reply(connection: Connection, reply_id: str, now: float) -> bool:
    """Forget a message whose reply was sent, as Meta says; gives whether it was still there.

    Also one that Meta said it had not taken: only from a reply that was sent does Meta know the id.

    Args:
        connection: of a transaction that writes.
        reply_id: of the reply.
        now: seconds since 1970.
    """
    is_known = inbox.c.state.in_([State.ANSWERED.value, State.SENDING.value])
    this = sa.and_(inbox.c.reply_id == reply_id, is_known)
    row = connection.execute(sa.select(inbox.c.sender, inbox.c.kind).where(this)).one_or_none()
    if row is None or not connection.execute(inbox.delete().where(this)).rowcount:
        return False
    if row.kind == QUESTION:
        note_asked(connection, [row.sender], now)
    return True
