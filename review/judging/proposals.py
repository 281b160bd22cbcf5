"""New intents that reviewers would like: what a developer makes, once enough visitors ask for it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row
from starlette.responses import Response

from review.folding import fold
from review.requests import ReviewRequest
from storage.schema import judgements, messages, team_members

_MOST = 2000
"""Proposals that are read: the newest."""


@dataclass(frozen=True)
class Proposal:
    """An intent that is missed.

    Attributes:
        words: as it was written last.
        count: messages it was proposed for.
        who: full names.
        at: when it was proposed last, in seconds since 1970.
        message_id: of that message.
        text: of that message.
    """

    words: str
    count: int
    who: tuple[str, ...]
    at: float
    message_id: int
    text: str


def show(asked: ReviewRequest) -> Response:
    """All of them, what is missed most first."""
    with asked.database.reading() as connection:
        found = proposals(connection)
    return asked.render("inbox/proposals.html", proposals=found)


def proposals(connection: Connection) -> list[Proposal]:
    """What was proposed, those that differ in capitals and marks alone together, the most frequent first."""
    rows = connection.execute(
        sa.select(judgements, messages.c.text.label("said"), team_members.c.full_name)
        .join(messages, messages.c.id == judgements.c.message_id)
        .join(team_members, team_members.c.id == judgements.c.judged_by)
        .where(judgements.c.proposal != "")
        .order_by(judgements.c.judged_at.desc(), judgements.c.message_id.desc())
        .limit(_MOST)
    )
    alike: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        alike[fold(row.proposal)].append(row)
    return sorted(map(_proposal, alike.values()), key=lambda one: (-one.count, -one.at))


def _proposal(rows: list[Row]) -> Proposal:
    last = rows[0]
    who = tuple(sorted({row.full_name for row in rows}))
    return Proposal(last.proposal, len(rows), who, last.judged_at, last.message_id, last.said)
