"""The audit log, for the administrator."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.responses import Response

from review.access import members
from review.audit.actions import ACTIONS, READING
from review.audit.details import in_words
from review.audit.log import AT_THE_MACHINE, NOBODY
from review.requests import ReviewRequest
from review.whole_numbers import whole_number
from storage.schema import audit_log

AT_ONCE = 100

_DONE, _READ = "gedaan", "gelezen"
SORTS = {"": "alles", _DONE: "wat er gedaan is", _READ: "wie wat las"}
"""What the address says, with what the screen calls it: most lines are about reading."""

_OTHERS = {NOBODY: "iemand zonder toegang", AT_THE_MACHINE: "een opdracht op de machine"}


def show(asked: ReviewRequest) -> Response:
    """What was done, the newest first; older lines a page further."""
    before, member = whole_number(asked.query.get("voor", "")), asked.query.get("wie", "").strip().lower()
    sort = asked.query.get("soort", "")
    wanted = audit_log.select().order_by(audit_log.c.id.desc()).limit(AT_ONCE + 1)
    if before is not None:
        wanted = wanted.where(audit_log.c.id < before)
    if member:
        wanted = wanted.where(audit_log.c.member == member)
    if sort == _READ:
        wanted = wanted.where(audit_log.c.action.in_(READING))
    elif sort == _DONE:
        wanted = wanted.where(audit_log.c.action.not_in(READING))
    with asked.database.reading() as connection:
        lines = connection.execute(wanted).all()
        team = {one.name: one.name for one in members.everybody(connection)}
    further = {"wie": member, "soort": sort, "voor": lines[AT_ONCE - 1].id} if len(lines) > AT_ONCE else {}
    return asked.render(
        "audit/log.html",
        lines=lines[:AT_ONCE],
        actions=ACTIONS,
        in_words=in_words,
        older=urlencode({name: value for name, value in further.items() if value}),
        known={**dict(sorted(team.items())), **_OTHERS},
        member=member,
        sorts=SORTS,
        sort=sort,
    )
