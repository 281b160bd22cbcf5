"""What waits for an answer by WhatsApp, what was sent, and what was seen before."""

from __future__ import annotations

import sqlalchemy as sa

from storage.schema.base import BIG, BY_CONVERSATION, FLOAT, NOTHING_OF_VISITORS, metadata, of_conversation

whatsapp_inbox = sa.Table(
    "whatsapp_inbox",
    metadata,
    sa.Column("id", BIG, primary_key=True, doc="in the order in which they came"),
    of_conversation(nullable=True, index=True, doc="of a message that was set aside; else empty"),
    sa.Column("sender", sa.String(64), nullable=False, doc="keyed pseudonym of who wrote"),
    sa.Column(
        "address",
        sa.JSON(none_as_null=True),
        doc="Meta's ids of who wrote; empty once set aside",
    ),
    sa.Column("message_id", sa.String(256), doc="Meta's id, for the blue ticks; empty once set aside"),
    sa.Column("at", FLOAT, nullable=False, doc="when it was typed, as Meta says"),
    sa.Column("kind", sa.String(32), nullable=False, doc="text, image, and so on"),
    sa.Column("text", sa.Text, nullable=False, doc="what was typed, masked"),
    sa.Column("chosen", sa.String(256), nullable=False, doc="id of what was pressed, or empty"),
    sa.Column("is_urgent", sa.Boolean, nullable=False, doc="it tells of danger, and waits for nothing"),
    sa.Column("state", sa.String(16), nullable=False, doc="what became of it, see storage/inbox.py"),
    sa.Column("claim", sa.Integer, nullable=False, doc="goes up whenever a worker takes it"),
    sa.Column("claimed_until", FLOAT, nullable=False, doc="after that another worker may take it"),
    sa.Column("try_at", FLOAT, nullable=False, doc="not to be taken before"),
    sa.Column("tries", sa.Integer, nullable=False, doc="how often it failed for no known reason"),
    sa.Column("waits", sa.Integer, nullable=False, doc="how often it had to wait for Meta"),
    sa.Column("reason", sa.String(64), nullable=False, doc="why it waits or was set aside"),
    sa.Column("asked_at", FLOAT, doc="of what is held: when the question for consent was sent last"),
    sa.Column("reply", sa.JSON(none_as_null=True), doc="what Kalm says, once known: a list of text and data"),
    sa.Column("reply_id", sa.String(32), nullable=False, unique=True, doc="by which Meta tells of the reply"),
    sa.Index(None, "sender", "state", "at", "id"),
    info={"erasure": BY_CONVERSATION},
)

whatsapp_ids = sa.Table(
    "whatsapp_ids",
    metadata,
    sa.Column("id_hash", sa.String(64), primary_key=True, doc="SHA-256 of Meta's id of a message"),
    sa.Column("at", FLOAT, nullable=False, index=True, doc="when it came first"),
    info={"erasure": NOTHING_OF_VISITORS + "the hash of a number made by chance leads to nobody"},
)

whatsapp_sent = sa.Table(
    "whatsapp_sent",
    metadata,
    sa.Column("reply_id", sa.String(32), primary_key=True, doc="by which Meta tells of the reply"),
    of_conversation(nullable=True, index=True, doc="empty for who has not agreed to a conversation"),
    sa.Column("id_hash", sa.String(64), index=True, doc="SHA-256 of Meta's id of what was sent, if known"),
    sa.Column("at", FLOAT, nullable=False, index=True),
    sa.Column("status", sa.String(16), nullable=False, doc="the furthest that Meta told: sent, read, failed"),
    sa.Column("error", sa.Integer, nullable=False, doc="Meta's code of why it failed, 0 for none"),
    info={"erasure": BY_CONVERSATION},
)
