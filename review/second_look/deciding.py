"""Approving and sending back: never over what somebody else did, and such that it can be undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from review.access.members import Member
from review.judging.comments import add_comment
from review.judging.judgements import ConflictError, before_it, judgements_of, step
from review.second_look.waiting import Judged
from review.states import ItemState
from storage.schema import judgement_steps, judgements, review_items

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
            step(
                before_it(before.value, version, was),
                message_id=judged.message_id,
                batch=look.batch,
                member=look.member,
                at=look.at,
                became=after.value,
            )
        )
    )
    connection.execute(
        judgements.update()
        .where(judgements.c.message_id == judged.message_id)
        .values(looked_by=look.member.id, looked_at=look.at)
    )
