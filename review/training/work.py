"""Approved work that no model has learnt from yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from review.clock import local_time
from review.states import EditState, ItemState
from storage.schema import article_drafts, judgements, review_items, team_members, training_edits

NO_PASSAGE = "none"
"""As a judgement names that no passage answers the question."""

REMOVE, MOVE = "remove", "move"


@dataclass(frozen=True)
class Judged:
    """A judgement of a visitor's message, which a second person approved where that is asked.

    Attributes:
        text: the sentence to learn from.
        entities: as in ``judgements``.
        passage: id of what answers it, :data:`NO_PASSAGE`, or "".
        judged_by: full name.
        looked_by: full name of who gave it the second look, or "".
    """

    message_id: int
    text: str
    intent: str
    entities: Any
    passage: str
    judged_by: str
    looked_by: str


@dataclass(frozen=True)
class Edited:
    """An example that goes away, or to another intent.

    Attributes:
        text: as it stands in the training data.
        by: full name of who decided.
    """

    id: int
    kind: str
    text: str
    intent: str
    to_intent: str
    by: str


@dataclass(frozen=True)
class Drafted:
    """A piece of an article.

    Attributes:
        article: slug of the article.
        section: id of the section that it changes, "" for a new one.
        fields: as in ``article_drafts``.
        written_by: full name.
        approved_by: full name, or "".
        approved_on: the day, by the team's clock.
    """

    id: int
    version: int
    article: str
    section: str
    fields: Any
    written_by: str
    approved_by: str
    approved_on: date


@dataclass(frozen=True)
class Work:
    """All of it, in the order in which it was done."""

    judged: tuple[Judged, ...]
    edited: tuple[Edited, ...]
    drafted: tuple[Drafted, ...]


def approved_work(connection: Connection) -> Work:
    """What waits for the next training."""
    names: dict[int, str] = {
        row.id: row.full_name
        for row in connection.execute(sa.select(team_members.c.id, team_members.c.full_name))
    }
    return Work(
        tuple(_judged(row, names) for row in connection.execute(_JUDGED)),
        tuple(
            Edited(row.id, row.kind, row.text, row.intent, row.to_intent, names.get(row.member_id, ""))
            for row in connection.execute(_EDITED)
        ),
        tuple(
            Drafted(
                row.id,
                row.version,
                row.article,
                row.section,
                row.fields,
                names.get(row.member_id, ""),
                names.get(row.approved_by, ""),
                # Nothing changes it after the approval. The team's clock may be a day ahead of the machine's,
                # whose day the check of the articles goes by.
                min(local_time(row.at).date(), date.today()),
            )
            for row in connection.execute(_DRAFTED)
        ),
    )


_JUDGED = (
    sa.select(judgements)
    .join(review_items, review_items.c.message_id == judgements.c.message_id)
    .where(review_items.c.state == ItemState.APPROVED.value, judgements.c.intent != "")
    .order_by(judgements.c.judged_at, judgements.c.message_id)
)
_EDITED = (
    training_edits.select()
    .where(training_edits.c.state == EditState.APPROVED.value, training_edits.c.kind.in_((REMOVE, MOVE)))
    .order_by(training_edits.c.id)
)
_DRAFTED = (
    article_drafts.select()
    .where(article_drafts.c.state == EditState.APPROVED.value)
    .order_by(article_drafts.c.id)
)


def _judged(row: Any, names: Mapping[int, str]) -> Judged:
    return Judged(
        row.message_id,
        row.text,
        row.intent,
        row.entities,
        row.passage,
        names.get(row.judged_by, ""),
        names.get(row.looked_by, ""),
    )
