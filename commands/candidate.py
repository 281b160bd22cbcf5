"""``kalm candidate``: train a candidate and compare it; the review screens start this, on its own."""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import dataclass, field
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from commands.comparing.steps import StepError, train_and_compare
from commands.database import opened
from commands.errors import CommandError
from kalm import logs
from review.training import candidates, steps
from review.training.data_files import here
from review.training.folders import CandidateFolder, folder_of, write_number
from storage.database import Database

_EVERY = 2.0
"""Seconds between two signs of life."""

_NICE = 10
"""Visitors' answers go before."""

_FAILED = "Het trainen lukte niet door een fout in Kalm zelf. Vraag de beheerder om in het log te kijken."


def candidate(
    candidate_id: Annotated[str, typer.Argument(help="Nummer van de kandidaat, zoals op het scherm.")],
) -> None:
    """Train een kandidaat en vergelijk hem met het huidige model; hoort bij het scherm Training."""
    os.nice(_NICE)
    try:
        folder = folder_of(candidate_id)
        folder.changes()
    except (ValueError, OSError) as error:
        raise CommandError(
            f"there is no candidate {candidate_id!r}; the review screens start this"
        ) from error
    write_number(folder.number)
    with opened() as database:
        _run(database, candidate_id, folder)


def _run(database: Database, candidate_id: str, folder: CandidateFolder) -> None:
    pulse = _Pulse(database, candidate_id, folder)
    pulse.start()
    try:
        made, comparison = train_and_compare(folder, here(), pulse.at)
        folder.keep_comparison(comparison)
    except StepError as error:
        candidates.fail(database, candidate_id, str(error))
    except Exception as error:
        logs.failure("a candidate failed", error)
        candidates.fail(database, candidate_id, _FAILED)
    else:
        candidates.ready(database, candidate_id, made, time.time())
    finally:
        pulse.stop()
        folder.remove_work()


@dataclass
class _Pulse:
    """Tells the screen every few seconds how far this is, and ends this process when nobody wants it."""

    database: Database
    candidate_id: str
    folder: CandidateFolder
    _step: str = steps.BEGINS
    _since: float = field(default_factory=time.monotonic)
    _stopped: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        threading.Thread(target=self._beat, daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def at(self, step: str) -> None:
        """A step begins."""
        self._step, self._since = step, time.monotonic()
        self._tell()

    def _beat(self) -> None:
        while not self._stopped.wait(_EVERY):
            self._look_at_training()
            self._tell()

    def _look_at_training(self) -> None:
        """The training runs in another process, which tells itself that it goes on to the model."""
        if self._step == steps.INDEX and self.folder.progress.exists():
            told = self.folder.progress.read_text(encoding="utf-8").split()
            if steps.MODEL in told:
                self._step, self._since = steps.MODEL, time.monotonic()

    def _tell(self) -> None:
        share = steps.share(self._step, time.monotonic() - self._since)
        try:
            wanted = candidates.tell(self.database, self.candidate_id, self._step, share, time.time())
        except SQLAlchemyError:  # the next sign of life may get through
            return
        if not wanted and not self._stopped.is_set():
            self.folder.remove_work()
            if os.getpgid(0) == os.getpid():
                os.killpg(0, signal.SIGKILL)  # what it started as well
            os._exit(1)
