"""What the team makes of a case: take it, give it back, finish it, write something with it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException

from review.access.members import Member
from review.handed_over.cases import Case, Request, case_of, open_unless_there
from review.requests import ReviewRequest
from review.states import CaseState
from storage.schema import handover_cases

LONGEST_NOTE = 2000
"""Characters."""


class NoteError(Exception):
    """A note cannot be kept; the message says why, in Dutch."""


@dataclass(frozen=True)
class Step:
    """One thing that can be done with a case.

    Attributes:
        action: its name in the audit log.
        from_: in which states it can be done.
        to: the state after it.
        notice: what the page says then.
    """

    action: str
    from_: tuple[CaseState, ...]
    to: CaseState
    notice: str


STEPS = {
    "nemen": Step(
        "case.take", (CaseState.OPEN, CaseState.TAKEN), CaseState.TAKEN, "Dit gesprek is nu van jou."
    ),
    "teruggeven": Step(
        "case.open", (CaseState.TAKEN, CaseState.DONE), CaseState.OPEN, "Dit gesprek wacht weer op iemand."
    ),
    "afronden": Step(
        "case.done", (CaseState.OPEN, CaseState.TAKEN), CaseState.DONE, "Dit gesprek is afgerond."
    ),
}
"""By the last part of the address."""


def take_step(asked: ReviewRequest, step: Step) -> tuple[int, str]:
    """Do something with a case, unless somebody else changed it since it was shown; keeps its note too.

    Returns:
        The id of its newest request, and what to say.

    Raises:
        NoteError: the note is too long.
        HTTPException: 404 when it is gone, 409 when it is another now.
    """
    typed = _note_in(asked) if "note" in asked.form else None
    with asked.database.writing() as connection:
        case = _case(asked, connection)
        note = case.newest.note if typed is None else typed
        is_so_already = _is_so_already(case, step, asked.member)
        if is_so_already and note == case.newest.note:  # the same form, sent twice
            return case.newest.id, step.notice
        if case.version != asked.value("version") or not (is_so_already or case.state in step.from_):
            raise HTTPException(409)
        member_id = _member(step, asked.member)
        for request in case.requests:
            changes: dict[str, object] = {}
            # What was done before the last request stays done, also when that one is opened again.
            is_meant = request.state is not CaseState.DONE or request is case.newest
            if is_meant and (request.state, request.member_id) != (step.to, member_id):
                changes |= {"state": step.to.value, "member_id": member_id}
            if request is case.newest and note != request.note:
                changes["note"] = note
            if changes:
                _change(connection, request, asked.now, **changes)
        if not is_so_already:
            states = {"before": case.state.value, "after": step.to.value}
            asked.note(connection, step.action, str(case.newest.id), **states)
        if note != case.newest.note:
            asked.note(connection, "case.note", str(case.newest.id), characters=len(note))
    return case.newest.id, step.notice


def write_note(asked: ReviewRequest) -> int:
    """Keep a note with a case; gives the id of its newest request.

    Raises:
        NoteError: it is too long.
        HTTPException: 404 when the case is gone, 409 when somebody else changed it.
    """
    note = _note_in(asked)
    with asked.database.writing() as connection:
        case = _case(asked, connection)
        if case.newest.note == note:
            return case.newest.id
        if case.version != asked.value("version"):
            raise HTTPException(409)
        _change(connection, case.newest, asked.now, note=note)
        asked.note(connection, "case.note", str(case.newest.id), characters=len(note))
    return case.newest.id


def _note_in(asked: ReviewRequest) -> str:
    note = asked.value("note")
    if len(note) > LONGEST_NOTE:
        raise NoteError(f"Deze notitie is te lang: {len(note)} tekens. Hoogstens {LONGEST_NOTE} kan.")
    return note


def _case(asked: ReviewRequest, connection: Connection) -> Case:
    case = case_of(connection, asked.path["handover_id"])
    if case is None:
        raise HTTPException(404)
    return case


def _member(step: Step, member: Member) -> int | None:
    return None if step.to is CaseState.OPEN else member.id


def _is_so_already(case: Case, step: Step, member: Member) -> bool:
    return case.state is step.to and case.member_id == _member(step, member)


def _change(connection: Connection, request: Request, now: float, **values: object) -> None:
    """Change a request that was read in this transaction.

    Raises:
        HTTPException: 409 when another transaction changed it meanwhile.
    """
    open_unless_there(connection, request.id, request.at)
    changed = connection.execute(
        handover_cases.update()
        .where(handover_cases.c.handover_id == request.id, handover_cases.c.version == request.version)
        .values(changed_at=now, version=request.version + 1, **values)
    )
    if changed.rowcount != 1:
        raise HTTPException(409)
