"""The audit log, for the administrator."""

from __future__ import annotations

import sqlalchemy as sa
from starlette.responses import Response

from review.audit.actions import ACTIONS
from review.requests import ReviewRequest
from storage.schema import audit_log

AT_ONCE = 100


def show(asked: ReviewRequest) -> Response:
    """What was done, the newest first; older lines a page further."""
    before, member = asked.query.get("voor", ""), asked.query.get("wie", "").strip().lower()
    wanted = audit_log.select().order_by(audit_log.c.id.desc()).limit(AT_ONCE + 1)
    if before.isdecimal():
        wanted = wanted.where(audit_log.c.id < int(before[:18]))
    if member:
        wanted = wanted.where(audit_log.c.member == member)
    with asked.database.reading() as connection:
        lines = connection.execute(wanted).all()
        known = list(
            connection.scalars(sa.select(audit_log.c.member).distinct().order_by(audit_log.c.member))
        )
    older = lines[AT_ONCE - 1].id if len(lines) > AT_ONCE else None
    return asked.render(
        "audit/log.html", lines=lines[:AT_ONCE], actions=ACTIONS, older=older, known=known, member=member
    )
