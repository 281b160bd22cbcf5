"""What contradicts itself in what Kalm learns from, each to be solved in place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection
from starlette.responses import Response

from kalm.training_examples import TrainingExamplesError
from review.background import CONFLICTS
from review.conflicts import results
from review.conflicts.edits import edits_in_force, waiting
from review.conflicts.findings import Finding, Kind, at_once, to_decide
from review.conflicts.sentences import Edit, Sentence, fingerprint, sentences
from review.paging import page_of
from review.requests import ReviewRequest

HERE = "/tegenstrijdig"
PER_PAGE = 20

TITLES = {
    Kind.SAME: "Dezelfde zin, twee bedoelingen",
    Kind.NORMALISED: "Op hoofdletters en leestekens na dezelfde zin, twee bedoelingen",
    Kind.ALIKE: "Bijna dezelfde zin, twee bedoelingen",
    Kind.DOUBTED: "Kalm zou het anders begrijpen",
    Kind.TWICE: "Twee keer dezelfde zin",
    Kind.SUPERFLUOUS: "Te veel op elkaar",
}
"""Each kind as an editor reads it."""

REASONS = {
    Kind.SAME: "Kalm leert zo twee dingen van één zin, en gokt dan. Laat de zin bij één bedoeling staan.",
    Kind.NORMALISED: "Kalm let niet op hoofdletters en leestekens, en ziet dus één zin met twee bedoelingen.",
    Kind.ALIKE: "De zinnen lijken zo op elkaar dat Kalm ze kan verwarren. Hoort een van de twee elders?",
    Kind.DOUBTED: "Als Kalm deze zin niet kent, kiest het met grote zekerheid iets anders. "
    "Soms staat de zin verkeerd, soms is het juist een nuttige uitzondering.",
    Kind.TWICE: "Kalm let niet op hoofdletters en herhaalde letters. Eén keer is genoeg.",
    Kind.SUPERFLUOUS: "Van de tweede zin leert Kalm bijna niets meer. Een heel andere zin helpt beter.",
}


@dataclass(frozen=True)
class Situation:
    """All that matters at one moment.

    Attributes:
        sentences: what Kalm would learn from now.
        findings: what asks for a decision, what hurts most first.
        result: of the last long look, None before the first.
        is_stale: whether something changed since that look.
        unreadable: what is wrong with a file of examples, or "".
        newest: number of the last decision that it takes into account.
    """

    sentences: Sequence[Sentence] = ()
    findings: Sequence[Finding] = ()
    result: results.Result | None = None
    is_stale: bool = False
    unreadable: str = ""
    newest: int = 0


def situation(connection: Connection) -> Situation:
    """How it is now."""
    edits = edits_in_force(connection)
    try:
        found = sentences(connection, edits)
    except TrainingExamplesError as error:
        return Situation(unreadable=str(error))
    result = results.read()
    seen = () if result is None else result.findings(found)
    return Situation(
        found,
        to_decide((*at_once(found), *seen), edits),
        result,
        result is not None and result.fingerprint != fingerprint(found),
        newest=max((edit.id for edit in edits), default=0),
    )


def show(asked: ReviewRequest) -> Response:
    """What asks for a decision, what hurts most first."""
    return page(asked)


def page(asked: ReviewRequest, status: int = 200, fault: str = "") -> Response:
    """That page, with why something was not done."""
    with asked.database.reading() as connection:
        now = situation(connection)
        decided = waiting(connection)
    numbers = Counter(finding.kind for finding in now.findings)
    chosen = asked.value("soort") or asked.query.get("soort", "")
    kinds = {kind.value: kind for kind in Kind}
    shown = [one for one in now.findings if chosen not in kinds or one.kind == kinds[chosen]]
    number, pages = page_of(asked, len(shown), PER_PAGE)
    return asked.render(
        "conflicts/conflicts.html",
        status,
        situation=now,
        shown=shown[(number - 1) * PER_PAGE : number * PER_PAGE],
        total=len(shown),
        page=number,
        pages=pages,
        numbers=[(kind, numbers[kind]) for kind in Kind if numbers[kind]],
        chosen=chosen if chosen in kinds else "",
        decided=len(decided),
        progress=CONFLICTS.progress(),
        titles=TITLES,
        reasons=REASONS,
        fault=fault,
    )


def show_decided(asked: ReviewRequest) -> Response:
    """What was decided and waits for the next training."""
    return decided_page(asked)


def decided_page(asked: ReviewRequest, status: int = 200, fault: str = "") -> Response:
    """That page, with why something was not done."""
    with asked.database.reading() as connection:
        found: list[Edit] = waiting(connection)
    number, pages = page_of(asked, len(found), PER_PAGE)
    return asked.render(
        "conflicts/decided.html",
        status,
        found=found[(number - 1) * PER_PAGE : number * PER_PAGE],
        total=len(found),
        page=number,
        pages=pages,
        fault=fault,
    )


def look_again(asked: ReviewRequest) -> Response:
    """Start the long look in the background."""
    try:
        CONFLICTS.start("conflicts")
    except OSError:
        return page(asked, 503, "Kalm kan nu niet beginnen met kijken. Probeer het later nog eens.")
    return asked.go_to(HERE)


def show_progress(asked: ReviewRequest) -> Response:
    """How far the look is; leads to its results once it is done."""
    progress = CONFLICTS.progress()
    if not progress.is_running:
        return asked.go_to(HERE, "" if progress.broke_off else "Kalm heeft alle zinnen bekeken.")
    return asked.render("conflicts/progress.html", progress=progress)
