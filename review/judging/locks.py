"""Who has a message open, so that two people do not do the same work.

A lock only keeps colleagues apart. What keeps one from overwriting another is the version of the item.
"""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.database import insert_unless_there
from storage.schema import review_locks, team_members

LASTS = 90.0
"""Seconds from the last sign that the message is open."""

RENEWED_EVERY = 30
"""Seconds: two renewals may be lost."""


def take(connection: Connection, message_id: int, member_id: int, now: float) -> bool:
    """Take a message, or keep it longer.

    Args:
        connection: of a transaction that writes.
        message_id: which.
        member_id: for whom.
        now: seconds since 1970.

    Returns:
        Whether it is theirs now; not when somebody else has it.
    """
    values = {"message_id": message_id, "member_id": member_id, "until": now + LASTS}
    if insert_unless_there(connection, review_locks, **values):
        return True
    free = (review_locks.c.member_id == member_id) | (review_locks.c.until <= now)
    taken = review_locks.update().where(review_locks.c.message_id == message_id, free).values(**values)
    return bool(connection.execute(taken).rowcount)


def release(connection: Connection, message_ids: Collection[int], member_id: int) -> None:
    """Let others have messages; nothing happens to those that somebody else has."""
    connection.execute(
        review_locks.delete().where(
            review_locks.c.message_id.in_(message_ids), review_locks.c.member_id == member_id
        )
    )


def held_by_others(
    connection: Connection, message_ids: Collection[int], member_id: int, now: float
) -> dict[int, str]:
    """Of these messages those that somebody else has open, with the full name of who that is."""
    wanted = (
        sa.select(review_locks.c.message_id, team_members.c.full_name)
        .join(team_members, team_members.c.id == review_locks.c.member_id)
        .where(review_locks.c.message_id.in_(message_ids), review_locks.c.until > now)
        .where(review_locks.c.member_id != member_id)
    )
    return {row.message_id: row.full_name for row in connection.execute(wanted)}
