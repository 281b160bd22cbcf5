"""The review screens: the team, what it judges, candidates, and what becomes of handovers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FLOAT = sa.Float(53)


def upgrade() -> None:
    """Go to this schema from 0003."""
    op.add_column("messages", sa.Column("understood", sa.JSON))
    op.drop_index("ix_messages_at", "messages")
    op.create_index(
        "ix_messages_at_channel_kind_conversation_id_milliseconds",
        "messages",
        ["at", "channel", "kind", "conversation_id", "milliseconds"],
    )
    op.create_table(
        "team_members",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False, unique=True),
        sa.Column("full_name", sa.String(128), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password_hash", sa.String(256), nullable=False),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("created_at", _FLOAT, nullable=False),
        sa.Column("disabled_at", _FLOAT),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("locked_until", _FLOAT, nullable=False),
    )
    op.create_table(
        "team_sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("member_id", _BIG, sa.ForeignKey("team_members.id"), nullable=False),
        sa.Column("csrf_token", sa.String(64), nullable=False),
        sa.Column("started_at", _FLOAT, nullable=False),
        sa.Column("last_at", _FLOAT, nullable=False),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("at", _FLOAT, nullable=False),
        sa.Column("member", sa.String(64), nullable=False),
        sa.Column("action", sa.String(48), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
    )
    op.create_table(
        "review_items",
        sa.Column(
            "message_id",
            _BIG,
            sa.ForeignKey("messages.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("at", _FLOAT, nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("intent", sa.String(64), nullable=False),
        sa.Column("confidence", _FLOAT, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("group_key", sa.String(32), nullable=False),
        sa.Column("score", _FLOAT, nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("cluster", sa.Integer),
        sa.Column("typical", _FLOAT),
        sa.Column("words", sa.Text, nullable=False, server_default=""),
    )
    op.create_table(
        "judgements",
        sa.Column(
            "message_id",
            _BIG,
            sa.ForeignKey("messages.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("intent", sa.String(64), nullable=False),
        sa.Column("entities", sa.JSON, nullable=False),
        sa.Column("passage", sa.String(160), nullable=False),
        sa.Column("proposal", sa.String(160), nullable=False),
        sa.Column("judged_by", _BIG, sa.ForeignKey("team_members.id"), nullable=False),
        sa.Column("judged_at", _FLOAT, nullable=False),
        sa.Column("looked_by", _BIG, sa.ForeignKey("team_members.id")),
        sa.Column("looked_at", _FLOAT),
        sa.Column("second_intent", sa.String(64), nullable=False),
        sa.Column("candidate", sa.String(32), nullable=False),
    )
    op.create_table(
        "judgement_steps",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("batch", sa.String(32), nullable=False),
        sa.Column("message_id", _BIG, sa.ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
        sa.Column("member_id", _BIG, sa.ForeignKey("team_members.id"), nullable=False),
        sa.Column("at", _FLOAT, nullable=False),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("became", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "review_comments",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("message_id", _BIG, sa.ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
        sa.Column("member_id", _BIG, sa.ForeignKey("team_members.id"), nullable=False),
        sa.Column("at", _FLOAT, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "review_locks",
        sa.Column(
            "message_id",
            _BIG,
            sa.ForeignKey("messages.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("member_id", _BIG, sa.ForeignKey("team_members.id"), nullable=False),
        sa.Column("until", _FLOAT, nullable=False),
    )
    op.create_table(
        "unanswered_decisions",
        sa.Column(
            "message_id",
            _BIG,
            sa.ForeignKey("messages.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("passage", sa.String(160), nullable=False),
        sa.Column("member_id", _BIG, sa.ForeignKey("team_members.id"), nullable=False),
        sa.Column("at", _FLOAT, nullable=False),
    )
    op.create_table(
        "clusterings",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("at", _FLOAT, nullable=False),
        sa.Column("done_at", _FLOAT),
        sa.Column("questions", sa.Integer, nullable=False),
        sa.Column("left_out", sa.Integer, nullable=False),
    )
    op.create_table(
        "training_edits",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("intent", sa.String(64), nullable=False),
        sa.Column("to_intent", sa.String(64), nullable=False),
        sa.Column("other_text", sa.Text, nullable=False),
        sa.Column("member_id", _BIG, sa.ForeignKey("team_members.id"), nullable=False),
        sa.Column("at", _FLOAT, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("candidate", sa.String(32), nullable=False),
    )
    op.create_table(
        "article_drafts",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("article", sa.String(80), nullable=False),
        sa.Column("section", sa.String(80), nullable=False),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("member_id", _BIG, sa.ForeignKey("team_members.id"), nullable=False),
        sa.Column("at", _FLOAT, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("approved_by", _BIG, sa.ForeignKey("team_members.id")),
        sa.Column("candidate", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "candidates",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("at", _FLOAT, nullable=False),
        sa.Column("member_id", _BIG, sa.ForeignKey("team_members.id"), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("files", sa.JSON, nullable=False),
        sa.Column("release", sa.JSON, nullable=False),
        sa.Column("earlier", sa.JSON, nullable=False),
        sa.Column("live_by", _BIG, sa.ForeignKey("team_members.id")),
        sa.Column("live_at", _FLOAT),
    )
    op.create_table(
        "guest_links",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("candidate", sa.String(32), sa.ForeignKey("candidates.id"), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("member_id", _BIG, sa.ForeignKey("team_members.id"), nullable=False),
        sa.Column("at", _FLOAT, nullable=False),
        sa.Column("until", _FLOAT, nullable=False),
    )
    op.create_table(
        "guest_marks",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("link", sa.String(64), sa.ForeignKey("guest_links.token_hash"), nullable=False),
        sa.Column("at", _FLOAT, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("reply", sa.JSON, nullable=False),
        sa.Column("is_good", sa.Boolean),
        sa.Column("remark", sa.Text, nullable=False),
    )
    op.create_table(
        "handover_cases",
        sa.Column(
            "handover_id",
            _BIG,
            sa.ForeignKey("handovers.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("member_id", _BIG, sa.ForeignKey("team_members.id")),
        sa.Column("changed_at", _FLOAT, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("mailing_until", _FLOAT),
        sa.Column("mailed_at", _FLOAT),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_team_sessions_member_id", "team_sessions", ["member_id"])
    op.create_index("ix_audit_log_at", "audit_log", ["at"])
    op.create_index("ix_review_items_cluster", "review_items", ["cluster"])
    filtered = ["intent", "kind", "channel", "confidence"]
    op.create_index(
        "ix_review_items_by_state", "review_items", ["state", "group_key", "score", "at", *filtered]
    )
    op.create_index(
        "ix_review_items_by_group", "review_items", ["group_key", "score", "at", "state", *filtered]
    )
    op.create_index("ix_review_items_state_at", "review_items", ["state", "at"])
    op.create_index("ix_judgement_steps_member_id_at", "judgement_steps", ["member_id", "at"])
    op.create_index("ix_judgement_steps_batch", "judgement_steps", ["batch"])
    op.create_index("ix_judgement_steps_message_id", "judgement_steps", ["message_id"])
    op.create_index("ix_review_comments_message_id", "review_comments", ["message_id"])
    is_open = sa.text("section <> '' AND state IN ('draft', 'ready', 'approved')")
    op.create_index(
        "ix_article_drafts_open",
        "article_drafts",
        ["article", "section"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
