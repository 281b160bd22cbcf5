"""The second look: one judgement at a time, with the conversation beside it."""

from __future__ import annotations

from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from kalm.settings import settings
from review import transcript, words
from review.judging.comments import LONGEST_COMMENT, comments_of, refuse_too_long
from review.judging.form import CHOICES
from review.judging.judgements import ConflictError, new_batch
from review.judging.passages import titles
from review.judging.sentences import JudgementError
from review.judging.undo import last_batch
from review.judging.undo_pages import in_parts
from review.requests import ReviewRequest
from review.second_look import agreement, deciding, waiting
from review.second_look.deciding import Look
from review.second_look.pieces import pieces
from review.second_look.waiting import Judged
from review.states import ItemState
from review.whole_numbers import whole_number

HERE = "/tweede-blik"

_CHANGED = (
    "Dit oordeel is net veranderd, door een collega of doordat het gesprek gewist is. Er is niets bewaard. "
    "Hieronder staat hoe het nu is."
)
_OWN = "Dit oordeel is van jezelf. Iemand anders kijkt ernaar."
_NO_COMMENT = "Schrijf op wat er anders moet, dan weet je collega waarom het terugkomt."
_KEYS = 9


def show(asked: ReviewRequest) -> Response:
    """The judgement that waits longest, or the one that is asked for."""
    wanted = asked.query.get("bericht")
    if wanted is None:
        return _page(asked, None)
    message_id = whole_number(wanted)
    if message_id is None:
        raise HTTPException(404)
    with asked.database.reading() as connection:
        judged = waiting.find(connection, message_id)
    if judged is None or judged.state != ItemState.JUDGED.value:
        return asked.go_to(HERE, "Dat oordeel wacht niet meer op een tweede blik.")
    return _page(asked, judged)


def give_view(asked: ReviewRequest) -> Response:
    """Keep what this person thinks, and then show the judgement."""
    chosen = asked.value("keuze")
    if chosen not in CHOICES:
        raise HTTPException(400)
    version = whole_number(asked.value("versie")) or 0
    try:
        with asked.database.writing() as connection:
            judged = _to_look_at(asked, connection)
            if (judged.state, judged.version) != (ItemState.JUDGED.value, version):
                raise ConflictError
            deciding.give_view(connection, judged, chosen)
    except (_RefusedError, ConflictError) as error:
        return _refuse(asked, error)
    return asked.go_to(f"{HERE}?bericht={judged.message_id}&toon=1")


def approve(asked: ReviewRequest) -> Response:
    """Approve one judgement, and go on with the next."""
    return _decide(asked, ItemState.APPROVED)


def send_back(asked: ReviewRequest) -> Response:
    """Send one judgement back with a comment, and go on with the next."""
    return _decide(asked, ItemState.SENT_BACK)


def undo(asked: ReviewRequest) -> Response:
    """Take back what this person did last on this screen."""
    undone = in_parts(asked, asked.value("batch"), second_look=True)
    put_back, left = len(undone.done), len(undone.changed)
    if not put_back and not left:
        return asked.go_to(HERE, "Er was niets meer om ongedaan te maken.")
    notice = f"Ongedaan gemaakt: {words.count(put_back, 'oordeel wacht', 'oordelen wachten')} weer."
    if left:
        stays = ("oordeel is intussen verder en blijft zo", "oordelen zijn intussen verder en blijven zo")
        notice += f" {words.count(left, *stays)}."
    return asked.go_to(HERE, notice)


def show_agreement(asked: ReviewRequest) -> Response:
    """How often two people said the same, per intent."""
    with asked.database.reading() as connection:
        found = agreement.per_intent(connection)
    return asked.render(
        "second_look/agreement.html",
        found=found,
        least=agreement.LEAST_FOR_A_SHARE,
        least_for_kappa=agreement.LEAST_FOR_KAPPA,
    )


class _RefusedError(Exception):
    """Something is not done.

    Attributes:
        status: of the response.
        fault: why, in Dutch.
    """

    def __init__(self, status: int, fault: str) -> None:
        super().__init__(fault)
        self.status, self.fault = status, fault


def _decide(asked: ReviewRequest, to: ItemState) -> Response:
    version, comment = whole_number(asked.value("versie")) or 0, asked.value("opmerking")
    look = Look(asked.member, asked.now, new_batch(), asked.note)
    notice = "Goedgekeurd." if to == ItemState.APPROVED else "Teruggestuurd."
    try:
        with asked.database.writing() as connection:
            judged = _to_look_at(asked, connection)
            if _was_sent_twice(judged, asked.member.id, to, version):
                notice = ""
            elif to == ItemState.APPROVED:
                deciding.approve(connection, judged, version, look)
            else:
                deciding.send_back(connection, judged, version, _checked(comment), look)
    except (_RefusedError, ConflictError) as error:
        return _refuse(asked, error)
    # Looked for only now, so that nobody who writes waits for it.
    with asked.database.reading() as connection:
        following = waiting.first(connection, asked.member.id, after=judged)
    return _onwards(asked, following, notice)


def _to_look_at(asked: ReviewRequest, connection: Connection) -> Judged:
    """The judgement of the address.

    Raises:
        HTTPException: 404 when it is gone.
        _RefusedError: it is this person's own.
    """
    judged = waiting.find(connection, asked.path["message"])
    if judged is None:
        raise HTTPException(404)
    if not waiting.may_look(judged, asked.member.id):
        raise _RefusedError(403, _OWN)
    return judged


def _checked(comment: str) -> str:
    if not comment:
        raise _RefusedError(422, _NO_COMMENT)
    try:
        refuse_too_long(comment)
    except JudgementError as error:
        raise _RefusedError(422, str(error)) from error
    return comment


def _was_sent_twice(judged: Judged, member_id: int, to: ItemState, version: int) -> bool:
    done = (judged.state, judged.looked_by, judged.version)
    return done == (to.value, member_id, version + 1)


def _onwards(asked: ReviewRequest, following: Judged | None, notice: str) -> Response:
    return asked.go_to(f"{HERE}?bericht={following.message_id}" if following else HERE, notice)


def _refuse(asked: ReviewRequest, error: _RefusedError | ConflictError) -> Response:
    """The judgement as it is now, with why nothing was kept."""
    with asked.database.reading() as connection:
        judged = waiting.find(connection, asked.path["message"])
    if isinstance(error, _RefusedError):
        return _page(asked, judged, error.status, error.fault)
    return _page(asked, judged, 409, _CHANGED)


def _page(asked: ReviewRequest, judged: Judged | None, status: int = 200, fault: str = "") -> Response:
    me = asked.member.id
    with asked.database.reading() as connection:
        judged = judged or waiting.first(connection, me)
        numbers = waiting.count(connection, me)
        last = last_batch(connection, asked.member, asked.now, second_look=True)
        context: dict[str, object] = {"own": waiting.own(connection, me)}
        if judged is not None:
            exchanges = transcript.around(connection, judged.message_id)
            context |= {
                "exchanges": exchanges,
                "comments": comments_of(connection, judged.message_id),
                "following": waiting.first(connection, me, after=judged),
                "choices": _choices(exchanges, judged.message_id),
            }
    if judged is not None:
        asked.trace_reading("item.read", str(judged.message_id))
        context |= {
            "pieces": pieces(judged.text, judged.entities),
            "waits": judged.state == ItemState.JUDGED.value and waiting.may_look(judged, me),
            "revealed": bool(fault or judged.second_intent or asked.query.get("toon")),
        }
    return asked.render(
        "second_look/second_look.html",
        status,
        judged=judged,
        waiting=sum(numbers.values()),
        last=last,
        fault=fault,
        comment=asked.value("opmerking"),
        is_on=settings().second_look,
        longest_comment=LONGEST_COMMENT,
        number_of_keys=_KEYS,
        titles=titles(),
        **context,
    )


def _choices(exchanges: list[transcript.Exchange], message_id: int) -> list[str]:
    """All intents: what Kalm thought of first, for those are most often asked for; never by the judgement."""
    guessed = [
        name
        for exchange in exchanges
        if exchange.id == message_id
        for name, _ in exchange.ranking[: _KEYS - 1]
    ]
    return list(dict.fromkeys([*(name for name in guessed if name in CHOICES), *CHOICES]))
