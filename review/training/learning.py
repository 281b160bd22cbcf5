"""Count work as learnt when its candidate goes live, and as waiting again when that is undone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from review.states import EditState, ItemState
from review.training.making import mark_of
from storage.schema import article_drafts, judgements, review_items, training_edits

_AT_ONCE = 500
"""Numbers in one statement; databases take no endless list."""


def learn(connection: Connection, candidate_id: str, learns: Mapping[str, Sequence[Sequence[Any]]]) -> int:
    """Count the work of a candidate as learnt; how many pieces changed.

    What somebody changed since the training was not learnt, and waits.
    """
    done = 0
    for some in _portions([one[0] for one in _same_judgements(connection, learns.get("messages", ()))]):
        learnt = connection.execute(
            review_items.update()
            .where(review_items.c.message_id.in_(some), review_items.c.state == ItemState.APPROVED.value)
            .values(state=ItemState.LEARNT.value, version=review_items.c.version + 1)
        )
        connection.execute(
            judgements.update().where(judgements.c.message_id.in_(some)).values(candidate=candidate_id)
        )
        done += learnt.rowcount
    for some in _portions([one[0] for one in learns.get("edits", ())]):
        done += _change(connection, training_edits, training_edits.c.id.in_(some), candidate_id)
    for number, version in learns.get("drafts", ()):
        same = sa.and_(article_drafts.c.id == number, article_drafts.c.version == version)
        done += _change(connection, article_drafts, same, candidate_id)
    return done


def unlearn(connection: Connection, candidate_id: str) -> int:
    """Let the work of a candidate wait again; how many pieces changed."""
    of_it = sa.select(judgements.c.message_id).where(judgements.c.candidate == candidate_id)
    done = connection.execute(
        review_items.update()
        .where(review_items.c.message_id.in_(of_it), review_items.c.state == ItemState.LEARNT.value)
        .values(state=ItemState.APPROVED.value, version=review_items.c.version + 1)
    ).rowcount
    connection.execute(judgements.update().where(judgements.c.candidate == candidate_id).values(candidate=""))
    for table in (training_edits, article_drafts):
        done += connection.execute(
            table.update()
            .where(table.c.candidate == candidate_id, table.c.state == EditState.LEARNT.value)
            .values(state=EditState.APPROVED.value, candidate="")
        ).rowcount
    return int(done)


def are_erased(connection: Connection, messages: Sequence[Sequence[Any]]) -> bool:
    """Whether one of the messages that were learnt from is gone."""
    return any(
        connection.execute(
            sa.select(sa.func.count())
            .select_from(judgements)
            .where(judgements.c.message_id.in_([one[0] for one in some]))
        ).scalar_one()
        < len(some)
        for some in _portions(messages)
    )


def _change(connection: Connection, table: sa.Table, which: Any, candidate_id: str) -> int:
    done = connection.execute(
        table.update()
        .where(which, table.c.state == EditState.APPROVED.value)
        .values(state=EditState.LEARNT.value, candidate=candidate_id)
    )
    return int(done.rowcount)


def _same_judgements(connection: Connection, messages: Sequence[Sequence[Any]]) -> Iterator[tuple[int, str]]:
    """Those that are still as they were when the training began, and still approved."""
    for some in _portions(messages):
        marks = {one[0]: one[1] for one in some}
        rows = connection.execute(
            sa.select(judgements)
            .join(review_items, review_items.c.message_id == judgements.c.message_id)
            .where(judgements.c.message_id.in_(list(marks)), review_items.c.state == ItemState.APPROVED.value)
        )
        for row in rows.all():
            if mark_of(row.text, row.intent, row.passage) == marks[row.message_id]:
                yield row.message_id, marks[row.message_id]


def _portions(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
