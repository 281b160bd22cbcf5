"""The support team: somebody can log in, and there are two where two are needed."""

from __future__ import annotations

from collections.abc import Iterator

from commands.doctor.finding import Finding, good, warning
from commands.doctor.look import Look
from review.access import members
from review.states import Role


def look(looked: Look) -> Iterator[Finding]:
    """Who is missing; nobody's name is told."""
    if looked.database.trouble:
        yield warning("", "not looked at: the database cannot be used", "see 'database' above")
        return
    with looked.database.reading() as connection:
        team = [member for member in members.everybody(connection) if member.disabled_at is None]
    found = list(_missing(looked, [member.role for member in team]))
    yield from found
    if not found:
        yield good(f"{len(team)} members can log in")


def _missing(looked: Look, roles: list[Role]) -> Iterator[Finding]:
    if not roles:
        remedy = "'python -m kalm user add <name> --rol beheerder'"
        yield warning("", "nobody can log in to the review screens", remedy)
        return
    if Role.ADMINISTRATOR not in roles:
        remedy = "'python -m kalm user add <name> --rol beheerder'"
        yield warning("", "nobody is 'beheerder', who lets others in and puts a model live", remedy)
    # Whoever judged may not give the second look, and only an editor may.
    if looked.settings.second_look and (len(roles) < 2 or not any(map(_may_look, roles))):
        yield warning(
            "KALM_SECOND_LOOK",
            "is on, but there is no second person to give it, so Kalm learns nothing from judgements",
            "'python -m kalm user add <name> --rol eindredacteur', or KALM_SECOND_LOOK=false for one alone",
        )


def _may_look(role: Role) -> bool:
    return role.includes(Role.EDITOR)
