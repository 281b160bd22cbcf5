"""The members of the team, for the administrator."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from review.access import members
from review.access.members import Member, MemberError, NewPassword
from review.access.passwords import new_password
from review.requests import ReviewRequest
from review.states import Role


def show(asked: ReviewRequest) -> Response:
    """Everybody, and a form for one more."""
    return _page(asked)


def add(asked: ReviewRequest) -> Response:
    """Let somebody in, with a password that is shown once."""
    name, password = asked.value("name").lower(), new_password()
    try:
        role, kept = _role(asked.value("role")), NewPassword.of(password, name)
        with asked.database.writing() as connection:
            members.add(connection, name, asked.value("full_name"), role, kept, asked.now)
            asked.note(connection, "member.add", name, role=role.value)
    except MemberError as error:
        return _page(asked, 422, error=str(error))
    return _page(asked, shown=(name, password))


def change_role(asked: ReviewRequest) -> Response:
    """Let somebody do more or less."""
    role = asked.value("role")

    def change(connection: Connection, member: Member) -> None:
        members.set_role(connection, member, _role(role))
        asked.note(connection, "member.role", member.name, before=member.role.value, after=role)

    return _change(asked, change, "De rol van {} is veranderd.")


def reset_password(asked: ReviewRequest) -> Response:
    """Give somebody a new password, shown once."""
    password = new_password()
    kept = NewPassword.of(password, str(asked.path["name"]))

    def change(connection: Connection, member: Member) -> None:
        members.set_password(connection, member, kept, must_change=True)
        asked.note(connection, "member.password", member.name)

    done = _change(asked, change, "")
    return _page(asked, shown=(str(asked.path["name"]), password)) if done.status_code == 303 else done


def close(asked: ReviewRequest) -> Response:
    """Let somebody in no more."""

    def change(connection: Connection, member: Member) -> None:
        members.close(connection, member, asked.now)
        asked.note(connection, "member.close", member.name)

    return _change(asked, change, "{} kan niet meer inloggen.")


def open_again(asked: ReviewRequest) -> Response:
    """Let somebody in again."""

    def change(connection: Connection, member: Member) -> None:
        members.open_again(connection, member)
        asked.note(connection, "member.open", member.name)

    return _change(asked, change, "{} kan weer inloggen.")


def _change(asked: ReviewRequest, change: Callable[[Connection, Member], None], notice: str) -> Response:
    try:
        with asked.database.writing() as connection:
            member = members.by_name(connection, str(asked.path["name"]))
            if member is None:
                raise HTTPException(404)
            change(connection, member)
    except MemberError as error:
        return _page(asked, 422, error=str(error))
    return asked.go_to("/team", notice.format(member.full_name))


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError as error:
        raise MemberError("Kies een rol.") from error


def _page(
    asked: ReviewRequest, status: int = 200, error: str = "", shown: tuple[str, str] | None = None
) -> Response:
    with asked.database.reading() as connection:
        everybody = members.everybody(connection)
    return asked.render(
        "team/team.html", status, members=everybody, roles=list(Role), error=error, shown=shown
    )
