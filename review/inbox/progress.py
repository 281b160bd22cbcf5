"""How much is left, and how much somebody did today."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from review.clock import local_time, midnight
from review.inbox.filters import Filters
from review.judging.undo import is_of
from storage.schema import judgement_steps, review_items


@dataclass(frozen=True)
class Progress:
    """Of one person, now.

    Attributes:
        left: messages that nobody judged yet, or that came back.
        done: messages that this person judged, skipped or left out since midnight.
    """

    left: int
    done: int


def progress(connection: Connection, member_id: int, now: float) -> Progress:
    """How far somebody is.

    Args:
        connection: of a transaction.
        member_id: who.
        now: seconds since 1970.
    """
    today = midnight(local_time(now).date())
    left = sa.select(sa.func.count()).select_from(review_items).where(*Filters().conditions())
    steps = judgement_steps.c
    done = sa.select(sa.func.count(sa.distinct(steps.message_id))).where(
        steps.member_id == member_id, steps.at >= today, is_of(second_look=False)
    )
    return Progress(connection.scalar(left) or 0, connection.scalar(done) or 0)
