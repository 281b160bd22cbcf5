"""What was sent by WhatsApp, and what Meta told of it since."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.database import insert_unless_there
from storage.inbox import id_hash
from storage.schema import conversations
from storage.schema import whatsapp_sent as sent

FURTHER = ("sent", "delivered", "read", "failed")
"""What Meta tells of a message, each further than the one before; it does not always come in this order."""


def note_sent(
    connection: Connection, reply_id: str, message_id: str, conversation_id: str | None, now: float
) -> None:
    """Keep that a reply was sent; Meta may have told of it before.

    Args:
        connection: of a transaction that writes.
        reply_id: by which Meta tells of it.
        message_id: Meta's id of it.
        conversation_id: to which it belongs, None for none.
        now: seconds since 1970.
    """
    known = {
        "conversation_id": _if_there(connection, conversation_id),
        "id_hash": id_hash(message_id),
    }
    values = {**known, "at": now, "status": "sent", "error": 0}
    if not insert_unless_there(connection, sent, reply_id=reply_id, **values):
        connection.execute(sent.update().where(sent.c.reply_id == reply_id).values(known))


def note_status(
    connection: Connection, reply_id: str, message_id: str, status: str, error: int, now: float
) -> bool:
    """Keep what Meta tells of a reply, when that is further than what is known.

    Args:
        connection: of a transaction that writes.
        reply_id: as Meta repeats it, "" when it does not.
        message_id: Meta's id of what was sent.
        status: one of :data:`FURTHER`.
        error: Meta's code, 0 for none.
        now: seconds since 1970.

    Returns:
        Whether it was news.
    """
    if reply_id:
        values = {"id_hash": id_hash(message_id), "at": now, "status": status, "error": error}
        if insert_unless_there(connection, sent, reply_id=reply_id, **values):
            return True
    this = sent.c.reply_id == reply_id if reply_id else sent.c.id_hash == id_hash(message_id)
    before = FURTHER[: FURTHER.index(status)]
    changed = connection.execute(
        sent.update().where(this, sent.c.status.in_(before)).values(status=status, error=error)
    )
    return bool(changed.rowcount)


def _if_there(connection: Connection, conversation_id: str | None) -> str | None:
    """The conversation, unless it was erased meanwhile."""
    if conversation_id is None:
        return None
    wanted = sa.select(conversations.c.id).where(conversations.c.id == conversation_id)
    found = connection.scalar(wanted.with_for_update(key_share=True, read=True))
    return None if found is None else str(found)
