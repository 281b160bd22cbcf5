"""The members of the team, and how often somebody may guess a password."""

from __future__ import annotations

import re
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import IntegrityError

from review.access import passwords
from review.audit.log import NOBODY, note, note_once
from review.states import Role
from storage.database import Database
from storage.schema import team_members, team_sessions

GUESSES = 5
"""Wrong passwords in a row, after which none is tried for :data:`LOCKED_FOR`."""

LOCKED_FOR = 15 * 60
"""Seconds."""

_MINUTE = 60.0

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")


class MemberError(Exception):
    """A member cannot be made or changed; the message says why, in Dutch."""


@dataclass(frozen=True)
class Member:
    """Somebody of the team.

    Attributes:
        id: number.
        name: to log in with.
        full_name: as others see it.
        role: what they may do.
        must_change: whether the password came from somebody else, and must be replaced first.
        disabled_at: when somebody closed it, in seconds since 1970; None while it is open.
    """

    id: int
    name: str
    full_name: str
    role: Role
    must_change: bool
    disabled_at: float | None


@dataclass(frozen=True)
class Attempt:
    """What became of an attempt to log in.

    Attributes:
        member: who it is, None when the attempt failed.
        wait: seconds until a password is tried again, 0 for at once.
        is_busy: whether it was not looked at, since so many others were.
    """

    member: Member | None
    wait: float = 0
    is_busy: bool = False


@dataclass(frozen=True)
class NewPassword:
    """A password that may be used, as it is kept.

    Making one takes long on purpose, so it is made before a transaction: nobody may wait for it.
    """

    hash: str

    @classmethod
    def of(cls, password: str, name: str) -> NewPassword:
        """Of a password and the name of its owner.

        Raises:
            MemberError: it is too weak.
        """
        if wrong := passwords.what_is_wrong_with(password, name):
            raise MemberError(wrong)
        return cls(passwords.hash_of(password))


def add(
    connection: Connection, name: str, full_name: str, role: Role, password: NewPassword, now: float
) -> None:
    """Let somebody in, with a password that they must replace.

    Raises:
        MemberError: the name is taken or cannot be used.
    """
    name, full_name = name.strip().lower(), full_name.strip()
    if not _NAME.fullmatch(name):
        raise MemberError("Een inlognaam bestaat uit kleine letters, cijfers, punten en streepjes.")
    if not 1 <= len(full_name) <= 128 or re.search(r"[<>\x00-\x1f]", full_name):
        raise MemberError("Vul de naam in zoals collega's die kennen, zonder < of >.")
    if by_name(connection, name) is not None:
        raise MemberError(f"De inlognaam {name} bestaat al.")
    try:
        connection.execute(
            team_members.insert().values(
                name=name,
                full_name=full_name,
                role=role.value,
                password_hash=password.hash,
                must_change=True,
                created_at=now,
                failures=0,
                locked_until=0,
            )
        )
    except IntegrityError as error:  # somebody else was quicker
        raise MemberError(f"De inlognaam {name} bestaat al.") from error


def by_name(connection: Connection, name: str) -> Member | None:
    """The member of this name, closed or not."""
    row = connection.execute(team_members.select().where(team_members.c.name == name)).first()
    return None if row is None else member_of(row)


def everybody(connection: Connection) -> list[Member]:
    """All members, the closed ones last."""
    rows = connection.execute(
        team_members.select().order_by(team_members.c.disabled_at.is_not(None), team_members.c.name)
    )
    return [member_of(row) for row in rows]


def names(connection: Connection) -> dict[int, str]:
    """Full name by number."""
    return {row.id: row.full_name for row in connection.execute(team_members.select())}


def member_of(row: Row) -> Member:
    """A member from a row of the table."""
    return Member(row.id, row.name, row.full_name, Role(row.role), row.must_change, row.disabled_at)


def log_in(database: Database, name: str, password: str, now: float) -> Attempt:
    """Try a password.

    The first attempts do not show whether there is such a name: one that is not there takes as long. Only
    one that is there is locked after :data:`GUESSES`.

    Args:
        database: where the team is.
        name: as typed.
        password: as typed.
        now: seconds since 1970.
    """
    name = name.strip().lower()[:64]
    with database.reading() as connection:
        row = connection.execute(team_members.select().where(team_members.c.name == name)).first()
    if row is not None and row.locked_until > now:
        return Attempt(None, row.locked_until - now)
    # Outside a transaction: it takes long on purpose.
    try:
        fits = passwords.is_right(
            password[: passwords.LONGEST], row.password_hash if row else passwords.nobodys()
        )
    except passwords.BusyError:
        return Attempt(None, is_busy=True)
    with database.writing() as connection:
        if row is None or row.disabled_at is not None:
            # One line a minute: whoever goes on guessing must not fill the database.
            who = NOBODY if row is None else row.name
            note_once(connection, who, "login.refused", "", now, _MINUTE)
            return Attempt(None)
        return _count(connection, row.id, fits, now)


def _count(connection: Connection, member_id: int, fits: bool, now: float) -> Attempt:
    found = sa.select(team_members).where(team_members.c.id == member_id).with_for_update()
    row = connection.execute(found).one()
    if row.locked_until > now:  # others guessed meanwhile
        return Attempt(None, row.locked_until - now)
    failures = 0 if fits else row.failures + 1
    locked_until = now + LOCKED_FOR if failures >= GUESSES else 0
    connection.execute(
        team_members.update()
        .where(team_members.c.id == member_id)
        .values(failures=0 if locked_until else failures, locked_until=locked_until)
    )
    action = "login" if fits else "login.locked" if locked_until else "login.refused"
    note(connection, row.name, action, "", now)
    return Attempt(member_of(row)) if fits else Attempt(None, LOCKED_FOR if locked_until else 0)


def set_password(connection: Connection, member: Member, password: NewPassword, must_change: bool) -> None:
    """Replace a password; every session of theirs ends."""
    _change(
        connection,
        member,
        password_hash=password.hash,
        must_change=must_change,
        failures=0,
        locked_until=0,
    )
    end_sessions(connection, member)


def set_role(connection: Connection, member: Member, role: Role) -> None:
    """Let somebody do more or less.

    Raises:
        MemberError: nobody would be left who may manage the team.
    """
    if role != Role.ADMINISTRATOR:
        _keep_an_administrator(connection, member)
    _change(connection, member, role=role.value)


def close(connection: Connection, member: Member, now: float) -> None:
    """Let somebody in no more; what they did stays under their name.

    Raises:
        MemberError: nobody would be left who may manage the team.
    """
    _keep_an_administrator(connection, member)
    _change(connection, member, disabled_at=now)
    end_sessions(connection, member)


def open_again(connection: Connection, member: Member) -> None:
    """Let somebody in again who was let in no more."""
    _change(connection, member, disabled_at=None)


def end_sessions(connection: Connection, member: Member) -> None:
    """Log somebody out everywhere."""
    connection.execute(team_sessions.delete().where(team_sessions.c.member_id == member.id))


def _keep_an_administrator(connection: Connection, leaving: Member) -> None:
    others = (
        sa.select(team_members.c.id)
        .where(team_members.c.role == Role.ADMINISTRATOR.value)
        .where(team_members.c.disabled_at.is_(None), team_members.c.id != leaving.id)
        .with_for_update()
    )
    if leaving.role == Role.ADMINISTRATOR and connection.execute(others).first() is None:
        raise MemberError("Er moet minstens één beheerder overblijven.")


def _change(connection: Connection, member: Member, **values: object) -> None:
    connection.execute(team_members.update().where(team_members.c.id == member.id).values(**values))
