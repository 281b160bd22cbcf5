"""The one schema, for SQLite and PostgreSQL. ``docs/storage.md`` shows it as a picture made from here.

Times are seconds since 1970 in UTC, as Rasa's own. Each table says in ``info`` how it is erased with a
conversation (:data:`BY_CONVERSATION`), or why it holds nothing of a visitor; ``tests/storage/test_schema.py``
refuses one that does not.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

BY_CONVERSATION = "with its conversation"
"""The table has a column ``conversation_id`` whose rows go when the conversation goes."""

NOTHING_OF_VISITORS = "holds nothing of a visitor: "
"""Start of what a table says that is not erased."""

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""Only an INTEGER can be SQLite's own row number, which has 64 bits there as well."""


def _of_conversation(**options: Any) -> sa.Column[str]:
    options = {"nullable": False, **options}
    key = sa.ForeignKey("conversations.id", ondelete="CASCADE")
    return sa.Column("conversation_id", sa.String(64), key, **options)


def _of_message(doc: str) -> sa.Column[int]:
    key = sa.ForeignKey("messages.id", ondelete="CASCADE")
    return sa.Column("message_id", _BIG, key, nullable=False, index=True, doc=doc)


conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True, doc="Rasa's sender id: random, means nothing"),
    sa.Column("sender", sa.String(64), unique=True, doc="keyed pseudonym of who wrote"),
    sa.Column("sender_key", sa.String(8), doc="name of the key that made the pseudonym"),
    sa.Column("channel", sa.String(32), nullable=False, doc="name of the channel, such as rest"),
    sa.Column("started_at", sa.Float(53), nullable=False),
    sa.Column("last_at", sa.Float(53), nullable=False, index=True, doc="of the last event"),
    sa.Column("last_event", sa.Integer, nullable=False, doc="number of the last event, 0 for none"),
    sa.Column("last_message", sa.Integer, nullable=False, doc="number of the last message, 0 for none"),
    sa.Column("slots", sa.JSON, nullable=False, doc="what Kalm remembers, after the last event"),
    info={"erasure": BY_CONVERSATION},
)

events = sa.Table(
    "events",
    metadata,
    _of_conversation(),
    sa.Column("number", sa.Integer, nullable=False, doc="1, 2, ... within the conversation"),
    sa.Column("type", sa.String(64), nullable=False),
    sa.Column("at", sa.Float(53), nullable=False, index=True),
    sa.Column("data", sa.JSON, nullable=False, doc="the event as Rasa writes it"),
    sa.PrimaryKeyConstraint("conversation_id", "number"),
    info={"erasure": BY_CONVERSATION},
)

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("id", _BIG, primary_key=True, autoincrement=False, doc="random: gives no order away"),
    _of_conversation(
        nullable=True, doc="empty once the conversation is gone and the message waits for review"
    ),
    sa.Column("number", sa.Integer, doc="1, 2, ... within the conversation"),
    sa.Column(
        "at",
        sa.Float(53),
        nullable=False,
        index=True,
        doc="when it was typed; only the day once it has no conversation",
    ),
    sa.Column("channel", sa.String(32), nullable=False, doc="name of the channel, such as rest"),
    sa.Column("text", sa.Text, nullable=False, doc="what the visitor typed, masked"),
    sa.Column("intent", sa.String(64), nullable=False, doc="what it was taken for"),
    sa.Column("confidence", sa.Float(53), nullable=False, doc="of the intent, from 0 to 1"),
    sa.Column("kind", sa.String(32), nullable=False, doc="of the reply; small_talk or nothing else"),
    sa.Column("reply", sa.JSON, nullable=False, doc="what Kalm said: a list of text and data"),
    sa.Column("passages", sa.JSON, nullable=False, doc="id and hash of each passage in the reply"),
    sa.Column("milliseconds", sa.Integer, nullable=False, doc="from receipt to storing"),
    sa.UniqueConstraint("conversation_id", "number"),
    info={"erasure": BY_CONVERSATION},
)

feedback = sa.Table(
    "feedback",
    metadata,
    sa.Column("id", _BIG, primary_key=True),
    _of_conversation(index=True),
    _of_message("the answer that was judged"),
    sa.Column("at", sa.Float(53), nullable=False),
    sa.Column("helped", sa.Boolean, nullable=False, doc="what the visitor said of the answer"),
    sa.Column("reason", sa.Text, nullable=False, doc="in the visitor's words, masked; may be empty"),
    info={"erasure": BY_CONVERSATION},
)

handovers = sa.Table(
    "handovers",
    metadata,
    sa.Column("id", _BIG, primary_key=True),
    _of_conversation(index=True),
    _of_message("the message that asked for a person"),
    sa.Column("at", sa.Float(53), nullable=False),
    sa.Column("state", sa.String(16), nullable=False, doc="open, or what the team made of it"),
    info={"erasure": BY_CONVERSATION},
)

idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    _of_conversation(),
    sa.Column("key", sa.String(64), nullable=False, doc="the sender's own id of a message, made by chance"),
    sa.Column("at", sa.Float(53), nullable=False, doc="when somebody last began to answer it"),
    sa.Column("message_number", sa.Integer, doc="of the message that it became, empty until it is answered"),
    sa.PrimaryKeyConstraint("conversation_id", "key"),
    info={"erasure": BY_CONVERSATION},
)

aliases = sa.Table(
    "aliases",
    metadata,
    sa.Column("sender", sa.String(64), primary_key=True, doc="one more pseudonym of who wrote"),
    sa.Column("sender_key", sa.String(8), nullable=False, doc="name of the key that made the pseudonym"),
    _of_conversation(index=True),
    info={"erasure": BY_CONVERSATION},
)

consents = sa.Table(
    "consents",
    metadata,
    _of_conversation(primary_key=True),
    sa.Column("at", sa.Float(53), nullable=False),
    sa.Column("text_hash", sa.String(64), nullable=False, doc="of what the visitor agreed to"),
    sa.Column("stopped_at", sa.Float(53), doc="when the visitor took it back, empty while it holds"),
    info={"erasure": BY_CONVERSATION},
)

whatsapp_inbox = sa.Table(
    "whatsapp_inbox",
    metadata,
    sa.Column("id", _BIG, primary_key=True, doc="in the order in which they came"),
    _of_conversation(nullable=True, index=True, doc="of a message that was set aside; else empty"),
    sa.Column("sender", sa.String(64), nullable=False, doc="keyed pseudonym of who wrote"),
    sa.Column(
        "address",
        sa.JSON(none_as_null=True),
        doc="Meta's ids of who wrote; empty once set aside",
    ),
    sa.Column("message_id", sa.String(256), doc="Meta's id, for the blue ticks; empty once set aside"),
    sa.Column("at", sa.Float(53), nullable=False, doc="when it was typed, as Meta says"),
    sa.Column("kind", sa.String(32), nullable=False, doc="text, image, and so on"),
    sa.Column("text", sa.Text, nullable=False, doc="what was typed, masked"),
    sa.Column("chosen", sa.String(256), nullable=False, doc="id of what was pressed, or empty"),
    sa.Column("is_urgent", sa.Boolean, nullable=False, doc="it tells of danger, and waits for nothing"),
    sa.Column("state", sa.String(16), nullable=False, doc="what became of it, see storage/inbox.py"),
    sa.Column("claim", sa.Integer, nullable=False, doc="goes up whenever a worker takes it"),
    sa.Column("claimed_until", sa.Float(53), nullable=False, doc="after that another worker may take it"),
    sa.Column("try_at", sa.Float(53), nullable=False, doc="not to be taken before"),
    sa.Column("tries", sa.Integer, nullable=False, doc="how often it failed for no known reason"),
    sa.Column("waits", sa.Integer, nullable=False, doc="how often it had to wait for Meta"),
    sa.Column("reason", sa.String(64), nullable=False, doc="why it waits or was set aside"),
    sa.Column("asked_at", sa.Float(53), doc="of what is held: when the question for consent was sent last"),
    sa.Column("reply", sa.JSON(none_as_null=True), doc="what Kalm says, once known: a list of text and data"),
    sa.Column("reply_id", sa.String(32), nullable=False, unique=True, doc="by which Meta tells of the reply"),
    sa.Index(None, "sender", "state", "at", "id"),
    info={"erasure": BY_CONVERSATION},
)

whatsapp_ids = sa.Table(
    "whatsapp_ids",
    metadata,
    sa.Column("id_hash", sa.String(64), primary_key=True, doc="SHA-256 of Meta's id of a message"),
    sa.Column("at", sa.Float(53), nullable=False, index=True, doc="when it came first"),
    info={"erasure": NOTHING_OF_VISITORS + "the hash of a number made by chance leads to nobody"},
)

whatsapp_sent = sa.Table(
    "whatsapp_sent",
    metadata,
    sa.Column("reply_id", sa.String(32), primary_key=True, doc="by which Meta tells of the reply"),
    _of_conversation(nullable=True, index=True, doc="empty for who has not agreed to a conversation"),
    sa.Column("id_hash", sa.String(64), index=True, doc="SHA-256 of Meta's id of what was sent, if known"),
    sa.Column("at", sa.Float(53), nullable=False, index=True),
    sa.Column("status", sa.String(16), nullable=False, doc="the furthest that Meta told: sent, read, failed"),
    sa.Column("error", sa.Integer, nullable=False, doc="Meta's code of why it failed, 0 for none"),
    info={"erasure": BY_CONVERSATION},
)

erasures = sa.Table(
    "erasures",
    metadata,
    sa.Column("receipt", sa.String(16), primary_key=True),
    sa.Column(
        "conversation_hash", sa.String(64), nullable=False, index=True, doc="SHA-256 of the id of no row now"
    ),
    sa.Column("at", sa.Float(53), nullable=False),
    sa.Column("asked_by", sa.String(16), nullable=False, doc="visitor or shop"),
    sa.Column("cleaned_at", sa.Float(53), doc="when the database had tidied up behind it"),
    info={
        "erasure": NOTHING_OF_VISITORS + "a receipt, which leads to no conversation and no line of the log"
    },
)
