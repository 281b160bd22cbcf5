"""How often each has asked, for all bots together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema from 0004."""
    # Unlogged: a commit does not wait for the disk, no replica gets it, and a crash may empty it.
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "request_counts",
        sa.Column("minute", sa.Integer, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("requests", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("minute", "name"),
        prefixes=["UNLOGGED"] if is_postgresql else [],
    )


def downgrade() -> None:
    """Go back to 0004; nothing is lost that is of use later."""
    op.drop_table("request_counts")
