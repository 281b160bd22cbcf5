"""What is in the inbox, with what was typed."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from storage.schema import messages, review_items


def items_with_text() -> sa.sql.Select:
    """Every row of ``review_items`` with the ``text`` of its message, to choose from."""
    return sa.select(review_items, messages.c.text).join(messages, messages.c.id == review_items.c.message_id)


def find(connection: Connection, message_id: int) -> Row | None:
    """One of them; None when it is gone or not in the inbox."""
    return connection.execute(items_with_text().where(review_items.c.message_id == message_id)).first()


at_within_group, state_within_group = review_items.c.at + 0.0, review_items.c.state.concat("")
"""Time and state where messages of one group are asked for, in a form for which SQLite takes no index.

By the bare columns it would take the index of state and time, and walk over all that have that state.
"""
