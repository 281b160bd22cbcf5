"""Decisions about the examples, which wait for the next training. The files change only there."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from review.conflicts.sentences import KEEP, MOVE, Edit, Sentence
from review.states import EditState
from storage.schema import team_members, training_edits


class EditError(Exception):
    """A decision cannot be taken any more; the message says why, in Dutch."""


def edits_in_force(connection: Connection) -> list[Edit]:
    """What holds beside the files, in the order in which it was decided.

    That is what is not in them yet, and what may stay: no training takes that along, so it holds for good.
    """
    return _edits(connection, training_edits.c.state == EditState.APPROVED.value)


def waiting(connection: Connection) -> list[Edit]:
    """The same, the last first."""
    return edits_in_force(connection)[::-1]


def decide(
    connection: Connection,
    kind: str,
    sentence: Sentence,
    member_id: int,
    at: float,
    to_intent: str = "",
    other: Sentence | None = None,
) -> int | None:
    """Keep a decision about an example.

    Args:
        connection: of a transaction that writes.
        kind: remove, move or keep.
        sentence: which it is about, as it stood when that transaction began.
        member_id: who decides.
        at: in seconds since 1970.
        to_intent: where it goes, or what else is at stake.
        other: the other of a pair that stays.

    Returns:
        Number of the decision; None when the same one was taken before.
    """
    values = {
        "kind": kind,
        "text": sentence.reference,
        "intent": sentence.intent,
        "to_intent": to_intent,
        "other_text": other.reference if other else "",
        "state": EditState.APPROVED.value,
    }
    if kind == KEEP:
        same = sa.and_(*(training_edits.c[name] == value for name, value in values.items()))
        if connection.execute(sa.select(training_edits.c.id).where(same)).first() is not None:
            return None
    done = connection.execute(
        training_edits.insert().values(**values, member_id=member_id, at=at, candidate="")
    )
    return int(done.inserted_primary_key[0])


def undo(connection: Connection, edit_id: int) -> Edit | None:
    """Take a decision back; None when that was done before.

    Raises:
        EditError: it is in a new model already, or does not exist.
    """
    one_at_a_time(connection)
    found = _edits(connection, training_edits.c.id == edit_id)
    if not found:
        raise EditError("Dit besluit bestaat niet.")
    row = connection.execute(sa.select(training_edits.c.state).where(training_edits.c.id == edit_id)).one()
    if row.state == EditState.UNDONE.value:
        return None
    if row.state != EditState.APPROVED.value or found[0].candidate:
        raise EditError(
            "Dit besluit zit al in een nieuw model. Terugdraaien kan niet meer hier; "
            "neem daarna een nieuw besluit als dat nodig is."
        )
    if any(_builds_on(later, found[0]) for later in waiting(connection)):
        raise EditError("Een later besluit gaat over dezelfde zin. Draai eerst dat terug.")
    connection.execute(
        training_edits.update().where(training_edits.c.id == edit_id).values(state=EditState.UNDONE.value)
    )
    return found[0]


def _builds_on(later: Edit, edit: Edit) -> bool:
    is_later_change = later.id > edit.id and later.kind != KEEP
    return is_later_change and edit.kind == MOVE and (later.text, later.intent) == (edit.text, edit.to_intent)


def one_at_a_time(connection: Connection) -> None:
    """Let decisions wait for each other until this transaction ends: each is about what the others left.

    SQLite lets nobody else write anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE training_edits IN SHARE ROW EXCLUSIVE MODE")


def _edits(connection: Connection, which: sa.sql.ColumnElement) -> list[Edit]:
    rows = connection.execute(
        sa.select(training_edits, team_members.c.full_name)
        .join_from(training_edits, team_members, training_edits.c.member_id == team_members.c.id)
        .where(which)
        .order_by(training_edits.c.id)
    )
    return [
        Edit(
            id=row.id,
            kind=row.kind,
            text=row.text,
            intent=row.intent,
            to_intent=row.to_intent,
            other_text=row.other_text,
            member=row.full_name,
            at=row.at,
            candidate=row.candidate,
        )
        for row in rows
    ]
