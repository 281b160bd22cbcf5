"""Approving and sending back: never over what somebody else did, and such that it can be undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from review.access.members import Member
from review.judging.judgements import ConflictError, judgements_of
from review.judging.judgements import comment as add_comment
from review.second_look.waiting import Judged
from review.states import ItemState
from storage.schema import judgement_steps, judgements, review_items

UNDONE_WITHIN = 12 * 3600.0
"""Seconds that the screen offers to take the last thing back: a working day."""

Note = Callable[..., None]
"""Keeps an action in the audit log: :meth:`review.requests.ReviewRequest.note`."""


@dataclass(frozen=True)
class Look:
    """Who looks, and when.

    Attributes:
        member: who looks.
        at: in seconds since 1970.
        batch: of all that is done at once.
        note: keeps it in the audit log.
    """

    member: Member
    at: float
    batch: str
    note: Note


@dataclass(frozen=True)
class Batch:
    """What a member did last on this screen.

    Attributes:
        name: of all that was done at once.
        became: the state it led to.
        number: of judgements.
        at: in seconds since 1970.
    """

    name: str
    became: str
    number: int
    at: float


def give_view(connection: Connection, judged: Judged, intent: str) -> None:
    """Keep what somebody else would have said before seeing the judgement; the first view stays.

    Raises:
        ConflictError: it was judged anew meanwhile, so this view is about nothing.
    """
    done = connection.execute(
        judgements.update()
        .where(
            judgements.c.message_id == judged.message_id,
            judgements.c.judged_at == judged.judged_at,
            judgements.c.second_intent.in_(("", intent)),
        )
        .values(second_intent=intent)
    )
    if not done.rowcount:
        raise ConflictError


def approve(connection: Connection, judged: Judged, version: int, look: Look) -> None:
    """Let Kalm learn from a judgement at the next training.

    Args:
        connection: of a transaction that writes.
        judged: as it is now.
        version: of its review, as whoever approves saw it.
        look: who, and when.

    Raises:
        ConflictError: it was changed since then.
    """
    _move(connection, judged, version, ItemState.JUDGED, ItemState.APPROVED, look)
    look.note(connection, "item.approve", str(judged.message_id), version=version + 1)


def send_back(
    connection: Connection,
    judged: Judged,
    version: int,
    comment: str,
    look: Look,
    state: ItemState = ItemState.JUDGED,
) -> None:
    """Give a judgement back to the reviewers.

    Args:
        connection: of a transaction that writes.
        judged: as it is now.
        version: of its review, as whoever sends it back saw it.
        comment: why.
        look: who, and when.
        state: in which it has to be.

    Raises:
        ConflictError: it was changed since then, or a new model has it already.
    """
    _move(connection, judged, version, state, ItemState.SENT_BACK, look)
    add_comment(connection, look.member, judged.message_id, comment, look.at)
    look.note(connection, "item.send_back", str(judged.message_id), version=version + 1)


def last_batch(connection: Connection, member_id: int, now: float) -> Batch | None:
    """What a member did last on this screen; None for nothing today, or when all of it was taken back."""
    became = judgement_steps.c.before["became"].as_string()
    last = (
        sa.select(judgement_steps.c.batch)
        .where(
            judgement_steps.c.member_id == member_id,
            judgement_steps.c.at > now - UNDONE_WITHIN,
            became.isnot(None),
        )
        .order_by(judgement_steps.c.id.desc())
        .limit(1)
    )
    name = connection.scalar(last)
    if name is None:
        return None
    rows = connection.execute(
        sa.select(became.label("became"), judgement_steps.c.at).where(judgement_steps.c.batch == name)
    ).all()
    return Batch(name, rows[0].became, len(rows), rows[0].at)


def _move(
    connection: Connection, judged: Judged, version: int, before: ItemState, after: ItemState, look: Look
) -> None:
    was = judgements_of(connection, [judged.message_id]).get(judged.message_id)
    if was is None or was["candidate"]:
        raise ConflictError
    done = connection.execute(
        review_items.update()
        .where(
            review_items.c.message_id == judged.message_id,
            review_items.c.version == version,
            review_items.c.state == before.value,
        )
        .values(state=after.value, version=version + 1)
    )
    if not done.rowcount:
        raise ConflictError
    connection.execute(
        judgement_steps.insert().values(
            batch=look.batch,
            message_id=judged.message_id,
            member_id=look.member.id,
            at=look.at,
            # What it became tells a second look from a judgement, and is what agreement is counted from.
            before={
                "state": before.value,
                "version": version,
                "judgement": was,
                "became": after.value,
            },
            version=version + 1,
        )
    )
    connection.execute(
        judgements.update()
        .where(judgements.c.message_id == judged.message_id)
        .values(looked_by=look.member.id, looked_at=look.at)
    )
