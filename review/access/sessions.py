"""Sessions: the browser keeps a token made by chance, the database its hash."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa

from review.access.members import Member, member_of
from storage.database import Database
from storage.schema import team_members, team_sessions

LONGEST = 12 * 60 * 60
"""Seconds after which everybody logs in again: a working day."""

IDLE = 2 * 60 * 60
"""Seconds without a page after which a session ends."""

_MINUTE = 60


@dataclass(frozen=True)
class Session:
    """Somebody who is logged in.

    Attributes:
        member: who.
        csrf_token: that each form carries, so that no other site can send it.
        token_hash: by which the session is found.
    """

    member: Member
    csrf_token: str
    token_hash: str


def start(database: Database, member: Member, now: float) -> str:
    """Begin a session; gives what the browser must keep."""
    token = secrets.token_urlsafe(32)
    with database.writing() as connection:
        connection.execute(team_sessions.delete().where(_is_over(now)))
        connection.execute(
            team_sessions.insert().values(
                token_hash=_hash(token),
                member_id=member.id,
                csrf_token=secrets.token_urlsafe(32),
                started_at=now,
                last_at=now,
            )
        )
    return token


def find(database: Database, token: str, now: float, is_there: bool = True) -> Session | None:
    """The session of a token, unless it is over or its member may come in no more.

    Args:
        database: where the team is.
        token: what the browser keeps.
        now: seconds since 1970.
        is_there: whether somebody asks, and not a page that was left open.
    """
    wanted = (
        sa.select(team_members, team_sessions.c.csrf_token, team_sessions.c.last_at)
        .join(team_sessions, team_sessions.c.member_id == team_members.c.id)
        .where(team_sessions.c.token_hash == _hash(token), sa.not_(_is_over(now)))
        .where(team_members.c.disabled_at.is_(None))
    )
    with database.reading() as connection:
        row = connection.execute(wanted).first()
    if row is None:
        return None
    if is_there and now - row.last_at > _MINUTE:
        with database.writing() as connection:
            connection.execute(
                team_sessions.update().where(team_sessions.c.token_hash == _hash(token)).values(last_at=now)
            )
    return Session(member_of(row), row.csrf_token, _hash(token))


def end(database: Database, session: Session) -> None:
    """End a session; a second time does nothing."""
    with database.writing() as connection:
        connection.execute(team_sessions.delete().where(team_sessions.c.token_hash == session.token_hash))


def _is_over(now: float) -> sa.sql.ColumnElement[bool]:
    return (team_sessions.c.started_at <= now - LONGEST) | (team_sessions.c.last_at <= now - IDLE)


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
