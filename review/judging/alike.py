"""The other messages of a group, and what a judgement of one means for them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from review.inbox.items import at_within_group, state_within_group
from review.judging.danger import sees_danger
from review.judging.judgements import Judgement, Wanted
from review.judging.sentences import marks_carried_over, tidied, what_is_wrong_with
from review.states import ItemState
from storage.schema import messages, review_items

SHOWN = 8
"""Others of a group that the page shows; the rest is a number."""

MOST = 5000
"""Others that are judged with one; more come along with the next one of the group."""


def count_others(connection: Connection, item: Row) -> tuple[int, float]:
    """How many other messages are alike and not judged yet, and when the last one was typed; 0 for none."""
    wanted = sa.select(sa.func.count(), sa.func.max(review_items.c.at)).where(*_alike(item))
    count, last = connection.execute(wanted).one()
    return count, last or 0.0


def others(connection: Connection, item: Row, at_most: int, until: float = math.inf) -> list[Row]:
    """Those messages, the newest first, with ``message_id``, ``version``, ``text``, ``intent``, ``kind``.

    Args:
        connection: of a transaction that reads.
        item: which they are like.
        at_most: how many.
        until: when the last of them was typed, in seconds since 1970.
    """
    wanted = (
        sa.select(
            review_items.c.message_id,
            review_items.c.version,
            review_items.c.intent,
            review_items.c.kind,
            review_items.c.at,
            messages.c.text,
        )
        .join(messages, messages.c.id == review_items.c.message_id)
        .where(*_alike(item), at_within_group <= until)
        .order_by(at_within_group.desc(), review_items.c.message_id)
        .limit(at_most)
    )
    return list(connection.execute(wanted))


def _alike(item: Row) -> Iterator[sa.sql.ColumnElement[bool]]:
    yield review_items.c.group_key == item.group_key
    yield state_within_group == ItemState.NEW.value
    yield review_items.c.message_id != item.message_id


def wanted_for(
    rows: Sequence[Row], state: ItemState, judgement: Judgement | None, away_from_danger: bool
) -> list[Wanted]:
    """The same judgement for others of a group.

    Each keeps its own words to learn from, for they show how else it is said; where these cannot be learnt
    from it gets the sentence of the first. Where the rules see a danger that the judgement denies, a
    person has to look at it by itself.

    Args:
        rows: from :func:`others`.
        state: where they go.
        judgement: of the first; None to skip them.
        away_from_danger: whether the judgement says that it is no danger.
    """
    wanted = []
    words = _marked(judgement) if judgement else {}
    said: dict[str, Judgement | None] = {}
    dangers: dict[tuple[str, str, str], bool] = {}
    for row in rows:  # most say the very same, which needs to be looked at once
        shown = (row.text, row.intent, row.kind)
        if away_from_danger:
            if shown not in dangers:
                dangers[shown] = sees_danger(*shown)
            if dangers[shown]:
                continue
        if row.text not in said:
            said[row.text] = None if judgement is None else _carried_over(row.text, judgement, words)
        wanted.append(Wanted(row.message_id, row.version, state, said[row.text]))
    return wanted


def _marked(judgement: Judgement) -> dict[str, str]:
    return {judgement.text[mark.start : mark.end].lower(): mark.entity for mark in judgement.entities}


def _carried_over(text: str, judgement: Judgement, words: dict[str, str]) -> Judgement:
    own = tidied(text)
    if own == judgement.text or what_is_wrong_with(own):
        return judgement
    return Judgement(
        own, judgement.intent, marks_carried_over(own, words), judgement.passage, judgement.proposal
    )
