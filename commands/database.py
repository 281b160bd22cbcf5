"""``kalm migrate``, ``backup`` and ``restore``: the database as a whole."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from commands.asking import go_on
from commands.errors import CommandError
from kalm import going_live
from kalm.settings import settings
from storage import backup as backups
from storage import migrate as migrations
from storage.database import Database
from storage.migrate import reason
from storage.retention import purge


@contextmanager
def opened(create: bool = False) -> Iterator[Database]:
    """The database of the settings.

    Args:
        create: whether it may be empty, or a file that does not exist yet.

    Raises:
        StorageError: it has another schema than this version of Kalm wants.
        CommandError: it refuses.
    """
    database = Database(settings().database_url, create=create)
    try:
        if create and database.file is not None:
            database.file.parent.mkdir(parents=True, exist_ok=True)
        elif not create:
            migrations.require_newest(database)
        yield database
    except SQLAlchemyError as error:
        raise CommandError(f"{database.name} refuses: {reason(error)}") from error
    finally:
        database.close()


def migrate(
    back: Annotated[
        str | None,
        typer.Option("--terug", help="Ga terug naar dit oudere schema; wat nieuwer is, gaat verloren."),
    ] = None,
    sure: Annotated[bool, typer.Option("--ja", help="Vraag niet of het zeker is.")] = False,
) -> None:
    """Maak de database, of breng haar bij tot het schema van deze versie."""
    if back is None:
        before, after = migrations.migrate(settings().database_url)
    else:
        before, after = _go_back(back, sure)
    if before == after:
        _print(f"De database heeft schema {after} al.")
    else:
        _print(f"De database is van {f'schema {before}' if before else 'leeg'} naar schema {after} gebracht.")


def _go_back(to: str, sure: bool) -> tuple[str, str]:
    if going_live.is_supervised():
        raise CommandError("Kalm runs with this KALM_VAR; stop it first, for its servers use what goes")
    address = settings().database_url
    migrations.require_way_back(address, to)
    what = f"De database gaat terug naar schema {to}; wat alleen in nieuwere schema's staat, gaat verloren."
    if not sure and not go_on(what):
        raise typer.Exit(1)
    return migrations.go_back(address, to)


def backup(
    file: Annotated[Path, typer.Argument(help="Het bestand; een ouder met die naam wordt vervangen.")],
) -> None:
    """Schrijf alles wat bewaard is naar één bestand, terwijl Kalm doorgaat."""
    with opened() as database, _files(file):
        content = backups.backup(database, file)
    _print(
        f"{content.rows} rijen staan in {file} ({file.stat().st_size / 1e6:.1f} MB). Er staan gesprekken "
        "over gezondheid in: bewaar het versleuteld, en niet langer dan nodig."
    )


def restore(
    file: Annotated[Path, typer.Argument(help="Een bestand van `kalm backup`.")],
    sure: Annotated[bool, typer.Option("--ja", help="Vraag niet of het zeker is.")] = False,
) -> None:
    """Vervang alles wat bewaard is door wat in een bestand staat."""
    with opened(create=True) as database, _files(file):
        inside = backups.check(file)
        what = f"Alles in {database.name} wordt vervangen door de {inside.rows} rijen van {file}."
        if not sure and not go_on(what):
            raise typer.Exit(1)
        content = backups.restore(database, file)
        purge(database, time.time())  # what became too old since the backup was made
    _print(f"Teruggezette rijen: {content.rows}. Sindsdien gewist, en nu weer gewist: {content.erased}.")


@contextmanager
def _files(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CommandError(f"{file} cannot be used: {error.strerror}") from error


def _print(text: str) -> None:
    Console(highlight=False, soft_wrap=True, markup=False).print(text)
