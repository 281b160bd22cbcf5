"""The section editor: a form, and beside it what visitors would see and what is still to be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from kalm.articles import Evidence
from kalm.limits import LONGEST_BUTTON
from kalm.safety.conditions import condition_rules
from review.articles import drafts
from review.articles.checking import Checked, check
from review.articles.difference import changes
from review.articles.drafts import Draft, DraftChangedError
from review.articles.fields import ArticleHead, SectionFields
from review.articles.form import NOBODY, NOT_SAID, SOME, SPARE_SOURCES, read_form
from review.articles.library import UNREADABLE, Library, library
from review.articles.markdown import DraftText
from review.articles.preview import preview
from review.clock import local_time
from review.requests import ReviewRequest
from review.states import EditState

PATIENCE = 60.0
"""Seconds to wait for the second reader where its word counts."""


@dataclass(frozen=True)
class Target:
    """What the form is about.

    Attributes:
        article: slug, "" for a new article that has no title yet.
        section: id, "" for a new section.
        is_new_article: the form has the fields of a whole article too.
        draft: what was kept, None before the first time.
    """

    article: str
    section: str
    is_new_article: bool = False
    draft: Draft | None = None


def show_new_article(asked: ReviewRequest) -> Response:
    """An empty form for an article that is not there yet."""
    return edit(asked, Target("", "", is_new_article=True), SectionFields(head=ArticleHead()))


def show_new_section(asked: ReviewRequest) -> Response:
    """An empty form for one more section."""
    slug = str(asked.path["slug"])
    if slug not in articles().articles:
        raise HTTPException(404)
    return edit(asked, Target(slug, ""), SectionFields())


def show_section(asked: ReviewRequest) -> Response:
    """The form of a section that is there; what somebody already writes for it, if anybody does."""
    slug, section = str(asked.path["slug"]), str(asked.path["section"])
    fields = articles().fields(slug, section)
    if fields is None:
        raise HTTPException(404)
    with asked.database.reading() as connection:
        draft = drafts.open_of(connection, slug, section)
    if draft is not None:
        return asked.go_to(f"/concepten/{draft.id}")
    return edit(asked, Target(slug, section), fields)


def save(asked: ReviewRequest) -> Response:
    """Keep what was typed; with "klaar" lay it before somebody else, where nothing stands in the way."""
    target = _target(asked)
    fields = _typed(asked, target)
    article = _slug(target, fields)
    is_ready = asked.value("actie") == "klaar"
    checked = _check(target, fields, asked, PATIENCE) if is_ready else None
    try:
        draft_id = _keep(asked, target, article, fields, is_ready and not (checked and checked.is_blocked))
    except DraftChangedError:
        return _conflict(asked, target, fields)
    if checked is not None and checked.is_blocked:
        notice = "Bewaard, maar nog niet klaar: hieronder staat wat er eerst moet gebeuren."
        return asked.go_to(f"/concepten/{draft_id}", notice)
    if is_ready:
        return asked.go_to(f"/concepten/{draft_id}", "Bewaard. De tekst wacht nu op goedkeuring.")
    return asked.go_to(f"/concepten/{draft_id}", "Bewaard. Bezoekers zien er nog niets van.")


def look(asked: ReviewRequest) -> Response:
    """The preview and the check of what was typed; nothing is kept."""
    target = _target(asked)
    fields = _typed(asked, target)
    if not asked.is_part:
        return edit(asked, target, fields, patience=PATIENCE, is_typed=True)
    return asked.render("articles/beside.html", is_part=True, **beside(asked, target, fields))


def edit(
    asked: ReviewRequest,
    target: Target,
    fields: SectionFields,
    status: int = 200,
    patience: float = 0,
    is_typed: bool = False,
    **more: Any,
) -> Response:
    """The page with the form.

    Args:
        asked: the request.
        target: what it is about.
        fields: what the form shows.
        status: of the response.
        patience: seconds to wait for the second reader.
        is_typed: the fields were typed and not kept yet.
        more: for the template.
    """
    article = articles().articles.get(target.article)
    return asked.render(
        "articles/editor.html",
        status,
        target=target,
        fields=fields,
        article=article,
        is_typed=is_typed,
        spare=SPARE_SOURCES,
        evidence=list(Evidence),
        conditions=condition_rules().conditions.values(),
        choices={
            NOT_SAID: "De sectie gaat niet over innemen",
            NOBODY: "Niemand",
            SOME: "Wie hieronder aangevinkt is",
        },
        choice=NOT_SAID if fields.conditions is None else SOME if fields.conditions else NOBODY,
        longest_button=LONGEST_BUTTON,
        changes=changes(published(target), fields),
        **{**beside(asked, target, fields, patience), **more},
    )


def beside(
    asked: ReviewRequest, target: Target, fields: SectionFields, patience: float = 0
) -> dict[str, Any]:
    """What stands beside the form: the preview and the check."""
    is_empty = not (fields.heading or fields.text)
    checked = Checked((), None, True) if is_empty else _check(target, fields, asked, patience)
    passage = checked.passage
    return {
        "checked": checked,
        "is_empty": is_empty,
        "preview": None if passage is None else preview(passage),
    }


def published(target: Target) -> SectionFields | None:
    """The section as its file has it; None for a new one."""
    return articles().fields(target.article, target.section) if target.section else None


def articles() -> Library:
    """The articles as they are.

    Raises:
        HTTPException: 503, they cannot be read; the list of articles says why.
    """
    try:
        return library()
    except UNREADABLE as error:
        raise HTTPException(503) from error


def _target(asked: ReviewRequest) -> Target:
    """What the form that was sent is about.

    Raises:
        HTTPException: 404, there is no such draft, article or section.
    """
    if asked.value("draft"):
        draft = find_draft(asked, asked.value("draft"))
        return Target(draft.article, draft.section, draft.fields.head is not None, draft)
    if asked.value("is_new_article"):
        return Target("", "", is_new_article=True)
    slug, section = asked.value("article"), asked.value("section")
    found = articles()
    if slug not in found.articles or (section and found.fields(slug, section) is None):
        raise HTTPException(404)
    return Target(slug, section)


def find_draft(asked: ReviewRequest, draft_id: object) -> Draft:
    """A draft by the number in an address or a form.

    Raises:
        HTTPException: 404, there is none.
    """
    number = str(draft_id)
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        raise HTTPException(404)
    with asked.database.reading() as connection:
        draft = drafts.find(connection, int(number))
    if draft is None:
        raise HTTPException(404)
    return draft


def _typed(asked: ReviewRequest, target: Target) -> SectionFields:
    return read_form(asked, target.section, target.is_new_article)


def _slug(target: Target, fields: SectionFields) -> str:
    return fields.head.slug if fields.head is not None else target.article


def _check(target: Target, fields: SectionFields, asked: ReviewRequest, patience: float) -> Checked:
    article = _slug(target, fields) or "nieuw"
    return check(articles(), DraftText(article, target.section, fields, today(asked)), patience)


def today(asked: ReviewRequest) -> date:
    """The day, by the team's clock."""
    return local_time(asked.now).date()


def _keep(asked: ReviewRequest, target: Target, article: str, fields: SectionFields, is_ready: bool) -> int:
    """Keep it; gives the number of the draft.

    Raises:
        DraftChangedError: somebody else was first.
    """
    state = EditState.READY if is_ready else EditState.DRAFT
    with asked.database.writing() as connection:
        if target.draft is None:
            again = drafts.sent_before(connection, article, target.section, fields, asked.member.id)
            if again is not None:
                return again
            draft_id = drafts.add(connection, article, target.section, fields, asked.member.id, asked.now)
            if is_ready:
                made = drafts.find(connection, draft_id)
                assert made is not None
                drafts.change(connection, made, 1, asked.now, state=state.value)
        else:
            draft_id = target.draft.id
            if _is_kept(asked, target.draft, fields, state):
                return draft_id
            if target.draft.state is not EditState.DRAFT:
                raise DraftChangedError
            drafts.change(
                connection,
                target.draft,
                version_of(asked),
                asked.now,
                article=article,
                fields=fields,
                member_id=asked.member.id,
                state=state.value,
            )
        asked.note(connection, "draft.ready" if is_ready else "draft.save", str(draft_id))
    return draft_id


def _is_kept(asked: ReviewRequest, draft: Draft, fields: SectionFields, state: EditState) -> bool:
    """Whether the very same was kept before: a form that was sent twice."""
    return (draft.fields, draft.state, draft.member_id) == (fields, state, asked.member.id)


def _conflict(asked: ReviewRequest, target: Target, fields: SectionFields) -> Response:
    """Somebody else changed it: what was typed stays in the form, and beside it what they made of it."""
    with asked.database.reading() as connection:
        if target.draft is not None:
            theirs = drafts.find(connection, target.draft.id)
        else:
            theirs = drafts.open_of(connection, target.article, target.section)
    between = changes(theirs.fields, fields) if theirs is not None else []
    return edit(asked, target, fields, 409, is_typed=True, theirs=theirs, between=between)


def version_of(asked: ReviewRequest) -> int:
    """The version that whoever sent the form saw."""
    sent = asked.value("version")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
