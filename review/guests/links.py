"""Links for guests. The link holds a token made by chance, the database its hash alone."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from review.states import CandidateState
from storage.schema import candidates, guest_links, guest_marks, team_members

DAYS = (1, 3, 7)
"""How long a link may work."""

LONGEST_NAME = 64
"""Characters of a guest's name."""

SHOWN = 100
"""Links of a candidate that are shown, the newest first."""

TO_TRY = (CandidateState.READY, CandidateState.GOING_LIVE, CandidateState.LIVE)
"""A candidate that was thrown away, or that another one replaced, is not tried any more."""

_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Link:
    """A link that works.

    Attributes:
        id: hash of its token.
        candidate: id of the candidate that is tried.
        name: for whom it was made.
        until: when it stops to work, in seconds since 1970.
    """

    id: str
    candidate: str
    name: str
    until: float


@dataclass(frozen=True)
class ListedLink:
    """A link as the team sees it.

    Attributes:
        by: full name of who made it.
        at: when, in seconds since 1970.
        asked: how many questions the guest asked.
        good: how many replies the guest found good.
        bad: how many not.
        works: whether it opens anything now.
    """

    id: str
    name: str
    by: str
    at: float
    until: float
    asked: int
    good: int
    bad: int
    works: bool


def make(connection: Connection, candidate: str, name: str, days: int, member_id: int, now: float) -> str:
    """Keep a new link; gives its token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    connection.execute(
        guest_links.insert().values(
            token_hash=_hash(token),
            candidate=candidate,
            name=name,
            member_id=member_id,
            at=now,
            until=now + days * _DAY,
        )
    )
    return token


def find(connection: Connection, token: str, now: float) -> Link | None:
    """The link of a token; None when there is none, it is over, or its candidate is not tried any more."""
    row = connection.execute(
        sa.select(guest_links)
        .join(candidates, candidates.c.id == guest_links.c.candidate)
        .where(guest_links.c.token_hash == _hash(token), guest_links.c.until > now)
        .where(candidates.c.state.in_([one.value for one in TO_TRY]))
    ).first()
    return None if row is None else Link(row.token_hash, row.candidate, row.name, row.until)


def end(connection: Connection, candidate: str, link_id: str, now: float) -> bool:
    """Let a link open nothing from now on; whether it still did."""
    of_it = sa.and_(guest_links.c.token_hash == link_id, guest_links.c.candidate == candidate)
    ended = connection.execute(guest_links.update().where(of_it, guest_links.c.until > now).values(until=now))
    return bool(ended.rowcount)


def links_of(connection: Connection, candidate: str, is_tried: bool, now: float) -> Sequence[ListedLink]:
    """The newest :data:`SHOWN` links of a candidate, the newest first.

    Args:
        connection: to the database.
        candidate: its id.
        is_tried: whether the candidate can be tried now.
        now: seconds since 1970.
    """
    wanted = (
        sa.select(
            guest_links,
            team_members.c.full_name,
            sa.func.count(guest_marks.c.id).label("asked"),
            _count(guest_marks.c.is_good.is_(True)).label("good"),
            _count(guest_marks.c.is_good.is_(False)).label("bad"),
        )
        .join(team_members, team_members.c.id == guest_links.c.member_id)
        .outerjoin(guest_marks, guest_marks.c.link == guest_links.c.token_hash)
        .where(guest_links.c.candidate == candidate)
        .group_by(guest_links.c.token_hash, team_members.c.full_name)
        .order_by(guest_links.c.at.desc(), guest_links.c.token_hash)
        .limit(SHOWN)
    )
    return [
        ListedLink(
            row.token_hash,
            row.name,
            row.full_name,
            row.at,
            row.until,
            row.asked,
            row.good,
            row.bad,
            is_tried and row.until > now,
        )
        for row in connection.execute(wanted)
    ]


def _count(which: Any) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((which, 1), else_=0)), 0)


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
