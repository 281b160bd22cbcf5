"""What all tables share.

Times are seconds since 1970 in UTC, as Rasa's own. Each table says in ``info`` how it is erased with a
conversation (:data:`BY_CONVERSATION`, :data:`BY_REFERENCE`), or why it holds nothing of a visitor;
``tests/storage/test_schema.py`` refuses one that does not.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

BY_CONVERSATION = "with its conversation"
"""The table has a column ``conversation_id`` whose rows go when the conversation goes."""

BY_REFERENCE = "with the row it is about"
"""The table has a foreign key, with ``ON DELETE CASCADE``, to a table whose rows are erased."""

NOTHING_OF_VISITORS = "holds nothing of a visitor: "
"""Start of what a table says that is not erased."""

NOT_IN_A_BACKUP = "of no use later"
"""What a table says, under "backup" in ``info``, that a backup leaves out."""

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""Only an INTEGER can be SQLite's own row number, which has 64 bits there as well."""

FLOAT = sa.Float(53)


def of_conversation(**options: Any) -> sa.Column[str]:
    """The column by which a row belongs to a conversation."""
    options = {"nullable": False, **options}
    key = sa.ForeignKey("conversations.id", ondelete="CASCADE")
    return sa.Column("conversation_id", sa.String(64), key, **options)
