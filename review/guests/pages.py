"""What a guest sees: a chat with a candidate, and whether its replies are good. The link is all they have."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from kalm.limits import LONGEST_TEXT
from kalm.privacy.masking import mask_message
from review.guests import links, marks
from review.guests.links import Link
from review.guests.marks import AT_MOST, Mark, StillWaitingError, TooManyError
from review.guests.trials import Question, Trials
from review.pages import render
from review.requests import PREFIX, ReviewRequest
from storage.retention import GUEST_DAYS

GOOD, BAD = "goed", "niet-goed"

_LOADS, _THINKS, _ANSWERED, _NO_REPLY = "loads", "thinks", "answered", "none"
_WAITS = (_LOADS, _THINKS)

_STOP_ASKING = 286
"""htmx then asks no more."""

_NO_QUESTION = "Typ eerst een vraag."
_TOO_LONG = f"Dit is te lang. Stel je vraag in hoogstens {LONGEST_TEXT} tekens."
_REMARK_TOO_LONG = f"Je toelichting is te lang. Gebruik hoogstens {LONGEST_TEXT} tekens."
_NO_MARK = "Kies of het antwoord goed is of niet goed."
_STILL_WAITING = "Wacht even op het antwoord op je vorige vraag, en verstuur deze dan."
_TOO_MANY = f"Je hebt {AT_MOST} vragen gesteld, meer kan niet met deze link. Dank je wel voor je hulp."


def show(asked: ReviewRequest) -> Response:
    """The page, for a link that works."""
    link = _link(asked)
    return _nothing(asked) if link is None else _page(asked, link)


def ask(asked: ReviewRequest) -> Response:
    """Let the candidate answer a question; the reply comes on the page."""
    link = _link(asked)
    if link is None:
        return _nothing(asked)
    typed = asked.value("question")
    if not typed or len(typed) > LONGEST_TEXT:
        return _page(asked, link, 422, error=_TOO_LONG if typed else _NO_QUESTION, typed=typed)
    question, trials = mask_message(typed), _trials(asked)
    try:
        with asked.database.writing() as connection:
            number = _number(asked.value("number"))
            mark_id = marks.ask(connection, link.id, question, number, trials.is_waiting, asked.now)
            if mark_id is not None:
                trials.expect(mark_id)  # before anybody can see a question to which no reply seems to come
    except StillWaitingError:
        return _page(asked, link, 409, error=_STILL_WAITING, typed=typed)
    except TooManyError:
        return _page(asked, link, 409, error=_TOO_MANY)
    if mark_id is not None:
        trials.ask(Question(mark_id, link.candidate, link.id, question))
    return _to(asked, "#laatste")


def show_reply(asked: ReviewRequest) -> Response:
    """The reply to a question, for a page that waits for it."""
    link = _link(asked)
    found = None if link is None else _shown(asked, link)
    if found is None or not asked.is_part:
        return _to(asked)  # which shows what there is to see, or that there is nothing
    mark, told = found
    if told == asked.query.get("verteld", ""):
        return _private(Response(status_code=204))
    return _private(
        render(
            asked.request,
            "guests/answered.html",
            200 if told in _WAITS else _STOP_ASKING,
            mark=mark,
            told=told,
            here=_here(asked),
        )
    )


def judge(asked: ReviewRequest) -> Response:
    """Keep what the guest thinks of a reply."""
    link = _link(asked)
    if link is None:
        return _nothing(asked)
    found = _shown(asked, link)
    if found is None or not found[0].reply:
        return _to(asked)
    mark = found[0]
    opinion, remark = asked.value("mark"), asked.value("remark")
    if opinion not in (GOOD, BAD) or len(remark) > LONGEST_TEXT:
        error = _REMARK_TOO_LONG if len(remark) > LONGEST_TEXT else _NO_MARK
        return _page(asked, link, 422, wrong=mark.id, mark_error=error, remark=remark)
    masked = mask_message(remark)
    with asked.database.writing() as connection:
        marks.judge(connection, mark, opinion == GOOD, masked)
    return _to(asked, f"#vraag-{mark.id}")


def _link(asked: ReviewRequest) -> Link | None:
    with asked.database.reading() as connection:
        return links.find(connection, str(asked.path["token"]), asked.now)


def _shown(asked: ReviewRequest, link: Link) -> tuple[Mark, str] | None:
    """The question that the address names, of this link alone, and how far its reply is."""
    return next((one for one in _all_shown(asked, link) if one[0].id == asked.path["mark"]), None)


def _all_shown(asked: ReviewRequest, link: Link) -> list[tuple[Mark, str]]:
    """What was asked with a link, and how far each reply is, in a word that the templates know."""
    trials = _trials(asked)
    # In this order: a reply that is kept just after its question was read must not seem to have failed.
    waiting, is_loaded = trials.waiting(), trials.is_loaded(link.candidate)
    with asked.database.reading() as connection:
        found = marks.of_link(connection, link.id)
    return [(mark, _told(mark, mark.id in waiting, is_loaded)) for mark in found]


def _told(mark: Mark, is_waiting: bool, is_loaded: bool) -> str:
    if mark.reply:
        return _ANSWERED
    if not is_waiting:
        return _NO_REPLY
    return _THINKS if is_loaded else _LOADS


def _page(asked: ReviewRequest, link: Link, status: int = 200, **context: object) -> Response:
    found = _all_shown(asked, link)
    defaults = {"error": "", "typed": "", "wrong": 0, "mark_error": "", "remark": ""}
    return _private(
        render(
            asked.request,
            "guests/guest.html",
            status,
            link=link,
            marks=found,
            waits=_WAITS,
            is_full=len(found) >= AT_MOST,
            too_many=_TOO_MANY,
            longest=LONGEST_TEXT,
            days=GUEST_DAYS,
            here=_here(asked),
            **{**defaults, **context},
        )
    )


def _trials(asked: ReviewRequest) -> Trials:
    found: Trials = asked.request.app.state.trials
    return found


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else -1


def _here(asked: ReviewRequest) -> str:
    return f"{PREFIX}/gast/{quote(str(asked.path['token']))}"


def _to(asked: ReviewRequest, place: str = "") -> Response:
    if asked.is_part:
        return _private(Response(status_code=204, headers={"HX-Redirect": _here(asked)}))
    return _private(RedirectResponse(f"{_here(asked)}{place}", 303))


def _nothing(asked: ReviewRequest) -> Response:
    """For a link that is over, was closed or never was: nobody learns which."""
    return _private(render(asked.request, "guests/nothing.html", 404))


def _private(response: Response) -> Response:
    """Let the browser tell no other page the address: whoever has it may ask on."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
