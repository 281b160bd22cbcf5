"""A conversation as the team reads it: what the visitor typed (masked), and what Kalm said to that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

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
        reply: what Kalm said: a list of ``{"custom": payload}`` or ``{"text": text}``; empty when it is gone.
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


def transcript(connection: Connection, conversation_id: str) -> list[Exchange]:
    """The last :data:`AT_MOST` messages of a conversation, in order; none when it is gone."""
    of_it = messages.c.conversation_id == conversation_id
    newest_first = _wanted().where(of_it).order_by(messages.c.number.desc()).limit(AT_MOST)
    return [_exchange(row) for row in connection.execute(newest_first)][::-1]


def around(connection: Connection, message_id: int) -> list[Exchange]:
    """The conversation in which a message stands; the message alone once it has none; none when it is gone."""
    row = connection.execute(sa.select(messages.c.conversation_id).where(messages.c.id == message_id)).first()
    if row is None:
        return []
    if row.conversation_id is not None:
        return transcript(connection, row.conversation_id)
    alone = exchange(connection, message_id)
    return [] if alone is None else [alone]


def _wanted() -> sa.sql.Select:
    said = feedback.c.message_id == messages.c.id
    last = sa.select(sa.func.max(feedback.c.id)).where(said).correlate(messages).scalar_subquery()
    return sa.select(messages, feedback.c.helped, feedback.c.reason).select_from(
        messages.outerjoin(feedback, feedback.c.id == last)
    )


def _exchange(row: Row) -> Exchange:
    understood = row.understood if isinstance(row.understood, dict) else {}
    reply = row.reply if isinstance(row.reply, list) else []
    return Exchange(
        id=row.id,
        at=row.at,
        text=row.text,
        intent=row.intent,
        confidence=row.confidence,
        ranking=tuple((str(name), float(confidence)) for name, confidence in understood.get("ranking", ())),
        entities=tuple(understood.get("entities", ())),
        kind=row.kind,
        reply=tuple(said for said in reply if isinstance(said, dict)),
        helped=row.helped,
        reason=row.reason or "",
        channel=row.channel,
    )
