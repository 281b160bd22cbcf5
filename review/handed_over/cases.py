"""Which conversations wait for a person; the requests of one conversation are one case.

A request has a row in ``handover_cases`` from the first time that something is done with it; until then it is
open, at version 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from review.states import CaseState
from storage.database import insert_unless_there
from storage.schema import conversations, handover_cases, handovers

AT_ONCE = 25
"""Cases on one page of the list."""

_state = sa.func.coalesce(handover_cases.c.state, CaseState.OPEN.value)
_WITH_CASES = handovers.outerjoin(handover_cases, handover_cases.c.handover_id == handovers.c.id)


@dataclass(frozen=True)
class Request:
    """One time that a visitor asked for a person.

    Attributes:
        id: of the handover.
        message_id: of the message with which it was asked.
        at: when, in seconds since 1970.
        state: how far the team is with it.
        member_id: who has it, or had it; None for nobody.
        changed_at: when the state was changed last.
        note: of the team.
        version: goes up at each change.
    """

    id: int
    message_id: int
    at: float
    state: CaseState
    member_id: int | None
    changed_at: float
    note: str
    version: int


@dataclass(frozen=True)
class Case:
    """A conversation in which a person was asked for.

    Attributes:
        conversation_id: which conversation.
        channel: name of the channel.
        requests: in order; at least one.
    """

    conversation_id: str
    channel: str
    requests: tuple[Request, ...]

    @property
    def state(self) -> CaseState:
        """Open as long as one request is; done when all are."""
        states = {request.state for request in self.requests}
        return next(state for state in CaseState if state in states)

    @property
    def newest(self) -> Request:
        """The last request: it gives the case its address and keeps the note."""
        return self.requests[-1]

    @property
    def waiting_since(self) -> float | None:
        """When the visitor first asked of what is not done yet; None when all is."""
        return min((one.at for one in self.requests if one.state is not CaseState.DONE), default=None)

    @property
    def member_id(self) -> int | None:
        """Who has it, or finished it; None while it is open."""
        if self.state is CaseState.OPEN:
            return None
        return next((one.member_id for one in reversed(self.requests) if one.state is self.state), None)

    @property
    def version(self) -> str:
        """Another one after each change, and after each new request."""
        return f"{len(self.requests)}.{sum(one.version for one in self.requests)}"


@dataclass(frozen=True)
class Page:
    """A part of the list.

    Attributes:
        cases: at most :data:`AT_ONCE`.
        total: how many there are in all.
        number: which page, from 1.
    """

    cases: tuple[Case, ...]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // AT_ONCE))


def listed(connection: Connection, state: CaseState | None, newest_first: bool, number: int) -> Page:
    """One page of the cases.

    Args:
        connection: of a transaction.
        state: only these; None for all.
        newest_first: otherwise who waits longest comes first.
        number: of the page, from 1; one too high gives the last.
    """
    each = _by_conversation(state).subquery()
    total = connection.scalar(sa.select(sa.func.count()).select_from(each)) or 0
    number = min(max(1, number), Page((), total, 1).pages)
    # What is done waits no longer; it comes behind what does, and there by its last request.
    longest_first = (each.c.waiting.is_(None), each.c.waiting)
    order = (*(() if newest_first else longest_first), each.c.newest.desc(), each.c.conversation_id)
    wanted = sa.select(each.c.conversation_id).order_by(*order).limit(AT_ONCE)
    ids = list(connection.scalars(wanted.offset((number - 1) * AT_ONCE)))
    return Page(tuple(_cases(connection, ids)), total, number)


def counts(connection: Connection) -> dict[CaseState, int]:
    """How many cases are in each state."""
    each = _by_conversation(None).subquery()
    state = sa.case(
        (each.c.open > 0, CaseState.OPEN.value),
        (each.c.taken > 0, CaseState.TAKEN.value),
        else_=CaseState.DONE.value,
    )
    # By its place in the list: PostgreSQL does not see that two expressions with parameters are the same.
    rows = connection.execute(sa.select(state, sa.func.count()).group_by(sa.text("1"))).all()
    return dict.fromkeys(CaseState, 0) | {CaseState(name): count for name, count in rows}


def case_of(connection: Connection, handover_id: int) -> Case | None:
    """The case in which a request is; None when its conversation is gone."""
    conversation_id = connection.scalar(
        sa.select(handovers.c.conversation_id).where(handovers.c.id == handover_id)
    )
    return None if conversation_id is None else _cases(connection, [conversation_id])[0]


def open_unless_there(connection: Connection, handover_id: int, at: float) -> None:
    """Give a request its row, of which nothing was done yet.

    Args:
        connection: of a transaction that writes.
        handover_id: of the request.
        at: when it was made, in seconds since 1970.
    """
    insert_unless_there(
        connection,
        handover_cases,
        handover_id=handover_id,
        state=CaseState.OPEN.value,
        changed_at=at,
        note="",
        version=0,
    )


def _by_conversation(state: CaseState | None) -> sa.sql.Select:
    def number_of(wanted: CaseState) -> sa.sql.ColumnElement[int]:
        return sa.func.sum(sa.case((_state == wanted.value, 1), else_=0))

    open_, taken = number_of(CaseState.OPEN), number_of(CaseState.TAKEN)
    waiting = sa.func.min(sa.case((_state != CaseState.DONE.value, handovers.c.at)))
    found = (
        sa.select(
            handovers.c.conversation_id,
            sa.func.max(handovers.c.at).label("newest"),
            waiting.label("waiting"),
            open_.label("open"),
            taken.label("taken"),
        )
        .select_from(_WITH_CASES)
        .group_by(handovers.c.conversation_id)
    )
    if state is CaseState.OPEN:
        return found.having(open_ > 0)
    if state is CaseState.TAKEN:
        return found.having((open_ == 0) & (taken > 0))
    if state is CaseState.DONE:
        return found.having((open_ == 0) & (taken == 0))
    return found


def _cases(connection: Connection, conversation_ids: Sequence[str]) -> list[Case]:
    """The cases of these conversations, in their order."""
    wanted = (
        sa.select(
            *(handovers.c.conversation_id, handovers.c.id, handovers.c.message_id, handovers.c.at),
            *(conversations.c.channel, _state.label("state"), handover_cases.c.member_id),
            sa.func.coalesce(handover_cases.c.changed_at, handovers.c.at).label("changed_at"),
            sa.func.coalesce(handover_cases.c.note, "").label("note"),
            sa.func.coalesce(handover_cases.c.version, 0).label("version"),
        )
        .select_from(_WITH_CASES.join(conversations, conversations.c.id == handovers.c.conversation_id))
        .where(handovers.c.conversation_id.in_(conversation_ids))
        .order_by(handovers.c.id)
    )
    channels: dict[str, str] = {}
    requests: dict[str, list[Request]] = {}
    for row in connection.execute(wanted):
        channels[row.conversation_id] = row.channel
        requests.setdefault(row.conversation_id, []).append(
            Request(
                *(row.id, row.message_id, row.at, CaseState(row.state)),
                *(row.member_id, row.changed_at, row.note, row.version),
            )
        )
    return [Case(one, channels[one], tuple(requests[one])) for one in conversation_ids]
