"""What is counted, in the database: nothing that a visitor typed is read.

Once a conversation is too old, its messages stay for review without it (``storage/retention.py``): with their
day alone, and without reply, feedback or request for a person. They count as messages, by kind and channel;
for all else there is nothing left of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kalm.reply import Kind
from review import stored
from review.overview.periods import Period, hour_of
from storage.schema import feedback, messages

MOST_PASSAGES = 10
NO_ANSWER = (Kind.NO_ANSWER.value, Kind.OUT_OF_SCOPE.value)
REFUSED = (Kind.REFERRAL.value,)
DANGER = (Kind.EMERGENCY.value, Kind.CRISIS.value)


@dataclass
class Part:
    """What happened in a day, a week, or all of a period.

    Attributes:
        kinds: messages by kind of the reply.
        channels: messages by channel.
        conversations: that had a message in it.
        with_person: those of them in which Kalm led to a person, or an answer was said not to help.
        helped: answers that helped, as visitors said.
        not_helped: answers that did not.
        taken: how many replies took so many milliseconds.
    """

    kinds: Counter[str] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    conversations: int = 0
    with_person: int = 0
    helped: int = 0
    not_helped: int = 0
    taken: Counter[int] = field(default_factory=Counter)

    @property
    def messages(self) -> int:
        """All messages."""
        return self.kinds.total()

    @property
    def without_person(self) -> int:
        """Conversations that Kalm handled without a person."""
        return self.conversations - self.with_person

    @property
    def share_without_person(self) -> float | None:
        """The same as a share; None without conversations."""
        return self.without_person / self.conversations if self.conversations else None

    @property
    def share_helped(self) -> float | None:
        """Share of the judged answers that helped; None when none was judged."""
        judged = self.helped + self.not_helped
        return self.helped / judged if judged else None

    def of_kinds(self, kinds: Iterable[str]) -> int:
        """Messages with a reply of one of these kinds."""
        return sum(self.kinds[kind] for kind in kinds)

    def percentile(self, share: float) -> int | None:
        """Within how many milliseconds this share of the replies was there (nearest rank); None for none."""
        wanted, seen = share * self.taken.total(), 0
        for milliseconds, count in sorted(self.taken.items()):
            seen += count
            if seen >= wanted:
                return milliseconds
        return None


@dataclass(frozen=True)
class Shown:
    """A passage that answered.

    Attributes:
        id: of the passage.
        title: section and article as they were called in a reply, or the id.
        times: in how many replies.
    """

    id: str
    title: str
    times: int


@dataclass(frozen=True)
class Numbers:
    """All that is counted over a period.

    Attributes:
        parts: each day or week, by its first day, in order; also those in which nothing happened.
        total: all of it; a conversation of several days is one here.
        hours: messages by hour of the day, 0 to 23.
        passages: those that answered most, the first first.
        loose: how many messages have no conversation any more.
    """

    period: Period
    parts: Mapping[date, Part]
    total: Part
    hours: tuple[int, ...]
    passages: tuple[Shown, ...]
    loose: int


def count(connection: Connection, period: Period) -> Numbers:
    """Count everything over a period."""
    parts = {day: Part() for day in period.parts}
    total = Part()
    loose = _count_messages(connection, period, parts, total)
    _count_conversations(connection, period, parts, total)
    _count_feedback(connection, period, parts, total)
    _count_times(connection, period, parts, total)
    return Numbers(
        period, parts, total, _count_hours(connection, period), _count_passages(connection, period), loose
    )


_HAS_CONVERSATION = messages.c.conversation_id.is_not(None)


def _local(period: Period) -> sa.sql.ColumnElement[float]:
    # Of a message without conversation only the day is kept, as midnight in UTC: it is that day everywhere.
    return sa.case((_HAS_CONVERSATION, period.local(messages.c.at)), else_=messages.c.at)


def _count_messages(connection: Connection, period: Period, parts: Mapping[date, Part], total: Part) -> int:
    local = _local(period)
    part = period.part_of(local).label("part")
    wanted = (
        sa.select(
            *(part, messages.c.channel, messages.c.kind, sa.func.count().label("times")),
            sa.func.count(messages.c.conversation_id).label("whole"),
        )
        .where(period.holds(messages.c.at, local))
        .group_by(part, messages.c.channel, messages.c.kind)
    )
    loose = 0
    for row in connection.execute(wanted):
        for one in (parts[period.first_day(row.part)], total):
            one.kinds[row.kind] += row.times
            one.channels[row.channel] += row.times
        loose += row.times - row.whole
    return loose


def _count_conversations(
    connection: Connection, period: Period, parts: Mapping[date, Part], total: Part
) -> None:
    local = period.local(messages.c.at)
    part = period.part_of(local).label("part")
    rejected = sa.select(feedback.c.message_id).where(feedback.c.helped.is_(False))
    to_person = (messages.c.kind == Kind.HANDOFF.value) | messages.c.id.in_(rejected)
    person = sa.func.max(sa.case((to_person, 1), else_=0))
    wanted = (
        sa.select(part, messages.c.conversation_id, person)
        .where(_HAS_CONVERSATION, period.holds(messages.c.at, local))
        .group_by(part, messages.c.conversation_id)
    )
    # In the whole period a conversation of two days is one: the database would have to group all of it again.
    once: dict[str, int] = {}
    for number, conversation_id, to_person_here in connection.execute(wanted):
        found = parts[period.first_day(number)]
        found.conversations += 1
        found.with_person += to_person_here
        once[conversation_id] = max(to_person_here, once.get(conversation_id, 0))
    total.conversations, total.with_person = len(once), sum(once.values())


def _count_feedback(connection: Connection, period: Period, parts: Mapping[date, Part], total: Part) -> None:
    local = period.local(feedback.c.at)
    part = period.part_of(local).label("part")
    wanted = (
        sa.select(part, feedback.c.helped, sa.func.count().label("times"))
        .where(period.holds(feedback.c.at, local))
        .group_by(part, feedback.c.helped)
    )
    for row in connection.execute(wanted):
        for one in (parts[period.first_day(row.part)], total):
            if row.helped:
                one.helped += row.times
            else:
                one.not_helped += row.times


def _count_times(connection: Connection, period: Period, parts: Mapping[date, Part], total: Part) -> None:
    local = period.local(messages.c.at)
    part = period.part_of(local).label("part")
    wanted = (
        sa.select(part, messages.c.milliseconds, sa.func.count().label("times"))
        .where(_HAS_CONVERSATION, period.holds(messages.c.at, local))
        .group_by(part, messages.c.milliseconds)
    )
    for row in connection.execute(wanted):
        for one in (parts[period.first_day(row.part)], total):
            one.taken[row.milliseconds] += row.times


def _count_hours(connection: Connection, period: Period) -> tuple[int, ...]:
    local = period.local(messages.c.at)
    hour = hour_of(local).label("hour")
    wanted = (
        sa.select(hour, sa.func.count().label("times"))
        .where(_HAS_CONVERSATION, period.holds(messages.c.at, local))
        .group_by(hour)
    )
    found = {row.hour: row.times for row in connection.execute(wanted)}
    return tuple(found.get(hour, 0) for hour in range(24))


def _count_passages(connection: Connection, period: Period) -> tuple[Shown, ...]:
    """The passages of most replies. The database counts equal lists; there are not many different ones."""
    local = _local(period)
    listed = sa.cast(messages.c.passages, sa.Text).label("listed")
    example = sa.func.max(sa.case((_HAS_CONVERSATION, messages.c.id)))
    wanted = (
        sa.select(listed, sa.func.count().label("times"), example.label("example"))
        .where(period.holds(messages.c.at, local), messages.c.kind == Kind.ANSWER.value)
        .group_by(listed)
    )
    times: Counter[str] = Counter()
    examples: dict[str, int] = {}
    for row in connection.execute(wanted):
        for passage in set(_ids(row.listed)):
            times[passage] += row.times
            if row.example is not None:
                examples[passage] = row.example
    most = sorted(times.items(), key=lambda one: (-one[1], one[0]))[:MOST_PASSAGES]
    titles = _titles(connection, [examples[id_] for id_, _ in most if id_ in examples])
    return tuple(Shown(id_, titles.get(id_, id_), number) for id_, number in most)


def _ids(listed: str) -> list[str]:
    found = [one.get("id") for one in stored.dicts(stored.read(listed))]
    return [one for one in found if isinstance(one, str)]


def _titles(connection: Connection, message_ids: list[int]) -> dict[str, str]:
    """What passages are called in these messages' replies, by id."""
    titles: dict[str, str] = {}
    replies = sa.select(sa.cast(messages.c.reply, sa.Text)).where(messages.c.id.in_(message_ids))
    for reply in connection.scalars(replies):
        for passage in stored.listed(stored.dicts(stored.read(reply)), "passages"):
            if {"id", "article", "section"} <= passage.keys():
                titles[str(passage["id"])] = f"{passage['section']} ({passage['article']})"
    return titles
