"""The first screen of a working day: what waits, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from starlette.responses import Response

from kalm.pointer import ReleaseError, current
from kalm.settings import settings
from review import words
from review.handed_over.cases import Case, counts, listed
from review.handed_over.pages import waited
from review.inbox.filters import Filters
from review.navigation import NAVIGATION
from review.overview.numbers import NO_ANSWER
from review.requests import ReviewRequest
from review.second_look import waiting
from review.states import CandidateState, CaseState, EditState, ItemState, Role
from storage.schema import article_drafts, candidates, judgements, review_items

MOST_SHOWN = 3
"""People who wait for a person, by themselves; of more the number is told."""


@dataclass(frozen=True)
class Waits:
    """One line of the screen.

    Attributes:
        number: how much waits.
        text: what, in Dutch, after the number.
        path: of the screen where it is done; "" for who may not go there.
    """

    number: int
    text: str
    path: str


def show(asked: ReviewRequest) -> Response:
    """A greeting, what waits for whom, and which model answers."""
    role = asked.member.role
    with asked.database.reading() as connection:
        lines = _waits(connection, asked)
        people = listed(connection, CaseState.OPEN, newest_first=False, number=1).cases[:MOST_SHOWN]
        live_at = _live_since(connection)
    return asked.render(
        "first.html",
        lines=lines,
        people=people,
        address=_address,
        live_at=live_at,
        models=_open_to(role, "/training"),
        waited=waited,
    )


def _waits(connection: Connection, asked: ReviewRequest) -> list[Waits]:
    people = counts(connection)[CaseState.OPEN]
    to_judge = tuple(Filters().conditions())
    new = _count_items(connection, *to_judge)
    unanswered = _count_items(connection, *to_judge, review_items.c.kind.in_(NO_ANSWER))
    found = [
        (people, "bezoeker wacht op een medewerker", "bezoekers wachten op een medewerker", "/doorgegeven"),
        (new, "bericht wacht op een oordeel", "berichten wachten op een oordeel", "/postvak"),
    ]
    if unanswered:
        one = "daarvan kreeg geen antwoord"
        found.append((unanswered, one, "daarvan kregen geen antwoord", "/zonder-antwoord"))
    if settings().second_look:
        looks = sum(waiting.count(connection, asked.member.id).values())
        one = "oordeel van een ander wacht op een tweede blik"
        found.append((looks, one, "oordelen van anderen wachten op een tweede blik", "/tweede-blik"))
    role = asked.member.role
    shown = [
        Waits(number, words.noun(number, one, more), _open_to(role, path))
        for number, one, more, path in found
    ]
    own = [
        Waits(number, words.noun(number, one, more), path)
        for number, one, more, path in _for_this_member(connection, asked)
        if number
    ]
    return [*shown, *own]


def _for_this_member(connection: Connection, asked: ReviewRequest) -> list[tuple[int, str, str, str]]:
    """What waits for this person alone, or for those who may decide; told only when there is any."""
    mine = sa.exists().where(
        judgements.c.message_id == review_items.c.message_id, judgements.c.judged_by == asked.member.id
    )
    back = _count_items(connection, review_items.c.state == ItemState.SENT_BACK.value, mine)
    one = "oordeel is naar jou teruggestuurd"
    found = [(back, one, "oordelen zijn naar jou teruggestuurd", "/postvak?stand=sent_back")]
    if not asked.member.role.includes(Role.EDITOR):
        return found
    drafts = sa.select(sa.func.count()).select_from(article_drafts)
    ready = drafts.where(article_drafts.c.state == EditState.READY.value)
    if settings().second_look:
        ready = ready.where(article_drafts.c.member_id != asked.member.id)
    texts = int(connection.scalar(ready) or 0)
    trained = sa.select(sa.func.count()).select_from(candidates)
    models = int(connection.scalar(trained.where(candidates.c.state == CandidateState.READY.value)) or 0)
    return [
        *found,
        (texts, "stuk tekst wacht op goedkeuring", "stukken tekst wachten op goedkeuring", "/concepten"),
        (models, "model is klaar om te bekijken", "modellen zijn klaar om te bekijken", "/training"),
    ]


def _count_items(connection: Connection, *conditions: object) -> int:
    wanted = sa.select(sa.func.count()).select_from(review_items).where(*conditions)
    return int(connection.scalar(wanted) or 0)


def _open_to(role: Role, path: str) -> str:
    """The path, for who may go there and when the menu has it; "" otherwise."""
    return path if any(path == known and role.includes(from_) for known, _, from_ in NAVIGATION) else ""


def _address(case: Case) -> str:
    return f"/doorgegeven/{case.newest.id}"


def _live_since(connection: Connection) -> float | None:
    """When the model that answers now went live, in seconds since 1970; None when there is none."""
    try:
        model: Path = current().model
        made_at = model.stat().st_mtime
    except (ReleaseError, OSError):
        return None
    is_live = candidates.c.state == CandidateState.LIVE.value
    return connection.scalar(sa.select(sa.func.max(candidates.c.live_at)).where(is_live)) or made_at
