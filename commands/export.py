"""``kalm export``: put the files of a candidate in their place, or take them back; all or none."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from commands.comparing.working_copy import make_copy
from commands.database import opened
from commands.errors import CommandError
from commands.supervising.programs import EXPLAINED
from kalm import going_live, release
from review.access import members
from review.access.members import Member
from review.live.withdrawn import WITHDRAWN, has_withdrawn_text
from review.training import export as exporting
from review.training import listing
from review.training.data_files import here
from review.training.export import ExportError
from review.training.folders import is_id
from storage.database import Database

_UNKNOWN = "Deze training bestaat niet (meer)."


def export(
    candidate_id: Annotated[str, typer.Argument(help="Nummer van de kandidaat, zoals op het scherm.")],
    back: Annotated[
        bool, typer.Option("--terug", help="Zet terug wat er voor deze kandidaat stond.")
    ] = False,
) -> None:
    """Zet de bestanden van een kandidaat op hun plaats; hoort bij live zetten."""
    change = exporting.restore_files if back else exporting.export
    if not is_id(candidate_id):
        raise _explained(_UNKNOWN)
    with opened() as database:
        try:
            if not back:
                _refuse_unless_it_is_what_was_trained(candidate_id, database)
            done = change(candidate_id, database, _who_asks(database, candidate_id))
        except ExportError as error:
            raise _explained(str(error)) from error
        except OSError as error:  # perhaps halfway: so not explained, and the supervisor takes it back
            raise CommandError(f"a file cannot be written ({error.strerror or error})") from error
    console = Console(highlight=False, soft_wrap=True, markup=False)
    if done.remark:
        console.print(done.remark)
    console.print(f"{len(done.files)} bestand(en) vervangen. {done.commit[:12]}".strip())


def _explained(why: str) -> typer.Exit:
    """The end of an export that did nothing; the screen that asked for it shows the last line."""
    Console(stderr=True, highlight=False, soft_wrap=True, markup=False).print(why, style="red")
    return typer.Exit(EXPLAINED)


def _refuse_unless_it_is_what_was_trained(candidate_id: str, database: Database) -> None:
    """With its files in their place, a start must take this candidate's release, and train nothing anew.

    Raises:
        ExportError: something else changed too since it was trained, or a text lost its approval.
        OSError: there is no room for a copy of the checkout; nothing has changed.
    """
    with database.reading() as connection:
        found = listing.one_candidate(connection, candidate_id)
    if found is None:
        raise ExportError(_UNKNOWN)
    try:
        is_withdrawn = has_withdrawn_text(database, found.folder)
    except (OSError, ValueError) as error:
        raise ExportError("De bestanden van deze training zijn er niet meer. Train opnieuw.") from error
    if is_withdrawn:
        raise ExportError(WITHDRAWN)
    place = here()
    try:
        copy = make_copy(place, found.folder)
        names = release.wanted(copy, place.articles_in_copy(copy)).names
    finally:
        found.folder.remove_work()
    if names != found.release:
        raise ExportError(
            "Sinds deze training is er nog iets veranderd aan de teksten of de voorbeelden. Daarom blijft "
            "alles zoals het is. Train opnieuw; dan doet die verandering mee."
        )


def _who_asks(database: Database, candidate_id: str) -> Member | None:
    """Who wants this candidate live, or no more."""
    try:
        wish = going_live.wish()
    except ValueError:
        return None
    if wish is None or wish.candidate != candidate_id:
        return None
    with database.reading() as connection:
        return members.by_name(connection, wish.member)
