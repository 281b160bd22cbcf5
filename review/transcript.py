"""A conversation as the team reads it: what the visitor typed (masked), and what Kalm said to that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from review import stored
from storage.schema import feedback, messages

AT_MOST = 400
"""Messages of one conversation that are shown; a longer one loses its beginning."""


@dataclass(frozen=True)
class Exchange:
    """One message of a visitor, with the reply.

    Attributes:
        id: of the message.
        at: when it was typed, in seconds since 1970; only the day once it has no conversation.
        text: masked.
        intent: what it was taken for, or "".
        confidence: from 0 to 1.
        ranking: the likeliest intents with their confidence, the likeliest first.
        entities: with ``start``, ``end``, ``entity`` and ``value``.
        kind: of the reply.
        reply: what Kalm said: a list of ``{"custom": payload}`` or ``{"text": text}``; empty when it is gone,
            or cannot be read.
        helped: what the visitor thought of the reply, None for nothing.
        reason: in the visitor's words, masked; may be empty.
        channel: name of the channel.
    """

    id: int
    at: float
    text: str
    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    entities: tuple[dict[str, Any], ...]
    kind: str
    reply: tuple[dict[str, Any], ...]
    helped: bool | None
    reason: str
    channel: str


def exchange(connection: Connection, message_id: int) -> Exchange | None:
    """One message with its reply; None when it is gone."""
    row = connection.execute(_wanted().where(messages.c.id == message_id)).first()
    return None if row is None else _exchange(row)


def transcript(connection: Connection, conversation_id: str, until: int | None = None) -> list[Exchange]:
    """The last :data:`AT_MOST` messages of a conversation, in order; none when it is gone.

    Args:
        connection: of a transaction.
        conversation_id: which conversation.
        until: number of the last message that counts; None for all.
    """
    of_it = _wanted().where(messages.c.conversation_id == conversation_id)
    if until is not None:
        of_it = of_it.where(messages.c.number <= until)
    newest_first = of_it.order_by(messages.c.number.desc()).limit(AT_MOST)
    return [_exchange(row) for row in connection.execute(newest_first)][::-1]


def around(connection: Connection, message_id: int) -> list[Exchange]:
    """The conversation in which a message stands; the message alone once it has none; empty when gone."""
    place = sa.select(messages.c.conversation_id, messages.c.number).where(messages.c.id == message_id)
    row = connection.execute(place).first()
    if row is None:
        return []
    if row.conversation_id is not None:
        found = transcript(connection, row.conversation_id)
        if any(one.id == message_id for one in found):
            return found
        return transcript(connection, row.conversation_id, row.number + AT_MOST // 2)
    alone = exchange(connection, message_id)
    return [] if alone is None else [alone]


def with_feedback() -> sa.sql.Join:
    """Each message with the last thing that its visitor said of the reply, if any."""
    said = feedback.c.message_id == messages.c.id
    last = sa.select(sa.func.max(feedback.c.id)).where(said).correlate(messages).scalar_subquery()
    return messages.outerjoin(feedback, feedback.c.id == last)


def _wanted() -> sa.sql.Select:
    names = ("id", "at", "text", "intent", "confidence", "kind", "channel")
    written = (stored.as_text(messages.c.understood), stored.as_text(messages.c.reply))
    return sa.select(
        *(messages.c[name] for name in names), *written, feedback.c.helped, feedback.c.reason
    ).select_from(with_feedback())


def _exchange(row: Row) -> Exchange:
    understood = stored.read(row.understood)
    entities = understood.get("entities") if isinstance(understood, dict) else None
    return Exchange(
        id=row.id,
        at=row.at,
        text=row.text,
        intent=row.intent,
        confidence=row.confidence,
        ranking=stored.ranking(understood),
        entities=tuple(stored.dicts(entities)),
        kind=row.kind,
        reply=tuple(stored.dicts(stored.read(row.reply))),
        helped=row.helped,
        reason=row.reason or "",
        channel=row.channel,
    )
