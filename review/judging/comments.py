"""What the team writes about a message, for each other."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from review import words
from review.access.members import Member
from review.judging.sentences import JudgementError
from storage.schema import review_comments, team_members

LONGEST_COMMENT = 2000
"""Characters."""


@dataclass(frozen=True)
class Comment:
    """What somebody wrote.

    Attributes:
        who: full name.
        at: seconds since 1970.
        text: of it.
        sends_back: whether it says why a judgement came back.
    """

    who: str
    at: float
    text: str
    sends_back: bool


def refuse_too_long(text: str) -> None:
    """Refuse a comment that nobody would read.

    Raises:
        JudgementError: it is too long.
    """
    if len(text) > LONGEST_COMMENT:
        raise JudgementError(f"De opmerking is te lang: hooguit {words.number(LONGEST_COMMENT)} tekens.")


def add_comment(connection: Connection, member: Member, message_id: int, text: str, now: float) -> None:
    """Leave a comment for the others in the team; an empty one is none.

    Raises:
        JudgementError: it is too long.
    """
    refuse_too_long(text)
    if text:
        connection.execute(
            review_comments.insert().values(message_id=message_id, member_id=member.id, at=now, text=text)
        )


def comments_of(
    connection: Connection, message_id: int, sent_back: tuple[int | None, float | None] | None = None
) -> list[Comment]:
    """What was written about a message, in order.

    Args:
        connection: of a transaction.
        message_id: which.
        sent_back: who sent its judgement back, and when; None when it is not sent back now.
    """
    rows = connection.execute(
        sa.select(review_comments, team_members.c.full_name)
        .join(team_members, team_members.c.id == review_comments.c.member_id)
        .where(review_comments.c.message_id == message_id)
        .order_by(review_comments.c.id)
    )
    return [Comment(row.full_name, row.at, row.text, (row.member_id, row.at) == sent_back) for row in rows]
