"""Conversations, their events and messages, feedback, handovers, receipts of erasures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.Float(53)


def _of_conversation(nullable: bool = False) -> sa.Column[str]:
    return sa.Column(
        "conversation_id",
        sa.String(64),
        sa.ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=nullable,
    )


def _of_message() -> sa.Column[int]:
    return sa.Column("message_id", _BIG, sa.ForeignKey("messages.id", ondelete="CASCADE"), nullable=False)


def upgrade() -> None:
    """Go to this schema from an empty database."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("sender", sa.String(64), unique=True),
        sa.Column("sender_key", sa.String(8)),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("started_at", _TIME, nullable=False),
        sa.Column("last_at", _TIME, nullable=False),
        sa.Column("last_event", sa.Integer, nullable=False),
        sa.Column("last_message", sa.Integer, nullable=False),
        sa.Column("slots", sa.JSON, nullable=False),
    )
    op.create_index("ix_conversations_last_at", "conversations", ["last_at"])
    op.create_table(
        "events",
        _of_conversation(),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "number"),
    )
    op.create_index("ix_events_at", "events", ["at"])
    op.create_table(
        "messages",
        sa.Column("id", _BIG, primary_key=True, autoincrement=False),
        _of_conversation(nullable=True),
        sa.Column("number", sa.Integer),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("intent", sa.String(64), nullable=False),
        sa.Column("confidence", _TIME, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("reply", sa.JSON, nullable=False),
        sa.Column("passages", sa.JSON, nullable=False),
        sa.Column("milliseconds", sa.Integer, nullable=False),
        sa.UniqueConstraint("conversation_id", "number"),
    )
    op.create_index("ix_messages_at", "messages", ["at"])
    op.create_table(
        "feedback",
        sa.Column("id", _BIG, primary_key=True),
        _of_conversation(),
        _of_message(),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("helped", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "handovers",
        sa.Column("id", _BIG, primary_key=True),
        _of_conversation(),
        _of_message(),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
    )
    for table in ("feedback", "handovers"):
        for column in ("conversation_id", "message_id"):
            op.create_index(f"ix_{table}_{column}", table, [column])
    op.create_table(
        "erasures",
        sa.Column("receipt", sa.String(16), primary_key=True),
        sa.Column("conversation_hash", sa.String(64), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("asked_by", sa.String(16), nullable=False),
        sa.Column("cleaned_at", _TIME),
    )
    op.create_index("ix_erasures_conversation_hash", "erasures", ["conversation_hash"])
