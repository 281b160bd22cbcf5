"""Puts what visitors typed in the inbox, and keeps the reasons to look at it up to date.

Two processes may do this at once. What is computed is computed between two transactions; a row goes by itself
when its message goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from kalm import logs
from kalm.language import normalise
from review import stored
from review.inbox.grouping import LONGEST, group_key
from review.inbox.scoring import Said, reasons_of, score_of
from review.judging.danger import is_danger
from review.states import ItemState
from review.transcript import with_feedback
from storage.database import Database, insert_those_not_there
from storage.schema import feedback, messages, review_items

BATCH = 200
"""Messages in one transaction: a visitor who is answered meanwhile waits some milliseconds at most."""

RECENT = 3600.0
"""Seconds back in which a message can be that was only stored now."""

Pause = Callable[[], None]


def index(
    database: Database, since: float = 0, at_most: int | None = None, pause: Pause = lambda: None
) -> int:
    """Make an item of each message that has none, the newest first.

    Args:
        database: where.
        since: in seconds since 1970; only later messages.
        at_most: this many messages; the others come another time.
        pause: called between two batches.

    Returns:
        How many came in, those that another process put there at the same moment included.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database is gone; what came in stays.
    """
    count, looked, before = 0, 0, None
    while at_most is None or looked < at_most:
        size = BATCH if at_most is None else min(BATCH, at_most - looked)
        found = _without_item(database, since, before, size)
        if not found:
            break
        count += _index(database, [row.id for row in found])
        looked, before = looked + len(found), found[-1]
        pause()
    return count


def heed_feedback(database: Database) -> int:
    """Look again at messages of which the visitor said later whether they were helped; gives how many."""
    with database.reading() as connection:
        ids = list(connection.scalars(_not_heeded()))
    count = 0
    for start in range(0, len(ids), BATCH):
        with database.reading() as connection:
            rows = _read(connection, messages.c.id.in_(ids[start : start + BATCH]))
            scored = _scored(connection, rows)
        with database.writing() as connection:
            count += _update(connection, scored)
    return count


def _without_item(database: Database, since: float, before: Row | None, size: int) -> list[Row]:
    has_item = sa.exists().where(review_items.c.message_id == messages.c.id)
    wanted = sa.select(messages.c.id, messages.c.at).where(~has_item, messages.c.at >= since)
    if before is not None:
        place = sa.tuple_(messages.c.at, messages.c.id)
        wanted = wanted.where(place < sa.tuple_(sa.literal(before.at), sa.literal(before.id)))
    with database.reading() as connection:
        newest_first = wanted.order_by(messages.c.at.desc(), messages.c.id.desc()).limit(size)
        return list(connection.execute(newest_first))


def _index(database: Database, ids: Sequence[int]) -> int:
    with database.reading() as connection:
        rows = _read(connection, messages.c.id.in_(ids))
        new = [row for row in rows if row.text.strip()]
        # What was typed now may be the reason to look at the message before it.
        earlier = _read(connection, _places((row.conversation_id, row.number, -1) for row in new))
        scored_new, scored_earlier = _scored(connection, new), _scored(connection, earlier)
    items = [item for row, scores in zip(new, scored_new, strict=True) if (item := _item(row, scores))]
    with database.writing() as connection:
        insert_those_not_there(connection, review_items, items)
        _update(connection, scored_earlier)
    return len(items)


_Scores = tuple[int, list[str]]
"""Id of a message, and the reasons to look at it."""


def _item(row: Row, scores: _Scores) -> dict[str, Any] | None:
    try:
        key = group_key(row.text, is_danger(row.intent, row.kind))
        words = normalise(row.text[:LONGEST])
    except Exception as error:  # one message that cannot be read must not keep the others out
        logs.failure("a message cannot be put in the inbox", error)
        return None
    return {
        "message_id": row.id,
        "at": row.at,
        "channel": row.channel,
        "intent": row.intent,
        "confidence": row.confidence,
        "kind": row.kind,
        "group_key": key,
        "score": score_of(scores[1]),
        "reasons": scores[1],
        "state": ItemState.NEW.value,
        "version": 1,
        "words": words,
    }


def _update(connection: Connection, scored: Iterable[_Scores]) -> int:
    """Write reasons that became others. The version stays: a reviewer's work does not depend on them."""
    by_id = dict(scored)
    if not by_id:
        return 0
    known = connection.execute(
        sa.select(review_items.c.message_id, review_items.c.reasons).where(
            review_items.c.message_id.in_(list(by_id))
        )
    )
    other = [row.message_id for row in known if row.reasons != by_id[row.message_id]]
    if other:
        connection.execute(
            review_items.update()
            .where(review_items.c.message_id == sa.bindparam("of_message"))
            .values(score=sa.bindparam("new_score"), reasons=sa.bindparam("new_reasons")),
            [
                {"of_message": id_, "new_score": score_of(by_id[id_]), "new_reasons": by_id[id_]}
                for id_ in sorted(other)
            ],
        )
    return len(other)


def _scored(connection: Connection, rows: Sequence[Row]) -> list[_Scores]:
    """The reasons for each row, in order."""
    places = _places((row.conversation_id, row.number, 1) for row in rows)
    following = {(row.conversation_id, row.number): row for row in _read(connection, places)}
    scored = []
    for row in rows:
        after = following.get((row.conversation_id, (row.number or 0) + 1))
        try:
            reasons = reasons_of(_said(row), None if after is None else _said(after))
        except Exception as error:
            logs.failure("a message cannot be scored", error)
            reasons = []
        scored.append((row.id, reasons))
    return scored


def _places(of: Iterable[tuple[str | None, int | None, int]]) -> Any:
    """Which messages stand one place from these in their conversations."""
    wanted = [(id_, number + step) for id_, number, step in of if id_ is not None and number is not None]
    return sa.tuple_(messages.c.conversation_id, messages.c.number).in_(wanted) if wanted else sa.false()


def _read(connection: Connection, which: Any) -> list[Row]:
    names = ("id", "conversation_id", "number", "at", "channel", "text", "intent", "confidence", "kind")
    return list(
        connection.execute(
            sa.select(
                *(messages.c[name] for name in names),
                stored.as_text(messages.c.understood),
                feedback.c.helped,
            )
            .select_from(with_feedback())
            .where(which)
        )
    )


def _said(row: Row) -> Said:
    ranking = tuple(confidence for _, confidence in stored.ranking(stored.read(row.understood)))
    return Said(row.text, row.at, row.intent, row.confidence, row.kind, ranking, row.helped)


def _not_heeded() -> sa.sql.Select:
    """Messages whose last feedback and reasons say different things."""
    later = feedback.alias()
    is_last = ~sa.exists().where(later.c.message_id == feedback.c.message_id, later.c.id > feedback.c.id)
    heeded = sa.cast(review_items.c.reasons, sa.Text).contains('"thumbs_down"')
    return (
        sa.select(feedback.c.message_id)
        .join(review_items, review_items.c.message_id == feedback.c.message_id)
        .where(is_last, sa.case((feedback.c.helped, ~heeded), else_=heeded).is_(False))
    )
