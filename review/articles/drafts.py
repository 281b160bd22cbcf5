"""Texts that the team writes for the articles, from the first word until they are in the files.

A draft goes from being written to waiting for approval to approved; the next training then puts it into the
article files (:mod:`review.articles.markdown`) and marks it with its candidate. Nothing here writes a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import IntegrityError

from review.articles.fields import SectionFields, read_fields
from review.articles.markdown import DraftText
from review.states import EditState
from storage.schema import article_drafts, team_members

OPEN = (EditState.DRAFT, EditState.READY, EditState.APPROVED)
"""States of what is being worked on; a section has at most one draft in these."""

LISTED = 300
"""Drafts that the list shows, the newest first."""


class DraftChangedError(Exception):
    """Somebody else changed it meanwhile, or it is no longer in a state for this."""


@dataclass(frozen=True)
class Draft:
    """A draft as it is kept.

    Attributes:
        article: slug, "" for a new article without a title.
        section: id of the section that it changes, "" for a new one.
        member_id: who wrote it last, with ``writer`` as the full name.
        at: of the last change, in seconds since 1970.
        approver: full name, "" when nobody approved it.
        candidate: id of the training that has it, "" for none.
        version: goes up at each change.
    """

    id: int
    article: str
    section: str
    fields: SectionFields
    member_id: int
    writer: str
    at: float
    state: EditState
    approver: str
    candidate: str
    version: int

    @property
    def is_taken(self) -> bool:
        """Whether a training has it, so that it may not change."""
        return bool(self.candidate)

    def text(self, day: date) -> DraftText:
        """What goes into the article file.

        Args:
            day: on which it goes there.
        """
        return DraftText(self.article, self.section, self.fields, day)


_writers, _approvers = team_members.alias("writers"), team_members.alias("approvers")


def find(connection: Connection, draft_id: int) -> Draft | None:
    """A draft; None when there is no such row."""
    row = connection.execute(_wanted().where(article_drafts.c.id == draft_id)).first()
    return None if row is None else _draft(row)


def open_of(connection: Connection, article: str, section: str) -> Draft | None:
    """The draft that is being worked on for a section; None when there is none."""
    wanted = _wanted().where(
        article_drafts.c.article == article,
        article_drafts.c.section == section,
        article_drafts.c.state.in_([state.value for state in OPEN]),
    )
    row = connection.execute(wanted).first()
    return None if row is None else _draft(row)


def in_states(connection: Connection, states: Sequence[EditState]) -> list[Draft]:
    """The drafts in these states, the last changed first, :data:`LISTED` at most."""
    wanted = _wanted().where(article_drafts.c.state.in_([state.value for state in states]))
    ordered = wanted.order_by(article_drafts.c.at.desc(), article_drafts.c.id.desc()).limit(LISTED)
    return [_draft(row) for row in connection.execute(ordered)]


def sent_before(
    connection: Connection, article: str, section: str, fields: SectionFields, member_id: int
) -> int | None:
    """The draft that the same person began with the same words: a form that was sent twice."""
    wanted = (article, section, fields, member_id)
    for draft in in_states(connection, OPEN):
        if (draft.article, draft.section, draft.fields, draft.member_id) == wanted:
            return draft.id
    return None


def add(
    connection: Connection, article: str, section: str, fields: SectionFields, member_id: int, now: float
) -> int:
    """Keep a new draft; gives its id.

    Raises:
        DraftChangedError: somebody else just began one for the same section.
    """
    try:
        result = connection.execute(
            article_drafts.insert().values(
                article=article,
                section=section,
                fields=fields.data,
                member_id=member_id,
                at=now,
                state=EditState.DRAFT.value,
                candidate="",
                version=1,
            )
        )
    except IntegrityError as error:
        raise DraftChangedError from error
    return int(result.inserted_primary_key[0])


def change(connection: Connection, draft: Draft, version: int, now: float, **values: Any) -> None:
    """Change a draft that is still as somebody saw it.

    Args:
        connection: of a transaction that writes.
        draft: as it was read.
        version: that whoever changes it saw.
        now: seconds since 1970.
        values: of the columns that change; ``fields`` as :class:`SectionFields`.

    Raises:
        DraftChangedError: it is no longer so, or a training has it.
    """
    if isinstance(values.get("fields"), SectionFields):
        values["fields"] = values["fields"].data
    unchanged = (
        (article_drafts.c.id == draft.id)
        & (article_drafts.c.version == version)
        & (article_drafts.c.state == draft.state.value)
        & (article_drafts.c.candidate == "")
    )
    try:
        done = connection.execute(
            article_drafts.update().where(unchanged).values(at=now, version=version + 1, **values)
        )
    except IntegrityError as error:
        raise DraftChangedError from error
    if done.rowcount != 1:
        raise DraftChangedError


def _wanted() -> sa.sql.Select:
    return sa.select(
        article_drafts,
        _writers.c.full_name.label("writer"),
        _approvers.c.full_name.label("approver"),
    ).select_from(
        article_drafts.join(_writers, _writers.c.id == article_drafts.c.member_id).outerjoin(
            _approvers, _approvers.c.id == article_drafts.c.approved_by
        )
    )


def _draft(row: Row) -> Draft:
    return Draft(
        id=row.id,
        article=row.article,
        section=row.section,
        fields=read_fields(row.fields),
        member_id=row.member_id,
        writer=row.writer,
        at=row.at,
        state=EditState(row.state),
        approver=row.approver or "",
        candidate=row.candidate,
        version=row.version,
    )
