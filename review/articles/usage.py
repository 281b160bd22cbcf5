"""How often each passage answered, was turned down and helped, counted by the database.

Messages with the same passages count as one row: 100.000 messages become some hundreds, and only those are
read as JSON. That is the same on both databases, which have no JSON function in common.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kalm.reply import Kind
from storage.retention import DAY
from storage.schema import feedback, messages

SHORT, LONG = 30, 90
"""Days over which is counted."""

_SHOWING = (Kind.ANSWER.value, Kind.REFERRAL.value)
_REJECTS = "reject_answer"
_LISTED = sa.cast(messages.c.passages, sa.Text)


@dataclass
class Usage:
    """Of one passage.

    Attributes:
        shown: times that a reply showed it in the last 30 days.
        shown_long: the same for 90 days.
        rejected: replies with it that the visitor turned down in 90 days, by a thumb or in words.
        helped: replies with it that got a thumb up in 90 days.
    """

    shown: int = 0
    shown_long: int = 0
    rejected: int = 0
    helped: int = 0


def usage(connection: Connection, now: float) -> dict[str, Usage]:
    """How each passage did in the last :data:`LONG` days, by id; one that never answered is not there.

    A passage that stood beside another counts for both. What a visitor turned down in words is known as
    long as the conversation is kept.
    """
    found: dict[str, Usage] = defaultdict(Usage)
    shown = messages.c.kind.in_(_SHOWING) & (messages.c.at >= now - LONG * DAY)
    lately = sa.func.sum(sa.case((messages.c.at >= now - SHORT * DAY, 1), else_=0))
    counted = sa.select(_LISTED, sa.func.count(), lately).where(shown).group_by(_LISTED)
    for listed, number, recent in connection.execute(counted):
        for id_ in _ids(listed):
            found[id_].shown_long += number
            found[id_].shown += recent
    for id_, number in _of(connection, rejected_replies(now - LONG * DAY), shown).items():
        found[id_].rejected = number
    for id_, number in _of(connection, _thumbs(True), shown).items():
        found[id_].helped = number
    return dict(found)


def _of(connection: Connection, replies: sa.sql.Selectable, shown: sa.sql.ClauseElement) -> Counter[str]:
    """How many of these replies showed each passage."""
    chosen = replies.subquery()
    joined = messages.join(chosen, chosen.c.id == messages.c.id)
    wanted = sa.select(_LISTED, sa.func.count()).select_from(joined).where(shown).group_by(_LISTED)
    counts: Counter[str] = Counter()
    for listed, number in connection.execute(wanted):
        for id_ in _ids(listed):
            counts[id_] += number
    return counts


def _thumbs(helped: bool) -> sa.sql.Select:
    return sa.select(feedback.c.message_id.label("id")).where(feedback.c.helped == helped).distinct()


def rejected_replies(since: float) -> sa.sql.CompoundSelect:
    """Ids of messages whose reply got a thumb down, or was followed by "that is not what I meant".

    Args:
        since: seconds since 1970, for what was said in words.
    """
    answer = messages.alias("answer")
    in_words = (
        sa.select(answer.c.id)
        .select_from(
            messages.join(
                answer,
                (answer.c.conversation_id == messages.c.conversation_id)
                & (answer.c.number == messages.c.number - 1),
            )
        )
        .where(messages.c.intent == _REJECTS, messages.c.at >= since)
    )
    return sa.union(_thumbs(False), in_words)


def _ids(listed: str | None) -> Iterator[str]:
    """Ids in the column, each once; none where it cannot be read."""
    try:
        passages = json.loads(listed or "[]")
    except ValueError:
        return
    if isinstance(passages, list):
        yield from {str(one["id"]) for one in passages if isinstance(one, dict) and one.get("id")}
