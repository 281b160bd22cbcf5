"""Messages of WhatsApp that wait for an answer, what was sent, consent, and more ids of one person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.Float(53)


def _of_conversation(nullable: bool = False, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(
        "conversation_id",
        sa.String(64),
        sa.ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=nullable,
        primary_key=primary_key,
    )


def upgrade() -> None:
    """Go to this schema from 0002."""
    op.create_table(
        "aliases",
        sa.Column("sender", sa.String(64), primary_key=True),
        sa.Column("sender_key", sa.String(8), nullable=False),
        _of_conversation(),
    )
    op.create_table(
        "consents",
        _of_conversation(primary_key=True),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.Column("stopped_at", _TIME),
    )
    op.create_table(
        "whatsapp_inbox",
        sa.Column("id", _BIG, primary_key=True),
        _of_conversation(nullable=True),
        sa.Column("sender", sa.String(64), nullable=False),
        sa.Column("address", sa.JSON),
        sa.Column("message_id", sa.String(256)),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("chosen", sa.String(256), nullable=False),
        sa.Column("is_urgent", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("claim", sa.Integer, nullable=False),
        sa.Column("claimed_until", _TIME, nullable=False),
        sa.Column("try_at", _TIME, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("waits", sa.Integer, nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("asked_at", _TIME),
        sa.Column("reply", sa.JSON),
        sa.Column("reply_id", sa.String(32), nullable=False, unique=True),
    )
    op.create_table(
        "whatsapp_ids",
        sa.Column("id_hash", sa.String(64), primary_key=True),
        sa.Column("at", _TIME, nullable=False),
    )
    op.create_table(
        "whatsapp_sent",
        sa.Column("reply_id", sa.String(32), primary_key=True),
        _of_conversation(nullable=True),
        sa.Column("id_hash", sa.String(64)),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("error", sa.Integer, nullable=False),
    )
    op.create_index("ix_whatsapp_inbox_sender_state_at_id", "whatsapp_inbox", ["sender", "state", "at", "id"])
    for table, column in (
        ("aliases", "conversation_id"),
        ("whatsapp_inbox", "conversation_id"),
        ("whatsapp_ids", "at"),
        ("whatsapp_sent", "conversation_id"),
        ("whatsapp_sent", "id_hash"),
        ("whatsapp_sent", "at"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])
