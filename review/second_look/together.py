"""Approving several judgements at once, after seeing which."""

from __future__ import annotations

from starlette.responses import Response

from kalm.settings import settings
from review import words
from review.judging.judgements import ConflictError, new_batch
from review.judging.passages import titles
from review.paging import page_of
from review.requests import ReviewRequest
from review.second_look import deciding, waiting
from review.second_look.deciding import Look
from review.second_look.pages import HERE
from review.second_look.waiting import Judged
from review.states import ItemState
from review.whole_numbers import versions

TOGETHER = f"{HERE}/samen"
PER_PAGE = 50
AT_MOST = 100
"""Judgements that are approved in one transaction."""


def show(asked: ReviewRequest) -> Response:
    """What waits, to choose from."""
    return _page(asked)


def approve(asked: ReviewRequest) -> Response:
    """Show what was chosen, and approve it once that was seen."""
    chosen = versions(asked.values("kies"))
    if not chosen:
        return _page(asked, 422, "Kies eerst welke oordelen je goedkeurt.")
    if len(chosen) > AT_MOST:
        return _page(asked, 422, f"Dat is te veel ineens. Kies er hooguit {AT_MOST}.")
    if not asked.value("bevestigd"):
        return _preview(asked, chosen)
    done = 0
    look = Look(asked.member, asked.now, new_batch(), asked.note)
    # Nobody waits for the rules of danger: they are asked before the transaction.
    with asked.database.reading() as connection:
        found = waiting.find_all(connection, chosen.keys())
    apart = {judged.message_id for judged in found if judged.denies_danger}
    with asked.database.writing() as connection:
        for judged in waiting.find_all(connection, chosen.keys() - apart):
            version = chosen[judged.message_id]
            if not waiting.may_look(judged, asked.member.id):
                continue
            if _is_done(judged, asked.member.id, version):
                done += 1
                continue
            try:
                deciding.approve(connection, judged, version, look)
            except ConflictError:
                continue
            done += 1
    return asked.go_to(HERE, _told(done, len(chosen) - done))


def _is_done(judged: Judged, member_id: int, version: int) -> bool:
    """Whether this form was sent twice."""
    now = (judged.state, judged.looked_by, judged.version)
    return now == (ItemState.APPROVED.value, member_id, version + 1)


def _told(done: int, left: int) -> str:
    said = f"{words.count(done, 'oordeel', 'oordelen')} goedgekeurd."
    if left:
        one = "is intussen veranderd en blijft zoals het is"
        more = "zijn intussen veranderd en blijven zoals ze zijn"
        said += f" {words.count(left, one, more)}."
    return said


def _preview(asked: ReviewRequest, chosen: dict[int, int]) -> Response:
    with asked.database.reading() as connection:
        found = waiting.find_all(connection, chosen.keys())
    still = [
        judged
        for judged in found
        if (judged.state, judged.version) == (ItemState.JUDGED.value, chosen[judged.message_id])
        and waiting.may_look(judged, asked.member.id)
        and not judged.denies_danger
    ]
    if not still:
        return _page(asked, 409, "Wat je koos is intussen veranderd. Kijk even hoe het nu is.")
    return asked.render(
        "second_look/preview.html", chosen=still, changed=len(chosen) - len(still), back=TOGETHER
    )


def _page(asked: ReviewRequest, status: int = 200, fault: str = "") -> Response:
    intent = asked.query.get("bedoeling", "")
    with asked.database.reading() as connection:
        numbers = waiting.count(connection, asked.member.id)
        total = numbers.get(intent, 0) if intent else sum(numbers.values())
        page, pages = page_of(asked, total, PER_PAGE)
        found = waiting.page(connection, asked.member.id, intent, (page - 1) * PER_PAGE, PER_PAGE)
    return asked.render(
        "second_look/together.html",
        status,
        found=found,
        numbers=numbers,
        total=total,
        page=page,
        pages=pages,
        intent=intent,
        fault=fault,
        titles=titles(),
        is_on=settings().second_look,
    )
