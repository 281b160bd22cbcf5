"""The screen Training: what waits, the training that runs, and all candidates."""

from __future__ import annotations

import time
from dataclasses import dataclass

from starlette.responses import Response

from kalm import logs
from kalm.articles import ArticleError
from kalm.training_examples import TrainingExamplesError
from review import words
from review.background import TRAINING, BusyError
from review.judging.sentences import ENTITIES
from review.live.settling import settle
from review.requests import ReviewRequest
from review.states import CandidateState
from review.training import candidates, listing, steps
from review.training.candidates import NothingToTrainError
from review.training.changes import ChangeSet, waiting_changes
from review.training.export import finish_interrupted
from review.training.listing import Candidate

_HERE = "/training"
SHOWN = 300
"""Lines of a file that are shown at once; somebody who wants more looks in the file."""

_UNREADABLE = (
    "Kalm kan de trainingsgegevens nu niet lezen. Iemand veranderde misschien een bestand met de hand. Vraag "
    "de beheerder om ‘kalm check’ te draaien."
)


@dataclass(frozen=True)
class Progress:
    """A training that runs.

    Attributes:
        sentence: what Kalm is doing, in Dutch.
        percent: how much is done.
        left: about how long it still takes, in Dutch.
    """

    candidate: Candidate
    sentence: str
    percent: int
    left: str


def show(asked: ReviewRequest) -> Response:
    """What a training would change, and the candidates there are."""
    return _page(asked)


def start(asked: ReviewRequest) -> Response:
    """Begin a training with the changes that were shown."""
    changes = _waiting(asked)
    if changes is None:
        return _page(asked, 409)
    if changes.digest != asked.value("digest"):
        message = "Intussen is er werk bijgekomen of veranderd. Kijk nog even, en begin dan."
        return _page(asked, 409, error=message)
    try:
        member = asked.member
        candidates.start(asked.database, member.id, member.name, changes, asked.now)
    except BusyError:
        return _page(asked, 409, error="Er loopt al een training. Wacht tot die klaar is, of breek die af.")
    except NothingToTrainError:
        return _page(asked, 409, error="Er is niets te trainen.")
    except OSError as error:
        logs.failure("a training could not begin", error)
        return _page(
            asked, 500, error="De training kon niet beginnen: de schijf is vol of niet te beschrijven."
        )
    return asked.go_to(_HERE, "De training is begonnen.")


def show_progress(asked: ReviewRequest) -> Response:
    """How far a training is, for a page that is open; the step is told again only when it changed."""
    candidates.bury_dead(asked.database)
    with asked.database.reading() as connection:
        found = listing.one_candidate(connection, asked.query.get("kandidaat", ""))
    if found is None:
        return Response(status_code=286)  # htmx then asks no more
    progress = progress_of(found)
    told = progress.sentence if progress else _end_of(found)
    return asked.render(
        "training/progress.html",
        286 if progress is None else 200,
        progress=progress,
        candidate=found,
        told=told if told != asked.query.get("verteld", "") else "",
        sentence=told,
    )


def stop(asked: ReviewRequest) -> Response:
    """Break a training off."""
    done = candidates.stop(asked.database, str(asked.path["id"]), asked.member.name, asked.now)
    return asked.go_to(_HERE, "De training is afgebroken." if done else "Deze training liep al niet meer.")


def throw_away(asked: ReviewRequest) -> Response:
    """Give up a candidate that is not live."""
    done = candidates.throw_away(asked.database, str(asked.path["id"]), asked.member.name, asked.now)
    if not done:
        return asked.go_to(_HERE, "Dit model is al live, of het was al weg.")
    return asked.go_to(_HERE, "Het nieuwe model is weggegooid. Het werk wacht weer op de volgende training.")


def progress_of(candidate: Candidate) -> Progress | None:
    """How far a training is; None when it does not run."""
    if candidate.state is not CandidateState.TRAINING:
        return None
    told = TRAINING.progress()
    seconds = max(0.0, time.time() - told.since)
    number, of = steps.place(told.step)
    return Progress(
        candidate,
        f"Stap {number} van {of}: Kalm {steps.name(told.step)}.",
        min(99, round(100 * steps.share(told.step, seconds))),
        steps.left(told.step, seconds),
    )


def _end_of(candidate: Candidate) -> str:
    if candidate.state is CandidateState.READY:
        return "Klaar. Het nieuwe model is getraind en vergeleken."
    if candidate.state is CandidateState.FAILED:
        return "De training is mislukt."
    return "De training loopt niet meer."


def _waiting(asked: ReviewRequest) -> ChangeSet | None:
    """What waits; None when the training data cannot be read."""
    try:
        finish_interrupted(asked.database)
        return waiting_changes(asked.database)
    except (OSError, ArticleError, TrainingExamplesError, UnicodeDecodeError) as error:
        logs.failure("the training data cannot be read", error)
        return None


def _page(asked: ReviewRequest, status: int = 200, error: str = "") -> Response:
    candidates.bury_dead(asked.database)
    settle(asked.database)
    changes = _waiting(asked)
    with asked.database.reading() as connection:
        known = listing.all_candidates(connection)
    running = next((one for one in map(progress_of, known) if one is not None), None)
    return asked.render(
        "training/training.html",
        status,
        error=error or ("" if changes is not None else _UNREADABLE),
        changes=changes,
        most=SHOWN,
        progress=running,
        candidates=known,
        minutes=steps.usual_minutes(),
        name_of_file=name_of_file,
        entities=ENTITIES,
    )


def name_of_file(name: str) -> str:
    """A file of the training data as a reviewer knows it."""
    short = name.rpartition("/")[2].rpartition(".")[0]
    if name.startswith("data/nlu/"):
        return f"Voorbeeldzinnen: {words.THEMES.get(short, short)}"
    if name.endswith("unanswered.yml"):
        return "Vragen zonder antwoord"
    if name.endswith("approved.yml"):
        return "Nagekeken teksten"
    return f"Artikel: {short.replace('-', ' ')}"
