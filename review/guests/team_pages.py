"""Guest links as the team sees them: make and close them, and read what guests found."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from kalm.settings import settings
from review.guests import links, marks
from review.guests.links import DAYS, LONGEST_NAME, TO_TRY, ListedLink
from review.guests.marks import Counted
from review.requests import PREFIX, ReviewRequest
from review.training import listing
from review.training.listing import Candidate

_NO_NAME = "Vul in voor wie de link is."
_LONG_NAME = f"Die naam is te lang. Gebruik hoogstens {LONGEST_NAME} tekens."
_NO_DAYS = "Kies hoe lang de link werkt."
_NOT_NOW = "Dit model kan niet geprobeerd worden: het is niet klaar, weggegooid, of door een ander vervangen."


@dataclass(frozen=True)
class Guests:
    """What a candidate's page tells of its guests.

    Attributes:
        counted: what they thought, all together.
        links: the newest first.
        can_be_tried: whether a link can be made now.
        days: how long one may work.
        longest: characters of a name.
    """

    counted: Counted
    links: tuple[ListedLink, ...]
    can_be_tried: bool
    days: tuple[int, ...] = DAYS
    longest: int = LONGEST_NAME


def guests_of(connection: Connection, candidate: Candidate, now: float) -> Guests:
    """The guests of a candidate."""
    can_be_tried = candidate.state in TO_TRY
    return Guests(
        marks.count(connection, candidate.id),
        tuple(links.links_of(connection, candidate.id, can_be_tried, now)),
        can_be_tried,
    )


def show(asked: ReviewRequest) -> Response:
    """What guests found, and the links."""
    return _page(asked)


def make(asked: ReviewRequest) -> Response:
    """Make a link, which is shown this once."""
    candidate = _candidate(asked)
    name, days = " ".join(asked.value("name").split()), asked.value("days")
    error = _wrong(name, days)
    if candidate.state not in TO_TRY:
        return _page(asked, 409, error=_NOT_NOW, typed=name)
    if error:
        return _page(asked, 422, error=error, typed=name)
    with asked.database.writing() as connection:
        token = links.make(connection, candidate.id, name, int(days), asked.member.id, asked.now)
        asked.note(connection, "guest.link", candidate.id, days=int(days))
    return _page(asked, made=f"{_site(asked)}{PREFIX}/gast/{token}", made_for=name)


def end(asked: ReviewRequest) -> Response:
    """Close a link at once; a second time does nothing."""
    candidate = _candidate(asked)
    with asked.database.writing() as connection:
        if links.end(connection, candidate.id, str(asked.path["link"]), asked.now):
            asked.note(connection, "guest.end", candidate.id)
    return asked.go_to(f"/training/{candidate.id}/gasten", "De link is gesloten en werkt niet meer.")


def _page(asked: ReviewRequest, status: int = 200, **context: object) -> Response:
    candidate = _candidate(asked)
    with asked.database.reading() as connection:
        found = marks.of_candidate(connection, candidate.id)
        guests = guests_of(connection, candidate, asked.now)
    defaults = {"error": "", "typed": "", "made": "", "made_for": ""}
    return asked.render(
        "guests/guests.html",
        status,
        candidate=candidate,
        guests=guests,
        marks=found,
        most=marks.SHOWN,
        **{**defaults, **context},
    )


def _candidate(asked: ReviewRequest) -> Candidate:
    with asked.database.reading() as connection:
        found = listing.one_candidate(connection, str(asked.path["id"]))
    if found is None:
        raise HTTPException(404)
    return found


def _wrong(name: str, days: str) -> str:
    if not name:
        return _NO_NAME
    if len(name) > LONGEST_NAME:
        return _LONG_NAME
    return "" if days in map(str, DAYS) else _NO_DAYS


def _site(asked: ReviewRequest) -> str:
    """Where the guest's browser finds the web app."""
    return settings().public_url or f"{asked.request.url.scheme}://{asked.request.url.netloc}"
