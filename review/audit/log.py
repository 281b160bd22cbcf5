"""Keeps what was done. There is no way here to change or remove a line, and no screen does."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from review.audit.actions import ACTIONS
from storage.schema import audit_log


def note(
    connection: Connection, member: str, action: str, subject: str, now: float, **details: object
) -> None:
    """Keep that something was done, in the transaction that does it.

    Args:
        connection: of that transaction.
        member: name of who does it.
        action: one of :data:`review.audit.actions.ACTIONS`.
        subject: to what: a number or a name, never what a visitor typed.
        now: seconds since 1970.
        details: states and numbers; no words of a visitor.

    Raises:
        ValueError: there is no such action.
    """
    if action not in ACTIONS:
        raise ValueError(f"no such action: {action!r}")
    connection.execute(
        audit_log.insert().values(at=now, member=member, action=action, subject=subject, details=details)
    )
