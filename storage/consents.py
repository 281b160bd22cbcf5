"""What a visitor agreed to, and when: a shop must be able to show it (GDPR art. 7).

It belongs to the conversation and goes with it; whoever comes back after that is asked again.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.database import insert_unless_there
from storage.holding import hold
from storage.schema import consents


@dataclass(frozen=True)
class Consent:
    """What a visitor agreed to.

    Attributes:
        text_hash: of the text, as :func:`kalm.said.text_hash` makes it.
        stopped_at: when the visitor took it back, in seconds since 1970; 0 while it holds.
    """

    text_hash: str
    stopped_at: float = 0.0


def consent_of(connection: Connection, conversation_id: str) -> Consent | None:
    """What was agreed to in a conversation, None for nothing."""
    row = connection.execute(
        sa.select(consents.c.text_hash, consents.c.stopped_at).where(
            consents.c.conversation_id == conversation_id
        )
    ).one_or_none()
    return None if row is None else Consent(row.text_hash, row.stopped_at or 0.0)


def agree(connection: Connection, conversation_id: str, text_hash: str, now: float) -> None:
    """Keep that a visitor agrees, in place of what was there.

    Args:
        connection: of a transaction that writes.
        conversation_id: which conversation; it must exist.
        text_hash: of the text that was agreed to.
        now: seconds since 1970.
    """
    hold(connection, [conversation_id])
    values = {"text_hash": text_hash, "at": now, "stopped_at": None}
    if not insert_unless_there(connection, consents, conversation_id=conversation_id, **values):
        connection.execute(
            consents.update().where(consents.c.conversation_id == conversation_id).values(values)
        )


def stop(connection: Connection, conversation_id: str, now: float) -> None:
    """Keep that a visitor wants to stop, also when there was no consent: a danger is answered without.

    Args:
        connection: of a transaction that writes.
        conversation_id: which conversation.
        now: seconds since 1970.
    """
    hold(connection, [conversation_id])
    nothing = {"text_hash": "", "at": now, "stopped_at": now}
    if not insert_unless_there(connection, consents, conversation_id=conversation_id, **nothing):
        connection.execute(
            consents.update().where(consents.c.conversation_id == conversation_id).values(stopped_at=now)
        )
