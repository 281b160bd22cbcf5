"""The inbox as a list of groups of messages that are alike, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from review.inbox.filters import INSTRUCTIVE, Filters
from review.inbox.items import items_with_text
from review.judging.locks import held_by_others
from storage.schema import review_items

AT_ONCE = 25
"""Groups on a page."""

_LOOK_AHEAD = 10
"""Groups that may be somebody else's before the next one for me is looked for further."""


@dataclass(frozen=True)
class Place:
    """Where a group stands in the order: all of it, because many are as instructive as each other.

    Attributes:
        first: the newest time or the highest score, whichever comes first in the order.
        second: the other of the two.
        key: of the group.
    """

    first: float
    second: float
    key: str

    def __str__(self) -> str:
        """As it stands in an address."""
        return f"{self.first!r}_{self.second!r}_{self.key}"

    @classmethod
    def of(cls, text: str) -> Place | None:
        """From an address; None when it is no place."""
        parts = text.split("_")
        try:
            return cls(float(parts[0]), float(parts[1]), parts[2][:32]) if len(parts) == 3 else None
        except ValueError:
            return None


@dataclass(frozen=True)
class Group:
    """Messages that are alike, as one line of the list.

    Attributes:
        place: where it stands.
        count: messages in it, of those that are wanted.
        message: the most instructive of them: a row of ``review_items`` with its ``text``.
    """

    place: Place
    count: int
    message: Row

    @property
    def key(self) -> str:
        """Name of the group."""
        return self.place.key


def page(
    connection: Connection,
    filters: Filters,
    beyond: Place | None = None,
    backwards: bool = False,
    at_most: int = AT_ONCE,
) -> list[Group]:
    """Groups in their order.

    Args:
        connection: of a transaction.
        filters: which messages count, and the order.
        beyond: only groups after this place.
        backwards: from there back to the beginning instead.
        at_most: this many.
    """
    groups = _groups(filters).subquery()
    columns = (groups.c.first, groups.c.second, groups.c.group_key)
    wanted = sa.select(groups)
    if beyond is not None:
        here, there = sa.tuple_(*columns), sa.tuple_(*map(sa.literal, _parts(beyond)))
        wanted = wanted.where(here > there if backwards else here < there)
    order = [column if backwards else column.desc() for column in columns]
    some = wanted.order_by(*order).limit(at_most).subquery()
    best = (
        sa.select(review_items.c.message_id)
        .where(review_items.c.group_key == some.c.group_key, *filters.conditions(within_group=True))
        .order_by(*_shown_first(filters))
        .limit(1)
        .correlate(some)
        .scalar_subquery()
    )
    chosen = connection.execute(sa.select(some, best.label("message_id"))).all()
    shown = _shown(connection, [row.message_id for row in chosen])
    found = [
        Group(Place(row.first, row.second, row.group_key), row.count, shown[row.message_id])
        for row in chosen
        if row.message_id in shown
    ]
    return sorted(found, key=lambda group: _parts(group.place), reverse=not backwards)


def _shown_first(filters: Filters) -> list[Any]:
    """Which message of a group stands for it: what the list is ordered by."""
    newest, best = review_items.c.at.desc(), review_items.c.score.desc()
    order = [best, newest] if filters.volgorde == INSTRUCTIVE else [newest, best]
    return [*order, review_items.c.message_id]


def next_free(
    connection: Connection,
    filters: Filters,
    beyond: Place | None,
    member_id: int,
    now: float,
    backwards: bool = False,
) -> Group | None:
    """The next group that nobody else has open; None at the end of the list."""
    while True:
        found = page(connection, filters, beyond, backwards, _LOOK_AHEAD)
        held = held_by_others(connection, [group.message.message_id for group in found], member_id, now)
        for group in found:
            if group.message.message_id not in held:
                return group
        if len(found) < _LOOK_AHEAD:
            return None
        beyond = found[-1].place


def place_of(connection: Connection, filters: Filters, item: Row) -> Place:
    """Where the group of a message stands, or would stand if some of it were still wanted.

    Args:
        connection: of a transaction.
        filters: the order, and which messages count.
        item: a row of ``review_items``.
    """
    row = connection.execute(_groups(filters, item.group_key)).first()
    if row is not None:
        return Place(row.first, row.second, row.group_key)
    first, second = (item.score, item.at) if filters.volgorde == INSTRUCTIVE else (item.at, item.score)
    return Place(first, second, item.group_key)


def _groups(filters: Filters, key: str = "") -> sa.sql.Select:
    """All groups, or the one with this key."""
    newest, score = sa.func.max(review_items.c.at), sa.func.max(review_items.c.score)
    first, second = (score, newest) if filters.volgorde == INSTRUCTIVE else (newest, score)
    return (
        sa.select(
            review_items.c.group_key,
            sa.func.count().label("count"),
            first.label("first"),
            second.label("second"),
        )
        .where(*(*filters.conditions(bool(key)), *((review_items.c.group_key == key,) if key else ())))
        .group_by(review_items.c.group_key)
    )


def _shown(connection: Connection, ids: list[Any]) -> dict[int, Row]:
    wanted = items_with_text().where(review_items.c.message_id.in_(ids))
    return {row.message_id: row for row in connection.execute(wanted)}


def _parts(place: Place) -> tuple[float, float, str]:
    return place.first, place.second, place.key
