"""The page of one message, and what becomes of its form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row
from starlette.exceptions import HTTPException
from starlette.responses import Response

from kalm.understanding import NLU_FALLBACK
from review import words
from review.inbox.filters import Filters
from review.inbox.groups import place_of
from review.inbox.items import find
from review.judging import alike, locks
from review.judging.comments import LONGEST_COMMENT, add_comment
from review.judging.danger import DANGERS, sees_danger
from review.judging.form import Decision, Draft
from review.judging.judgements import (
    AT_ONCE,
    LONGEST_PROPOSAL,
    NOT_THERE,
    ConflictError,
    Judgement,
    Wanted,
    judgements_of,
    new_batch,
    settle,
    settle_one,
    state_after_judging,
)
from review.judging.sentences import ENTITIES, LONGEST, JudgementError, marks_of, what_is_wrong_with
from review.judging.showing import show
from review.judging.undo import last_batch
from review.requests import ReviewRequest
from review.states import ItemState
from storage.schema import judgement_steps

_ACTIONS = {Decision.JUDGE: "item.judge", Decision.SKIP: "item.skip", Decision.EXCLUDE: "item.exclude"}
_LEARNT = "Kalm heeft dit bericht al geleerd. Wat je hier kiest verandert daar niets meer aan."
_CONFIRM = (
    "Kalm of de veiligheidsregels zien gevaar in dit bericht. Weet je zeker dat het geen gevaar is, zet dan "
    "het vinkje en schrijf bij ‘Opmerking voor collega's’ waarom. Je oordeel geldt dan alleen voor dit "
    "bericht."
)
_SAY_WHY = (
    "Kalm of de veiligheidsregels zien gevaar in dit bericht. Schrijf bij ‘Opmerking voor collega's’ waarom "
    "je het weglaat. Twijfel je? Ga dan door naar het volgende; een collega kijkt er later naar."
)


def open_message(asked: ReviewRequest) -> Response:
    """The page of a message; whoever opens it has it to themselves for a while."""
    id_ = asked.path["message_id"]
    with asked.database.writing() as connection:
        if find(connection, id_) is None:
            raise HTTPException(404)
        locks.take(connection, id_, asked.member.id, asked.now)
        asked.note_reading(connection, "item.read", str(id_))
    return _page(asked, id_, Filters.of(asked.query))


def _page(
    asked: ReviewRequest,
    id_: int,
    filters: Filters,
    draft: Draft | None = None,
    fault: str = "",
    conflict: ConflictError | None = None,
) -> Response:
    with asked.database.reading() as connection:
        item = find(connection, id_)
        if item is None:
            raise HTTPException(404)
        shown = show(connection, item, filters, asked.member.id, asked.now)
        holder = locks.held_by_others(connection, [id_], asked.member.id, asked.now).get(id_, "")
        last = last_batch(connection, asked.member, asked.now)
    if draft is not None:  # a form that was refused: nothing else was written that could tell of it
        asked.trace_reading("item.read", str(id_))
    typed = draft or shown.draft
    return asked.render(
        "inbox/message.html",
        409 if conflict else 422 if fault else 200,
        shown=shown,
        item=item,
        # What was typed stays; saving it once more is then a choice made in full view of what stands there.
        draft=replace(typed, version=item.version),
        sentence_fault=what_is_wrong_with(typed.sentence),
        fault=fault,
        conflict=conflict,
        holder=holder,
        last=last,
        learnt=_LEARNT if item.state == ItemState.LEARNT.value else "",
        filters=filters,
        entities=ENTITIES,
        fallback=NLU_FALLBACK,
        not_there=NOT_THERE,
        longest={"sentence": LONGEST, "comment": LONGEST_COMMENT, "proposal": LONGEST_PROPOSAL},
        renew_every=locks.RENEWED_EVERY,
        asks_why=fault in (_CONFIRM, _SAY_WHY),
        dangers=[one for one in words.INTENTS if one in DANGERS],
    )


def save(asked: ReviewRequest) -> Response:
    """Keep what the form says, and lead to the next message."""
    id_, draft = asked.path["message_id"], Draft.of(asked)
    filters = Filters.read(asked.value("lijst"))
    with asked.database.reading() as connection:
        item = find(connection, id_)
        if item is None:
            raise HTTPException(404)
        place = place_of(connection, filters, item)
        rows = alike.others(connection, item, alike.MOST, draft.alike) if draft.alike else []
    try:
        judgement = draft.judgement()
        away = _refuse_danger_judged_away(draft, item)
    except JudgementError as error:
        return _page(asked, id_, filters, draft, str(error))
    first = Wanted(id_, draft.version, _state_after(draft), judgement)
    others = [] if away else alike.wanted_for(rows, first.state, judgement, _denies_danger(draft))
    try:
        count = _settle(asked, first, others, draft)
    except ConflictError as conflict:
        if not _was_done_already(asked, first):
            return _page(asked, id_, filters, draft, conflict=conflict)
        count = 1
    onward = f"/postvak/volgende?{filters.query(na=str(place))}"
    return asked.go_to(
        onward, "" if count == 1 else f"{words.number(count)} gelijke berichten zijn in één keer gedaan."
    )


def _state_after(draft: Draft) -> ItemState:
    if draft.decision is Decision.SKIP:
        return ItemState.SKIPPED
    if draft.decision is Decision.EXCLUDE or draft.is_only_proposal:
        return ItemState.EXCLUDED
    return state_after_judging()


def _denies_danger(draft: Draft) -> bool:
    return draft.decision is not Decision.JUDGE or draft.intent not in DANGERS


def _refuse_danger_judged_away(draft: Draft, item: Row) -> bool:
    """Ask for a second thought before a danger is judged away, or left out of the list.

    Returns:
        Whether that is done, after that thought.

    Raises:
        JudgementError: it was not confirmed, or nothing says why.
    """
    if not _denies_danger(draft) or not sees_danger(item.text, item.intent, item.kind):
        return False
    if draft.decision is not Decision.JUDGE and not draft.comment:
        raise JudgementError(_SAY_WHY)
    if draft.decision is Decision.JUDGE and not (draft.sure and draft.comment):
        raise JudgementError(_CONFIRM)
    return True


def _settle(asked: ReviewRequest, first: Wanted, others: Sequence[Wanted], draft: Draft) -> int:
    """Keep it, the message itself before those alike; gives how many were changed."""
    batch, now = new_batch(), asked.now
    with asked.database.writing() as connection:
        version = settle_one(connection, asked.member, batch, first, now)
        add_comment(connection, asked.member, first.message_id, draft.comment, now)
        if draft.comment:
            asked.note(connection, "item.comment", str(first.message_id))
        asked.note(
            connection,
            _ACTIONS[draft.decision],
            str(first.message_id),
            intent=first.judgement.intent if first.judgement else "",
            state=first.state.value,
            version=version,
        )
    count = 1
    for start in range(0, len(others), AT_ONCE):
        with asked.database.writing() as connection:
            done = settle(connection, asked.member, batch, others[start : start + AT_ONCE], now).done
            if done:
                asked.note(connection, "item.many", batch, number=len(done), state=first.state.value)
            count += len(done)
    return count


def _was_done_already(asked: ReviewRequest, wanted: Wanted) -> bool:
    """Whether this very form came a second time, as when somebody presses twice."""
    steps = judgement_steps.c
    mine = sa.select(judgement_steps).where(
        steps.message_id == wanted.message_id,
        steps.member_id == asked.member.id,
        steps.version == wanted.version + 1,
    )
    with asked.database.reading() as connection:
        item = find(connection, wanted.message_id)
        step = connection.execute(mine.limit(1)).first()
        if item is None or step is None or (item.version, item.state) != (step.version, wanted.state.value):
            return False
        return _kept(connection, wanted.message_id) == wanted.judgement


def _kept(connection: Connection, id_: int) -> Judgement | None:
    row = judgements_of(connection, [id_]).get(id_)
    if row is None:
        return None
    marks = marks_of(row["text"], row["entities"])
    return Judgement(row["text"], row["intent"], marks, row["passage"], row["proposal"])


def renew(asked: ReviewRequest) -> Response:
    """Keep a message for who has it open, or say who has it."""
    id_ = asked.path["message_id"]
    with asked.database.writing() as connection:
        if find(connection, id_) is None:
            raise HTTPException(404)
        mine = locks.take(connection, id_, asked.member.id, asked.now)
        holder = locks.held_by_others(connection, [id_], asked.member.id, asked.now).get(id_, "")
    was_mine = bool(asked.value("mijn"))
    if mine == was_mine:  # nothing to tell
        return Response(status_code=204)
    return asked.render("inbox/lock.html", mine=mine, holder=holder, was_mine=was_mine)


def release(asked: ReviewRequest) -> Response:
    """Let others have a message: its page was left."""
    with asked.database.writing() as connection:
        locks.release(connection, [asked.path["message_id"]], asked.member.id)
    return Response(status_code=204)
