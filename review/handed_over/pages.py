"""The conversations in which a visitor asked for a person, for the team."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response

from kalm.fixed_replies import when_somebody_is_there
from kalm.settings import settings
from review import words
from review.access.members import names
from review.handed_over.cases import Case, case_of, counts, listed
from review.handed_over.changes import LONGEST_NOTE, STEPS, NoteError, take_step, write_note
from review.paging import page_wanted
from review.requests import Handler, ReviewRequest
from review.states import CaseState
from review.transcript import exchange, transcript

FILTERS = {
    "open": (CaseState.OPEN, "Wacht op iemand"),
    "bezig": (CaseState.TAKEN, "Iemand is bezig"),
    "klaar": (CaseState.DONE, "Afgerond"),
    "alle": (None, "Alle"),
}
"""What the address says, with the state and its name on the screen."""

STATES = {state: name for state, name in FILTERS.values() if state is not None}


def show_list(asked: ReviewRequest) -> Response:
    """The cases, who waits longest first."""
    chosen = asked.query.get("staat", "open")
    chosen = chosen if chosen in FILTERS else "open"
    newest_first = asked.query.get("volgorde") == "nieuwste"
    with asked.database.reading() as connection:
        page = listed(connection, FILTERS[chosen][0], newest_first, page_wanted(asked))
        in_state = counts(connection)
        members = names(connection)

    def address(**changed: object) -> str:
        order = "nieuwste" if newest_first else "oudste"
        return "?" + urlencode({"staat": chosen, "volgorde": order, **changed})

    return asked.render(
        "handed_over/list.html",
        page=page,
        filters=FILTERS,
        chosen=chosen,
        newest_first=newest_first,
        in_state=in_state,
        total=sum(in_state.values()),
        states=STATES,
        members=members,
        address=address,
        hours=when_somebody_is_there(asked.now),
        waited=waited,
    )


def show_one(asked: ReviewRequest) -> Response:
    """One case with its conversation."""
    return _page(asked)


def step(name: str) -> Handler:
    """The handler of one of :data:`review.handed_over.changes.STEPS`."""

    def handler(asked: ReviewRequest) -> Response:
        try:
            newest, notice = take_step(asked, STEPS[name])
        except NoteError as error:
            return _page(asked, 422, error=str(error), typed=asked.value("note"))
        except HTTPException as refused:
            return _refused(asked, refused, typed=asked.value("note"))
        return asked.go_to(f"/doorgegeven/{newest}", notice)

    return handler


def note(asked: ReviewRequest) -> Response:
    """Keep a note with a case."""
    try:
        newest = write_note(asked)
    except NoteError as error:
        return _page(asked, 422, error=str(error), typed=asked.value("note"))
    except HTTPException as refused:
        return _refused(asked, refused, typed=asked.value("note"))
    return asked.go_to(f"/doorgegeven/{newest}", "Je notitie is bewaard.")


def waited(seconds: float) -> str:
    """How long somebody waits, in words: "5 minuten", "3 uur", "2 dagen"."""
    minutes = max(0, int(seconds // 60))
    if minutes < 1:
        return "nog geen minuut"
    if minutes < 60:
        return words.count(minutes, "minuut", "minuten")
    hours = minutes // 60
    if hours < 48:
        return f"{hours} uur"
    return f"{hours // 24} dagen"


def _refused(asked: ReviewRequest, refused: HTTPException, typed: str | None = None) -> Response:
    if refused.status_code != 409:
        raise refused
    return _page(
        asked,
        409,
        error="Dit gesprek veranderde net: een collega was je voor, of de bezoeker vroeg het nog eens. "
        "Hieronder staat hoe het nu is. Wat je deed is niet bewaard.",
        typed=typed,
    )


def _page(asked: ReviewRequest, status: int = 200, error: str = "", typed: str | None = None) -> Response:
    with asked.database.reading() as connection:
        case = case_of(connection, asked.path["handover_id"])
        if case is None:
            raise HTTPException(404)
        exchanges = transcript(connection, case.conversation_id)
        read = {one.id: one for one in exchanges}
        told = {
            one.id: read.get(one.message_id) or exchange(connection, one.message_id) for one in case.requests
        }
        members = names(connection)
    asked.trace_reading("case.read", str(case.newest.id))
    return asked.render(
        "handed_over/case.html",
        status,
        case=case,
        told=told,
        exchanges=exchanges,
        members=members,
        states=STATES,
        error=error,
        note=case.newest.note if typed is None else typed,
        longest=LONGEST_NOTE,
        how=_how_to_reach(case),
        waited=waited,
        is_mine=case.member_id == asked.member.id,
    )


def _how_to_reach(case: Case) -> str:
    """What the team can do to reach this visitor."""
    contact = settings().contact
    if case.channel == "whatsapp":
        return (
            "Deze bezoeker schreef via WhatsApp. Kalm bewaart het telefoonnummer niet, dus vanaf dit scherm "
            f"kun je niet terugschrijven of bellen. De bezoeker weet dat jullie te bereiken zijn {contact}. "
            "Komt er een bericht, lees dit gesprek dan terug: dan hoeft niemand opnieuw te beginnen."
        )
    return (
        "Kalm weet niet wie dit is en heeft geen adres of nummer, dus je kunt zelf geen contact opnemen. De "
        f"bezoeker weet dat jullie te bereiken zijn {contact}. Komt er een bericht, lees dit gesprek dan "
        "terug: dan hoeft niemand opnieuw te beginnen."
    )
