"""``kalm candidate``: train a candidate and compare it; the review screens start this, on its own."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from commands.child import Lock
from commands.comparing.steps import StepError, train_and_compare
from commands.database import opened
from commands.errors import CommandError
from kalm import logs
from review.background import TRAINING, BusyError
from review.training import candidates
from review.training.data_files import here
from review.training.folders import CandidateFolder, folder_of
from storage.database import Database

_FAILED = "Het trainen lukte niet door een fout in Kalm zelf. Vraag de beheerder om in het log te kijken."


def candidate(
    candidate_id: Annotated[str, typer.Argument(help="Nummer van de kandidaat, zoals op het scherm.")],
    lock: Lock = None,
) -> None:
    """Train een kandidaat en vergelijk hem met het huidige model; hoort bij het scherm Training."""
    try:
        folder = folder_of(candidate_id)
        folder.changes()
    except (ValueError, OSError) as error:
        raise CommandError(
            f"there is no candidate {candidate_id!r}; the review screens start this"
        ) from error
    try:
        with opened() as database:
            _run(database, candidate_id, folder, lock)
    except BusyError as error:
        raise CommandError("Er loopt al een training; wacht tot die klaar is.") from error


def _run(database: Database, candidate_id: str, folder: CandidateFolder, lock: int | None = None) -> None:
    with TRAINING.do(lock) as tell:

        def at(step: str) -> None:
            with suppress(SQLAlchemyError):  # the next step may get through
                if not candidates.is_wanted(database, candidate_id):
                    raise SystemExit(1)
            tell(step, 0.0)

        try:
            made, comparison = train_and_compare(folder, here(), at)
            folder.keep_comparison(comparison)
        except StepError as error:
            candidates.fail(database, candidate_id, str(error))
        except Exception as error:
            logs.failure("a candidate failed", error)
            candidates.fail(database, candidate_id, _FAILED)
        else:
            candidates.ready(database, candidate_id, made)
        finally:
            folder.remove_work()
