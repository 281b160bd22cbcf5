"""``kalm user``: let somebody into the review screens, and out, without the screens."""

from __future__ import annotations

import time
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from commands.database import opened
from commands.errors import CommandError
from review.access import members
from review.access.members import Member, MemberError, NewPassword
from review.access.passwords import new_password
from review.audit.log import AT_THE_MACHINE, note
from review.states import Role
from storage.database import Database

app = typer.Typer(help="Wie er op de schermen van het team mag.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="Inlognaam, kleine letters.")]


@app.command()
def add(
    name: NameArgument,
    full_name: Annotated[str, typer.Option("--naam", help="Naam zoals collega's die kennen.")] = "",
    role: Annotated[Role, typer.Option("--rol", help="Wat diegene mag.")] = Role.REVIEWER,
) -> None:
    """Laat iemand toe; je krijgt een wachtwoord te zien dat bij het inloggen vervangen wordt."""
    password = new_password()
    with opened() as database:
        try:
            kept = NewPassword.of(password, name)
            with database.writing() as connection:
                members.add(connection, name, full_name or name, role, kept, time.time())
                note(connection, AT_THE_MACHINE, "member.add", name.lower(), time.time(), role=role.value)
        except MemberError as error:
            raise CommandError(str(error)) from error
    _tell(name, password)


@app.command()
def password(name: NameArgument) -> None:
    """Geef iemand een nieuw wachtwoord; alle sessies van diegene eindigen."""
    chosen = new_password()
    kept = NewPassword.of(chosen, name)
    with opened() as database:
        member = _find(database, name)
        with database.writing() as connection:
            members.set_password(connection, member, kept, must_change=True)
            note(connection, AT_THE_MACHINE, "member.password", member.name, time.time())
    _tell(name, chosen)


@app.command()
def close(name: NameArgument) -> None:
    """Laat iemand niet meer toe; wat diegene deed blijft staan."""
    with opened() as database:
        member = _find(database, name)
        try:
            with database.writing() as connection:
                members.close(connection, member, time.time())
                note(connection, AT_THE_MACHINE, "member.close", member.name, time.time())
        except MemberError as error:
            raise CommandError(str(error)) from error
    Console(highlight=False).print(f"{member.full_name} kan niet meer inloggen.")


@app.command("list")
def show() -> None:
    """Toon wie er toegang heeft."""
    table = Table("Inlognaam", "Naam", "Rol", "Toegang")
    with opened() as database, database.reading() as connection:
        for member in members.everybody(connection):
            table.add_row(
                member.name, member.full_name, member.role.value, "gesloten" if member.disabled_at else "open"
            )
    console = Console(highlight=False)
    console.print(table if table.row_count else "Nog niemand. Laat iemand toe met 'kalm user add'.")


def _find(database: Database, name: str) -> Member:
    with database.reading() as connection:
        member = members.by_name(connection, name.lower())
    if member is None:
        raise CommandError(f"Er is niemand met de inlognaam {name}; 'kalm user list' toont wie er zijn.")
    return member


def _tell(name: str, chosen: str) -> None:
    console = Console(highlight=False)
    console.print(f"Inlognaam:  {name.lower()}\nWachtwoord: {chosen}")
    console.print("Dit wachtwoord zie je maar één keer; bij het inloggen kiest je collega een eigen.")
