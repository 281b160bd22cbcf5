"""The screen of a model that goes live, and of the way back."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from kalm import going_live
from kalm.going_live import Outcome, Step
from review.live import going, words
from review.live.going import NotNowError
from review.live.settling import settle
from review.requests import ReviewRequest
from review.states import CandidateState
from review.training import listing
from review.training.listing import Candidate

_STOP_ASKING = 286
"""htmx then asks no more."""


def put_live(asked: ReviewRequest) -> Response:
    """Ask for a candidate to go live."""
    found = _candidate(asked)
    try:
        going.put_live(asked, found)
    except NotNowError as error:
        return _page(asked, found, str(error), 409)
    return asked.go_to(f"/training/{found.id}/live")


def go_back(asked: ReviewRequest) -> Response:
    """Ask for what ran before a candidate."""
    found = _candidate(asked)
    try:
        going.go_back(asked, found)
    except NotNowError as error:
        return _page(asked, found, str(error), 409)
    return asked.go_to(f"/training/{found.id}/live")


def show(asked: ReviewRequest) -> Response:
    """How far it is: a page, or for a page that is open the part that changed."""
    found = _candidate(asked)
    if not asked.is_part:
        return _page(asked, found)
    last = going_live.last_about(found.id)
    told = _told(found, last)
    is_over = last is None or last.step.is_end
    if told == asked.query.get("verteld", "") and not is_over:
        return Response(status_code=204)
    status = _STOP_ASKING if is_over else 200
    return asked.render("live/part.html", status, **_context(found, last))


def _candidate(asked: ReviewRequest) -> Candidate:
    """The candidate that the address names, in line with what runs."""
    settle(asked.database)
    with asked.database.reading() as connection:
        found = listing.one_candidate(connection, str(asked.path["id"]))
    if found is None:
        raise HTTPException(404)
    return found


def _page(asked: ReviewRequest, found: Candidate, error: str = "", status: int = 200) -> Response:
    last = going_live.last_about(found.id)
    return asked.render("live/live.html", status, error=error, **_context(found, last))


def _context(found: Candidate, last: Outcome | None) -> dict[str, object]:
    return {
        "candidate": found,
        "last": last,
        "steps": [] if last is None else words.steps_of(last),
        "is_over": last is None or last.step.is_end,
        "is_live": found.state is CandidateState.LIVE,
        "was_refused": last is not None and last.step is Step.REFUSED,
        "why": "" if last is None else words.why_not(last),
        "told": _told(found, last),
        "is_supervised": going_live.is_supervised(),
        "no_supervisor": words.NO_SUPERVISOR,
    }


def _told(found: Candidate, last: Outcome | None) -> str:
    """What the page says now, in a word."""
    return f"{found.state.value}-{'' if last is None else last.step.value}"
