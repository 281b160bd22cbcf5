"""The order in which everybody takes what they write to: the conversation first.

Two that take the same rows in another order wait for each other, and PostgreSQL lets one of them fail.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.schema import conversations


def hold(connection: Connection, ids: Sequence[str]) -> None:
    """Take conversations, in order, until the end of the transaction; those that are gone are left out."""
    wanted = sa.select(conversations.c.id).where(conversations.c.id.in_(ids)).order_by(conversations.c.id)
    connection.execute(wanted.with_for_update())
