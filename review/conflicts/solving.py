"""Solving what contradicts itself: one decision at a time, kept until the next training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from kalm.training_examples import TrainingExamplesError
from review import words
from review.conflicts import edits
from review.conflicts.edits import EditError, edits_in_force
from review.conflicts.pages import HERE, decided_page, page
from review.conflicts.sentences import KEEP, MOVE, REMOVE, Edit, Sentence, sentences
from review.judging.danger import DANGERS
from review.judging.judgements import ConflictError, new_batch
from review.requests import ReviewRequest
from review.second_look import deciding, waiting
from review.second_look.deciding import Look
from review.states import ItemState
from review.whole_numbers import whole_number

BACK = "back"
"""Send an approved judgement back to the reviewers."""

_GONE = (
    "Deze zin staat er intussen niet meer zo: een collega besloot er net over, of de voorbeelden zijn "
    "veranderd. Er is niets gedaan."
)
_NOTICES = {
    REMOVE: "Weggehaald.",
    MOVE: "Verplaatst.",
    KEEP: "Blijft staan; je ziet dit niet meer terug.",
    BACK: "Teruggestuurd naar de beoordelaars.",
}
_ONLY_ONE = "Dit is de laatste voorbeeldzin van deze bedoeling. Voeg eerst andere zinnen toe."
_TWICE = "Dat was al besloten."


class _GoneError(Exception):
    """What a decision is about is not there as it was seen."""


@dataclass(frozen=True)
class Wish:
    """A decision as it was asked for.

    Attributes:
        kind: remove, move, keep or back.
        sentence: which it is about, as it stands now.
        other: the other of the pair; None for none.
        to_intent: where it goes, or what else is at stake.
        edits: what held when that was looked up.
    """

    kind: str
    sentence: Sentence
    other: Sentence | None
    to_intent: str
    edits: Sequence[Edit]

    @property
    def needs_a_second_thought(self) -> bool:
        """Whether Kalm may overlook somebody in danger by it."""
        return self.kind in (REMOVE, MOVE) and self.sentence.intent in DANGERS


def decide(asked: ReviewRequest) -> Response:
    """Take one decision about one sentence or pair."""
    try:
        wish = _read(asked)
        if wish is None:
            return _onwards(asked, _TWICE)
        if wish.needs_a_second_thought and not asked.value("bevestigd"):
            return asked.render("conflicts/confirm.html", wish=wish, form=_fields(asked))
        with asked.database.writing() as connection:
            done = _do(asked, connection, wish)
    except TrainingExamplesError:
        return page(asked)
    except (_GoneError, ConflictError):
        return page(asked, 409, _GONE)
    except EditError as error:
        return page(asked, 409, str(error))
    return _onwards(asked, _NOTICES[wish.kind] if done else _TWICE)


def undo(asked: ReviewRequest) -> Response:
    """Take a decision back, as long as it is in no new model."""
    try:
        with asked.database.writing() as connection:
            edit = edits.undo(connection, asked.path["edit"])
            if edit is not None:
                asked.note(connection, "edit.undo", str(edit.id), kind=edit.kind)
    except EditError as error:
        return decided_page(asked, 409, str(error))
    return asked.go_to(f"{HERE}/besloten", "Teruggedraaid." if edit else "Dat was al teruggedraaid.")


def _read(asked: ReviewRequest) -> Wish | None:
    """What is asked for; None when the same was done a moment ago, by the same form.

    Raises:
        HTTPException: 400 for what no page of ours sends.
        TrainingExamplesError: a file of the training data cannot be read.
        _GoneError: what it is about is not there.
        EditError: the intent would have no example left.
    """
    kind, to_intent = asked.value("besluit"), asked.value("naar")
    if kind not in _NOTICES or (to_intent and to_intent not in words.INTENTS):
        raise HTTPException(400)
    if kind == MOVE and not to_intent:
        raise HTTPException(400)
    with asked.database.reading() as connection:
        in_force = edits_in_force(connection)
        by_key = {sentence.key: sentence for sentence in sentences(connection, in_force)}
    if _was_sent_twice(asked, in_force):
        return None
    sentence, other = by_key.get(asked.value("zin")), by_key.get(asked.value("andere"))
    if sentence is None or (other is None and asked.value("andere")):
        raise _GoneError
    is_of_message = sentence.message_id is not None
    if (kind == BACK) != is_of_message and kind != KEEP:
        raise HTTPException(400)
    of_intent = [one for one in by_key.values() if one.intent == sentence.intent and one.message_id is None]
    if kind in (REMOVE, MOVE) and len(of_intent) == 1:
        raise EditError(_ONLY_ONE)
    return Wish(kind, sentence, other, to_intent, in_force)


def _was_sent_twice(asked: ReviewRequest, in_force: Sequence[Edit]) -> bool:
    since = whole_number(asked.value("na")) or 0
    return any(
        edit.id > since
        and edit.kind == asked.value("besluit")
        and edit.member == asked.member.full_name
        and Sentence(edit.text, edit.intent).key == asked.value("zin")
        for edit in in_force
    )


def _do(asked: ReviewRequest, connection: Connection, wish: Wish) -> bool:
    """Keep a decision; gives whether it is a new one.

    Raises:
        _GoneError: somebody decided about the same sentence meanwhile.
        ConflictError: somebody changed the judgement meanwhile.
    """
    sentence = wish.sentence
    if wish.kind == BACK:
        _send_back(asked, connection, wish)
        return True
    edits.one_at_a_time(connection)
    if _about(sentence, edits_in_force(connection)) != _about(sentence, wish.edits):
        raise _GoneError
    to_intent = wish.other.intent if wish.kind == KEEP and wish.other else wish.to_intent
    kept = edits.decide(
        connection,
        wish.kind,
        sentence,
        asked.member.id,
        asked.now,
        to_intent if wish.kind != REMOVE else "",
        wish.other if wish.kind == KEEP else None,
    )
    if kept is not None:
        asked.note(connection, f"edit.{wish.kind}", str(kept), intent=sentence.intent, to_intent=to_intent)
    return kept is not None


def _about(sentence: Sentence, in_force: Sequence[Edit]) -> set[int]:
    return {edit.id for edit in in_force if edit.kind != KEEP and edit.text == sentence.text}


def _send_back(asked: ReviewRequest, connection: Connection, wish: Wish) -> None:
    judged = waiting.find(connection, wish.sentence.message_id or 0)
    if judged is None:
        raise _GoneError
    other = words.intent(wish.other.intent if wish.other else wish.to_intent)
    comment = (
        f"Bijna dezelfde zin staat al bij ‘{other}’. Hoort deze daar ook bij?"
        if wish.other
        else f"Kalm zou dit begrijpen als ‘{other}’. Kijk je er nog eens naar?"
    )
    look = Look(asked.member, asked.now, new_batch(), asked.note)
    deciding.send_back(connection, judged, wish.sentence.version, comment, look, ItemState.APPROVED)


_FIELDS = ("besluit", "zin", "andere", "naar", "soort", "pagina", "plek", "na")


def _fields(asked: ReviewRequest) -> dict[str, str]:
    """What was sent, to send it again with a confirmation."""
    return {name: asked.value(name) for name in _FIELDS}


def _onwards(asked: ReviewRequest, notice: str) -> Response:
    """Back to where the next one is now."""
    where = urlencode({"soort": asked.value("soort"), "pagina": asked.value("pagina", "1")})
    place = asked.value("plek")
    anchor = f"#vondst-{place}" if whole_number(place) is not None else ""
    return asked.go_to(f"{HERE}?{where}{anchor}", notice)
