"""Takes back what somebody did, as far as nothing changed since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from review.access.members import Member
from review.judging.judgements import AT_ONCE, judgements_of, replace_judgements
from storage.schema import judgement_steps, review_items

LAST = 20
"""Batches that somebody can still take back."""

_WITHIN = 30 * 24 * 3600.0
"""Seconds in which."""

_LOOK_WITHIN = 12 * 3600.0
"""The same of a second look, of which only the last is offered: a working day."""


@dataclass(frozen=True)
class Batch:
    """What somebody did at once.

    Attributes:
        name: of the batch.
        at: when, in seconds since 1970.
        count: messages.
        message_id: one of them.
        became: the state that a second look led to; "" for a judgement.
    """

    name: str
    at: float
    count: int
    message_id: int
    became: str


@dataclass(frozen=True)
class Undone:
    """What became of it.

    Attributes:
        done: messages that are as they were before.
        changed: that somebody changed since, or that are in a training; these stay as they are.
    """

    done: tuple[int, ...]
    changed: tuple[int, ...]

    @property
    def last(self) -> int | None:
        """The message with the largest id; None when there was nothing to take back."""
        return max((*self.done, *self.changed), default=None)

    def __add__(self, other: Undone) -> Undone:
        """Both together."""
        return Undone(self.done + other.done, self.changed + other.changed)


def last_batch(connection: Connection, member: Member, now: float, second_look: bool = False) -> Batch | None:
    """The last batch of somebody; None when there is none to take back.

    Each page asks for it, so it reads the steps from the newest back, and not all of a month.

    Args:
        connection: of a transaction.
        member: whose.
        now: seconds since 1970.
        second_look: whether it is about their second looks, not their judgements.
    """
    steps = judgement_steps.c
    mine = _of(member, now, second_look)
    newest = sa.select(steps.batch).where(*mine).order_by(steps.at.desc(), steps.id.desc())
    name = connection.scalar(newest.limit(1))
    return None if name is None else _batches(connection, steps.batch == name)[0]


def batches_of(connection: Connection, member: Member, now: float) -> list[Batch]:
    """The last :data:`LAST` batches of somebody, the newest first.

    Args:
        connection: of a transaction.
        member: whose.
        now: seconds since 1970.
    """
    return _batches(connection, *_of(member, now, second_look=False))


def _of(member: Member, now: float, second_look: bool) -> tuple[Any, ...]:
    steps = judgement_steps.c
    within = _LOOK_WITHIN if second_look else _WITHIN
    return steps.member_id == member.id, steps.at > now - within, is_of(second_look)


def _batches(connection: Connection, *conditions: Any) -> list[Batch]:
    steps = judgement_steps.c
    last = (
        sa.select(
            steps.batch,
            sa.func.max(steps.at).label("at"),
            sa.func.count().label("count"),
            sa.func.min(steps.message_id).label("message_id"),
            sa.func.max(steps.became).label("became"),
            sa.func.max(steps.id).label("last"),
        )
        .where(*conditions)
        .group_by(steps.batch)
        .order_by(sa.desc("at"), sa.desc("last"))
        .limit(LAST)
    )
    return [
        Batch(row.batch, row.at, row.count, row.message_id, row.became) for row in connection.execute(last)
    ]


def is_of(second_look: bool) -> sa.sql.ColumnElement[bool]:
    """Which steps are second looks, or judgements: each screen offers to take its own back."""
    became = judgement_steps.c.became
    return became != "" if second_look else became == ""


def undo(
    connection: Connection, member: Member, batch: str, second_look: bool = False, beyond: int = -1
) -> Undone:
    """Take back what somebody did at once, :data:`AT_ONCE` messages of it.

    Args:
        connection: of a transaction that writes.
        member: who did it; nobody takes back what another did.
        batch: name of it; one that is not there changes nothing.
        second_look: whether it was a second look, not a judgement.
        beyond: only messages with a larger id: the last one of the part before.
    """
    steps = judgement_steps.c
    mine = judgement_steps.select().where(
        steps.batch == batch, steps.member_id == member.id, is_of(second_look)
    )
    part = mine.where(steps.message_id > beyond).order_by(steps.message_id).limit(AT_ONCE)
    found = connection.execute(part).all()
    ids = [step.message_id for step in found]
    now = sa.select(review_items.c.message_id, review_items.c.version).where(
        review_items.c.message_id.in_(ids)
    )
    ordered = now.order_by(review_items.c.message_id).with_for_update()
    versions = {row.message_id: row.version for row in connection.execute(ordered)}
    learning = {id_ for id_, row in judgements_of(connection, ids).items() if row["candidate"]}
    same = [
        step
        for step in found
        if versions.get(step.message_id) == step.version and step.message_id not in learning
    ]
    if same:
        _restore(connection, same)
    done = tuple(step.message_id for step in same)
    return Undone(done, tuple(id_ for id_ in ids if id_ not in set(done)))


def _restore(connection: Connection, steps: list[Row]) -> None:
    connection.execute(
        review_items.update()
        .where(review_items.c.message_id == sa.bindparam("of_message"))
        .values(state=sa.bindparam("old_state"), version=sa.bindparam("new_version")),
        [
            # The version goes up all the same: a form that is still open must not fit again.
            {
                "of_message": step.message_id,
                "old_state": step.before["state"],
                "new_version": step.version + 1,
            }
            for step in steps
        ],
    )
    was = {step.message_id: step.before["judgement"] for step in steps}
    replace_judgements(connection, list(was), {id_: judgement for id_, judgement in was.items() if judgement})
    connection.execute(judgement_steps.delete().where(judgement_steps.c.id.in_([step.id for step in steps])))
    # The step before that one is now the last again, and can be taken back as well.
    connection.execute(
        judgement_steps.update()
        .where(judgement_steps.c.message_id == sa.bindparam("of_message"))
        .where(judgement_steps.c.version == sa.bindparam("old_version"))
        .values(version=sa.bindparam("new_version")),
        [
            {
                "of_message": step.message_id,
                "old_version": step.before["version"],
                "new_version": step.version + 1,
            }
            for step in steps
        ],
    )
