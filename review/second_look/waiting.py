"""Judgements that wait for somebody else's look."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from kalm.settings import settings
from review.judging.danger import DANGERS, sees_danger
from review.states import ItemState
from storage.schema import judgements, messages, review_items, team_members


@dataclass(frozen=True)
class Judged:
    """A judgement, as whoever looks at it sees it.

    Attributes:
        message_id: of the visitor's message.
        said: what the visitor typed, masked.
        text: the sentence to learn from, as the reviewer left it.
        intent: the right one, says the reviewer.
        entities: with ``start``, ``end`` and ``entity``.
        passage: id of what answers it, ``none``, or "" for not said.
        proposal: a new intent that the reviewer would like, or "".
        judged_by: number of the reviewer.
        reviewer: full name.
        judged_at: in seconds since 1970.
        second_intent: what somebody else chose before seeing this, or "".
        looked_by: number of who looked at it, None for nobody.
        state: how far the message is.
        version: of its review.
        candidate: id of the new model that has it, or "".
        understood: what Kalm took the message for.
        kind: of its reply.
    """

    message_id: int
    said: str
    text: str
    intent: str
    entities: tuple[dict[str, Any], ...]
    passage: str
    proposal: str
    judged_by: int
    reviewer: str
    judged_at: float
    second_intent: str
    looked_by: int | None
    state: str
    version: int
    candidate: str
    understood: str
    kind: str

    @property
    def denies_danger(self) -> bool:
        """Whether Kalm or the rules see a danger in the message, and the reviewer does not."""
        return self.intent not in DANGERS and sees_danger(self.said, self.understood, self.kind)


def find(connection: Connection, message_id: int) -> Judged | None:
    """One judgement, in whatever state; None when there is none, or it was erased."""
    row = connection.execute(_wanted().where(judgements.c.message_id == message_id)).first()
    return None if row is None else _judged(row)


def find_all(connection: Connection, message_ids: Collection[int]) -> list[Judged]:
    """The same for several, in the order in which they were judged; those that are gone are left out."""
    wanted = _wanted().where(judgements.c.message_id.in_(message_ids))
    in_order = wanted.order_by(judgements.c.judged_at, judgements.c.message_id)
    return [_judged(row) for row in connection.execute(in_order)]


def first(connection: Connection, member_id: int, after: Judged | None = None) -> Judged | None:
    """The judgement that waits longest for a look of this member, or the next one after another."""
    query = _wanted().where(*_waits_for(member_id)).order_by(judgements.c.judged_at, judgements.c.message_id)
    if after is not None:
        query = query.where(
            sa.or_(
                judgements.c.judged_at > after.judged_at,
                sa.and_(
                    judgements.c.judged_at == after.judged_at, judgements.c.message_id > after.message_id
                ),
            )
        )
    row = connection.execute(query.limit(1)).first()
    return None if row is None else _judged(row)


def page(connection: Connection, member_id: int, intent: str, start: int, number: int) -> list[Judged]:
    """Judgements that wait for a look of this member, oldest first.

    Args:
        connection: of a transaction.
        member_id: who looks.
        intent: only with this intent; "" for all.
        start: how many to leave out at the beginning.
        number: how many at most.
    """
    query = _wanted().where(*_waits_for(member_id))
    if intent:
        query = query.where(judgements.c.intent == intent)
    in_order = query.order_by(judgements.c.judged_at, judgements.c.message_id)
    return [_judged(row) for row in connection.execute(in_order.offset(start).limit(number))]


def count(connection: Connection, member_id: int) -> dict[str, int]:
    """How many judgements wait for a look of this member, per intent, most first."""
    query = (
        sa.select(judgements.c.intent, sa.func.count().label("number"))
        .join_from(judgements, review_items, judgements.c.message_id == review_items.c.message_id)
        .where(*_waits_for(member_id))
        .group_by(judgements.c.intent)
    )
    found = {row.intent: int(row.number) for row in connection.execute(query)}
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def own(connection: Connection, member_id: int) -> int:
    """How many judgements of this member wait for somebody else."""
    return int(
        connection.scalar(
            sa.select(sa.func.count())
            .select_from(judgements.join(review_items, judgements.c.message_id == review_items.c.message_id))
            .where(review_items.c.state == ItemState.JUDGED.value, judgements.c.judged_by == member_id)
        )
        or 0
    )


def may_look(judged: Judged, member_id: int) -> bool:
    """Whether this member may approve that judgement: one's own only where no second look is wanted."""
    return judged.judged_by != member_id or not settings().second_look


def _waits_for(member_id: int) -> list[sa.sql.ColumnElement]:
    waits = [review_items.c.state == ItemState.JUDGED.value]
    if settings().second_look:
        waits.append(judgements.c.judged_by != member_id)
    return waits


def _wanted() -> sa.sql.Select:
    of_item = judgements.c.message_id == review_items.c.message_id
    return sa.select(
        judgements,
        messages.c.text.label("said"),
        review_items.c.state,
        review_items.c.version,
        review_items.c.intent.label("understood"),
        review_items.c.kind,
        team_members.c.full_name,
    ).select_from(
        judgements.join(review_items, of_item)
        .join(messages, judgements.c.message_id == messages.c.id)
        .join(team_members, judgements.c.judged_by == team_members.c.id)
    )


def _judged(row: Row) -> Judged:
    entities = row.entities if isinstance(row.entities, list) else []
    return Judged(
        message_id=row.message_id,
        said=row.said,
        text=row.text,
        intent=row.intent,
        entities=tuple(one for one in entities if isinstance(one, dict)),
        passage=row.passage,
        proposal=row.proposal,
        judged_by=row.judged_by,
        reviewer=row.full_name,
        judged_at=row.judged_at,
        second_intent=row.second_intent,
        looked_by=row.looked_by,
        state=row.state,
        version=row.version,
        candidate=row.candidate,
        understood=row.understood,
        kind=row.kind,
    )
