"""How often each has asked, while that matters."""

from __future__ import annotations

import sqlalchemy as sa

from storage.schema.base import NOT_IN_A_BACKUP, NOTHING_OF_VISITORS, metadata

request_counts = sa.Table(
    "request_counts",
    metadata,
    sa.Column("minute", sa.Integer, nullable=False, doc="since 1970, by the clock of the database"),
    sa.Column("name", sa.String(64), nullable=False, doc="keyed hash of an address or a sender"),
    sa.Column("requests", sa.Integer, nullable=False, doc="in that minute, of all bots"),
    sa.PrimaryKeyConstraint("minute", "name"),
    info={
        "erasure": NOTHING_OF_VISITORS + "keyed hashes that go after two minutes and lead to no conversation",
        "backup": NOT_IN_A_BACKUP,
    },
)
