"""The screen of one candidate: how it compares with the model that is live."""

from __future__ import annotations

from starlette.responses import Response

from review.guests.team_pages import guests_of
from review.judging.sentences import ENTITIES
from review.live.settling import settle
from review.requests import ReviewRequest
from review.states import CandidateState
from review.training import candidates, listing, view
from review.training.changes import FileChange
from review.training.comparing import BETTER, OTHER, WORSE
from review.training.differences import differences
from review.training.export import why_not
from review.training.folders import CandidateFolder
from review.training.pages import SHOWN, name_of_file, progress_of


def show(asked: ReviewRequest) -> Response:
    """A candidate: how it compares with the model that is live, or why there is nothing to compare."""
    candidates.bury_dead(asked.database)
    settle(asked.database)
    with asked.database.reading() as connection:
        found = listing.one_candidate(connection, str(asked.path["id"]))
        guests = None if found is None else guests_of(connection, found, asked.now)
    if found is None:
        return asked.render(
            "message.html",
            404,
            title="Niet gevonden",
            text="Deze training bestaat niet (meer).",
        )
    comparison = view.view_of(found.folder.comparison())
    return asked.render(
        "training/candidate.html",
        candidate=found,
        progress=progress_of(found),
        comparison=comparison,
        summary=_summary(comparison),
        obstacles=why_not(found.folder) if found.state is CandidateState.READY else [],
        name_of_file=name_of_file,
        changes=_changes(found.folder),
        most=SHOWN,
        entities=ENTITIES,
        guests=guests,
    )


def _summary(comparison: view.View | None) -> str:
    if comparison is None:
        return ""
    return view.describe(
        [(comparison.count(view.VERDICTS[one]), view.VERDICTS[one]) for one in (BETTER, WORSE, OTHER)]
    )


def _changes(folder: CandidateFolder) -> list[FileChange]:
    """What it changes, as it was when it was trained; nothing when that was not kept."""
    try:
        found = []
        for number, one in enumerate(folder.changes().files):
            before, after = (folder.content(number, side) for side in (False, True))
            lines = differences(before.decode(), after.decode(), {})
            found.append(FileChange(one.name, before if one.before else None, after, tuple(lines)))
    except (OSError, ValueError):
        return []
    return found
