"""Conversations, what is kept of each, and what is left when one is erased."""

from __future__ import annotations

import sqlalchemy as sa

from storage.schema.base import BIG, BY_CONVERSATION, FLOAT, NOTHING_OF_VISITORS, metadata, of_conversation


def _of_message(doc: str) -> sa.Column[int]:
    key = sa.ForeignKey("messages.id", ondelete="CASCADE")
    return sa.Column("message_id", BIG, key, nullable=False, index=True, doc=doc)


conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True, doc="Rasa's sender id: random, means nothing"),
    sa.Column("sender", sa.String(64), unique=True, doc="keyed pseudonym of who wrote"),
    sa.Column("sender_key", sa.String(8), doc="name of the key that made the pseudonym"),
    sa.Column("channel", sa.String(32), nullable=False, doc="name of the channel, such as rest"),
    sa.Column("started_at", FLOAT, nullable=False),
    sa.Column("last_at", FLOAT, nullable=False, index=True, doc="of the last event"),
    sa.Column("last_event", sa.Integer, nullable=False, doc="number of the last event, 0 for none"),
    sa.Column("last_message", sa.Integer, nullable=False, doc="number of the last message, 0 for none"),
    sa.Column("slots", sa.JSON, nullable=False, doc="what Kalm remembers, after the last event"),
    info={"erasure": BY_CONVERSATION},
)

events = sa.Table(
    "events",
    metadata,
    of_conversation(),
    sa.Column("number", sa.Integer, nullable=False, doc="1, 2, ... within the conversation"),
    sa.Column("type", sa.String(64), nullable=False),
    sa.Column("at", FLOAT, nullable=False, index=True),
    sa.Column("data", sa.JSON, nullable=False, doc="the event as Rasa writes it"),
    sa.PrimaryKeyConstraint("conversation_id", "number"),
    info={"erasure": BY_CONVERSATION},
)

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("id", BIG, primary_key=True, autoincrement=False, doc="random: gives no order away"),
    of_conversation(
        nullable=True, doc="empty once the conversation is gone and the message waits for review"
    ),
    sa.Column("number", sa.Integer, doc="1, 2, ... within the conversation"),
    sa.Column(
        "at",
        FLOAT,
        nullable=False,
        doc="when it was typed; only the day once it has no conversation",
    ),
    sa.Column("channel", sa.String(32), nullable=False, doc="name of the channel, such as rest"),
    sa.Column("text", sa.Text, nullable=False, doc="what the visitor typed, masked"),
    sa.Column("intent", sa.String(64), nullable=False, doc="what it was taken for"),
    sa.Column("confidence", FLOAT, nullable=False, doc="of the intent, from 0 to 1"),
    sa.Column("kind", sa.String(32), nullable=False, doc="of the reply; small_talk or nothing else"),
    sa.Column("reply", sa.JSON, nullable=False, doc="what Kalm said: a list of text and data"),
    sa.Column("passages", sa.JSON, nullable=False, doc="id and hash of each passage in the reply"),
    sa.Column("milliseconds", sa.Integer, nullable=False, doc="from receipt to storing"),
    sa.Column(
        "understood",
        sa.JSON(none_as_null=True),
        doc="the likeliest intents with their confidence, and the entities; empty when stored before 0004",
    ),
    sa.UniqueConstraint("conversation_id", "number"),
    # All that the overview counts, so that it need not read the texts.
    sa.Index(None, "at", "channel", "kind", "conversation_id", "milliseconds"),
    info={"erasure": BY_CONVERSATION},
)

feedback = sa.Table(
    "feedback",
    metadata,
    sa.Column("id", BIG, primary_key=True),
    of_conversation(index=True),
    _of_message("the answer that was judged"),
    sa.Column("at", FLOAT, nullable=False),
    sa.Column("helped", sa.Boolean, nullable=False, doc="what the visitor said of the answer"),
    sa.Column("reason", sa.Text, nullable=False, doc="in the visitor's words, masked; may be empty"),
    info={"erasure": BY_CONVERSATION},
)

handovers = sa.Table(
    "handovers",
    metadata,
    sa.Column("id", BIG, primary_key=True),
    of_conversation(index=True),
    _of_message("the message that asked for a person"),
    sa.Column("at", FLOAT, nullable=False),
    sa.Column("state", sa.String(16), nullable=False, doc="open, or what the team made of it"),
    info={"erasure": BY_CONVERSATION},
)

idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    of_conversation(),
    sa.Column("key", sa.String(64), nullable=False, doc="the sender's own id of a message, made by chance"),
    sa.Column("at", FLOAT, nullable=False, doc="when somebody last began to answer it"),
    sa.Column("message_number", sa.Integer, doc="of the message that it became, empty until it is answered"),
    sa.PrimaryKeyConstraint("conversation_id", "key"),
    info={"erasure": BY_CONVERSATION},
)

aliases = sa.Table(
    "aliases",
    metadata,
    sa.Column("sender", sa.String(64), primary_key=True, doc="one more pseudonym of who wrote"),
    sa.Column("sender_key", sa.String(8), nullable=False, doc="name of the key that made the pseudonym"),
    of_conversation(index=True),
    info={"erasure": BY_CONVERSATION},
)

consents = sa.Table(
    "consents",
    metadata,
    of_conversation(primary_key=True),
    sa.Column("at", FLOAT, nullable=False),
    sa.Column("text_hash", sa.String(64), nullable=False, doc="of what the visitor agreed to"),
    sa.Column("stopped_at", FLOAT, doc="when the visitor took it back, empty while it holds"),
    info={"erasure": BY_CONVERSATION},
)

erasures = sa.Table(
    "erasures",
    metadata,
    sa.Column("receipt", sa.String(16), primary_key=True),
    sa.Column(
        "conversation_hash", sa.String(64), nullable=False, index=True, doc="SHA-256 of the id of no row now"
    ),
    sa.Column("at", FLOAT, nullable=False),
    sa.Column("asked_by", sa.String(16), nullable=False, doc="visitor or shop"),
    sa.Column("cleaned_at", FLOAT, doc="when the database had tidied up behind it"),
    info={
        "erasure": NOTHING_OF_VISITORS + "a receipt, which leads to no conversation and no line of the log"
    },
)
