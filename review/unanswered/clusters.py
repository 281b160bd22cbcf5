"""The clusters of unanswered questions as the screen shows them; the database does the counting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kalm.privacy.masking import without_labels
from review.unanswered.finding import KINDS, is_not_settled
from review.unanswered.keeping import what_is_asked
from review.unanswered.runs import Run
from storage.retention import DAY
from storage.schema import judgements, messages, review_items, unanswered_decisions

WEEK = 7 * DAY
WEEKS = 12
"""Weeks in the little picture."""

PER_PAGE = 20
EXAMPLES = 3
MOST_TEXTS = 200
"""Different questions that the page of one cluster shows."""

PERIODS = {"": 0, "7": 7, "30": 30, "90": 90}
"""Days, by what stands in the address."""

OPEN, DECIDED = "", "klaar"


@dataclass(frozen=True)
class Filters:
    """What is shown.

    Attributes:
        period: days back, "" for all.
        channel: name, "" for all.
        kind: of the reply, "" for all.
        standing: open clusters or those that were decided.
    """

    period: str = ""
    channel: str = ""
    kind: str = ""
    standing: str = OPEN

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filters:
        """From an address; what is not known counts as not said."""
        period, kind, standing = (query.get(name, "") for name in ("periode", "soort", "stand"))
        return cls(
            period if period in PERIODS else "",
            query.get("kanaal", "")[:32],
            kind if kind in KINDS else "",
            DECIDED if standing == DECIDED else OPEN,
        )

    @property
    def is_set(self) -> bool:
        """Whether not everything is shown."""
        return self != Filters(standing=self.standing)


@dataclass(frozen=True)
class Question:
    """One of the different questions of a cluster.

    Attributes:
        number: of messages that ask it so.
        message_id: one of them.
        is_masked: something personal was taken out of it.
    """

    text: str
    number: int
    message_id: int
    is_masked: bool


@dataclass(frozen=True)
class Cluster:
    """Questions about one thing.

    Attributes:
        number: of the cluster.
        count: of messages.
        conversations: that are still known.
        week: messages of the last seven days; ``before`` of the seven before.
        first: and ``last``: when, in seconds since 1970.
        weekly: messages in each of the last :data:`WEEKS` weeks, the oldest first.
        questions: the most typical first.
        is_decided: somebody said of most of them that they need no article.
    """

    number: int
    count: int
    conversations: int
    week: int
    before: int
    first: float
    last: float
    weekly: tuple[int, ...] = ()
    questions: tuple[Question, ...] = ()
    is_decided: bool = False

    @property
    def name(self) -> str:
        """Its most typical question."""
        return self.questions[0].text if self.questions else ""


def page(
    connection: Connection, run: Run, filters: Filters, now: float, number: int
) -> tuple[list[Cluster], int]:
    """One page of clusters, those with most messages first, and how many clusters there are in all.

    Args:
        connection: of a transaction.
        run: the look that made them.
        filters: what is shown.
        now: seconds since 1970.
        number: of the page, from 1.
    """
    where = [*_of_run(run), *_conditions(filters, now), _is_standing(run, filters.standing)]
    counted = _counted(now).where(*where).group_by(review_items.c.cluster)
    order = (sa.desc("number"), sa.desc("last"), review_items.c.cluster)
    every = connection.execute(counted.order_by(*order)).all()  # some thousand numbers at most
    rows = every[(number - 1) * PER_PAGE : number * PER_PAGE]
    numbers = [row.cluster for row in rows]
    return _filled(connection, rows, numbers, now, where, filters.standing == DECIDED), len(every)


def one(connection: Connection, run: Run, number: int, now: float) -> Cluster | None:
    """A whole cluster; None when the last look made no such cluster, or nothing of it is left."""
    where = [*_of_run(run), review_items.c.cluster == number]
    rows = connection.execute(_counted(now).where(*where).group_by(review_items.c.cluster)).all()
    decided = connection.scalar(sa.select(sa.literal(number).in_(_decided(run))))
    found = _filled(connection, rows, [number], now, where, bool(decided))
    return found[0] if found else None


def items(connection: Connection, run: Run, number: int) -> list[Any]:
    """The items of a cluster with their ``text``, in order of id."""
    wanted = sa.select(review_items, messages.c.text).select_from(_joined())
    where = (*_of_run(run), review_items.c.cluster == number)
    return list(connection.execute(wanted.where(*where).order_by(review_items.c.message_id)))


def _joined() -> sa.sql.Join:
    return (
        review_items.join(messages, messages.c.id == review_items.c.message_id)
        .outerjoin(judgements, judgements.c.message_id == review_items.c.message_id)
        .outerjoin(unanswered_decisions, unanswered_decisions.c.message_id == review_items.c.message_id)
    )


def _of_run(run: Run) -> tuple[Any, ...]:
    first, beyond = run.numbers
    return (review_items.c.cluster >= first, review_items.c.cluster < beyond, is_not_settled())


def _conditions(filters: Filters, now: float) -> list[Any]:
    found = []
    if PERIODS[filters.period]:
        found.append(review_items.c.at >= now - PERIODS[filters.period] * DAY)
    if filters.channel:
        found.append(review_items.c.channel == filters.channel)
    if filters.kind:
        found.append(review_items.c.kind == filters.kind)
    return found


def _decided(run: Run) -> sa.sql.Select:
    """Clusters of which most messages were decided: a few new ones do not bring them back."""
    first, beyond = run.numbers
    item = review_items.alias("item")
    decision = unanswered_decisions.alias("decision")
    return (
        sa.select(item.c.cluster)
        .select_from(item.outerjoin(decision, decision.c.message_id == item.c.message_id))
        .where(item.c.cluster >= first, item.c.cluster < beyond)
        .group_by(item.c.cluster)
        .having(2 * sa.func.count(decision.c.message_id) > sa.func.count())
    )


def _is_standing(run: Run, standing: str) -> Any:
    decided = review_items.c.cluster.in_(_decided(run))
    return decided if standing == DECIDED else ~decided


def _counted(now: float) -> sa.sql.Select:
    item = review_items.c
    return sa.select(
        item.cluster,
        sa.func.count().label("number"),
        sa.func.count(messages.c.conversation_id.distinct()).label("conversations"),
        _since(now, 0, 1).label("week"),
        _since(now, 1, 2).label("before"),
        sa.func.min(item.at).label("first"),
        sa.func.max(item.at).label("last"),
    ).select_from(_joined())


def _since(now: float, newest: int, oldest: int) -> Any:
    """Messages between so many weeks ago."""
    item = review_items.c
    return sa.func.sum(
        sa.case(((item.at > now - oldest * WEEK) & (item.at <= now - newest * WEEK), 1), else_=0)
    )


def _filled(
    connection: Connection,
    rows: Sequence[Any],
    numbers: Sequence[int],
    now: float,
    where: Sequence[Any],
    is_decided: bool,
) -> list[Cluster]:
    if not rows:
        return []
    in_these = [*where, review_items.c.cluster.in_(numbers)]
    weeks = [_since(now, week, week + 1).label(f"w{week}") for week in reversed(range(WEEKS))]
    weekly = {
        row.cluster: tuple(int(number) for number in tuple(row)[1:])
        for row in connection.execute(
            sa.select(review_items.c.cluster, *weeks)
            .select_from(_joined())
            .where(*in_these)
            .group_by(review_items.c.cluster)
        )
    }
    questions = _questions(connection, in_these)
    return [
        Cluster(
            row.cluster,
            row.number,
            row.conversations,
            int(row.week),
            int(row.before),
            row.first,
            row.last,
            weekly.get(row.cluster, ()),
            tuple(questions[row.cluster]),
            is_decided,
        )
        for row in rows
    ]


def _questions(connection: Connection, where: Sequence[Any]) -> dict[int, list[Question]]:
    typical = sa.func.max(review_items.c.typical)
    number = sa.func.count()
    wanted = (
        sa.select(
            review_items.c.cluster,
            messages.c.text,
            number.label("number"),
            sa.func.max(review_items.c.message_id).label("message_id"),
        )
        .select_from(_joined())
        .where(*where)
        .group_by(review_items.c.cluster, messages.c.text)
        .order_by(typical.desc(), number.desc(), messages.c.text)
    )
    found: dict[int, dict[tuple[str, bool], Question]] = defaultdict(dict)
    for row in connection.execute(wanted):
        is_masked = without_labels(row.text) != row.text
        one = Question(row.text, row.number, row.message_id, is_masked)
        key = (what_is_asked(row.text), is_masked)
        known = found[row.cluster].get(key)
        if known is not None:
            found[row.cluster][key] = replace(known, number=known.number + one.number)
        elif len(found[row.cluster]) < MOST_TEXTS:
            found[row.cluster][key] = one
    return {cluster: list(questions.values()) for cluster, questions in found.items()}
