"""Keeps what was done. There is no way here to change or remove a line, and no screen does."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from review.audit.actions import ACTIONS
from storage.schema import audit_log

NOBODY = "?"
"""As which somebody is named who is not in the team: what they typed as a name may be a password."""

AT_THE_MACHINE = "kalm user"
"""As which somebody is named who types commands on the machine itself."""


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


def note_once(
    connection: Connection, member: str, action: str, subject: str, now: float, within: float
) -> None:
    """As :func:`note`, unless the same was kept a while ago.

    Args:
        connection: of a transaction that writes.
        member: name of who does it.
        action: one of :data:`review.audit.actions.ACTIONS`.
        subject: to what.
        now: seconds since 1970.
        within: seconds in which once is enough.
    """
    if not was_noted(connection, member, action, subject, now - within):
        note(connection, member, action, subject, now)


def was_noted(connection: Connection, member: str, action: str, subject: str, since: float) -> bool:
    """Whether this was kept after a moment, in seconds since 1970."""
    same = sa.select(audit_log.c.id).where(
        audit_log.c.at > since,
        audit_log.c.member == member,
        audit_log.c.action == action,
        audit_log.c.subject == subject,
    )
    return connection.execute(same.limit(1)).first() is not None
