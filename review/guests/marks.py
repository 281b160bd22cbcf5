"""What guests asked, what the candidate said, and what they thought of it. Texts come here masked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from storage.database import Database
from storage.schema import guest_links, guest_marks

AT_MOST = 200
"""Questions per link."""

SHOWN = 300
"""Questions about a candidate that the team is shown."""

_SHORT = 200
"""Characters of a reply that tell which one it was."""


class TooManyError(Exception):
    """No more questions with this link."""


class StillWaitingError(Exception):
    """The reply to the question before is not there yet."""


@dataclass(frozen=True)
class Mark:
    """A question of a guest.

    Attributes:
        at: when, in seconds since 1970.
        question: masked.
        reply: what the candidate said, as in ``messages``; empty when there is no reply.
        is_good: what the guest thought of it, None for nothing yet.
        remark: masked, may be empty.
        name: of the guest.
    """

    id: int
    at: float
    question: str
    reply: tuple[dict[str, Any], ...]
    is_good: bool | None
    remark: str
    name: str

    @property
    def short(self) -> str:
        """The beginning of the reply."""
        words = " ".join(" ".join(_words(said) for said in self.reply).split())
        return words if len(words) <= _SHORT else f"{words[:_SHORT].rstrip()} …"


@dataclass(frozen=True)
class Counted:
    """How many questions were asked about a candidate, and what guests thought of the replies."""

    asked: int
    good: int
    bad: int

    @property
    def unmarked(self) -> int:
        """Replies of which nobody said anything."""
        return self.asked - self.good - self.bad


def ask(
    connection: Connection,
    link: str,
    question: str,
    number: int,
    is_waiting: Callable[[int], bool],
    now: float,
) -> int | None:
    """Keep a question that has no reply yet.

    Args:
        connection: of a transaction that writes.
        link: id of the guest's link.
        question: masked.
        number: how many questions there were on the page from which it was sent.
        is_waiting: whether the reply to a question, by its id, is being made.
        now: seconds since 1970.

    Returns:
        Its id; None when the same was sent before.

    Raises:
        TooManyError: the link has no more questions.
        StillWaitingError: another question of this link waits for its reply.
    """
    # On PostgreSQL, two forms of one guest that arrive at once wait here for each other.
    connection.execute(
        sa.select(guest_links.c.token_hash).where(guest_links.c.token_hash == link).with_for_update()
    )
    of_link = guest_marks.c.link == link
    count = connection.execute(sa.select(sa.func.count()).where(of_link)).scalar_one()
    last = connection.execute(
        sa.select(guest_marks).where(of_link).order_by(guest_marks.c.id.desc()).limit(1)
    ).first()
    if last is not None and count != number and last.question == question:
        return None
    if count >= AT_MOST:
        raise TooManyError
    if last is not None and is_waiting(last.id):
        raise StillWaitingError
    values = {"link": link, "at": now, "question": question, "reply": [], "is_good": None, "remark": ""}
    return int(connection.execute(guest_marks.insert().values(**values)).inserted_primary_key[0])


def keep_reply(database: Database, mark_id: int, reply: list[dict[str, Any]]) -> None:
    """Keep what the candidate said."""
    with database.writing() as connection:
        connection.execute(guest_marks.update().where(guest_marks.c.id == mark_id).values(reply=reply))


def judge(connection: Connection, mark: Mark, is_good: bool, remark: str) -> None:
    """Keep what the guest thinks of a reply, in place of what they thought before."""
    connection.execute(
        guest_marks.update().where(guest_marks.c.id == mark.id).values(is_good=is_good, remark=remark)
    )


def of_link(connection: Connection, link: str) -> list[Mark]:
    """What was asked with a link, in order."""
    wanted = _wanted().where(guest_marks.c.link == link).order_by(guest_marks.c.id)
    return [_mark(row) for row in connection.execute(wanted)]


def of_candidate(connection: Connection, candidate: str) -> list[Mark]:
    """At most :data:`SHOWN` of what was asked about a candidate: first what was not good, then what was."""
    is_good = guest_marks.c.is_good
    first = sa.case((is_good.is_(False), 0), (is_good.is_(True), 1), else_=2)
    wanted = _wanted().where(guest_links.c.candidate == candidate)
    rows = connection.execute(wanted.order_by(first, guest_marks.c.id.desc()).limit(SHOWN))
    return [_mark(row) for row in rows]


def count(connection: Connection, candidate: str) -> Counted:
    """How many questions there are about a candidate, by what guests thought of the replies."""
    wanted = (
        sa.select(guest_marks.c.is_good, sa.func.count())
        .join(guest_links, guest_links.c.token_hash == guest_marks.c.link)
        .where(guest_links.c.candidate == candidate)
        .group_by(guest_marks.c.is_good)
    )
    by_mark = {row[0]: int(row[1]) for row in connection.execute(wanted)}
    return Counted(sum(by_mark.values()), by_mark.get(True, 0), by_mark.get(False, 0))


def _wanted() -> Any:
    return sa.select(guest_marks, guest_links.c.name).join(
        guest_links, guest_links.c.token_hash == guest_marks.c.link
    )


def _mark(row: Row) -> Mark:
    reply = row.reply if isinstance(row.reply, list) else []
    return Mark(
        row.id,
        row.at,
        row.question,
        tuple(said for said in reply if isinstance(said, dict)),
        row.is_good,
        row.remark,
        row.name,
    )


def _words(said: dict[str, Any]) -> str:
    payload = said.get("custom")
    if not isinstance(payload, dict):
        return str(said.get("text") or "")
    passages = [one for one in payload.get("passages") or () if isinstance(one, dict)]
    return " ".join(
        [str(payload.get("message") or ""), *(f"{one.get('section')}: {one.get('text')}" for one in passages)]
    )
