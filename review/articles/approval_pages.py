"""A draft from "ready" to approved: what changes, what the check says, and who decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from kalm.settings import settings
from review.articles import drafts, editor_pages
from review.articles.checking import Checked, check
from review.articles.difference import changes
from review.articles.drafts import OPEN, Draft, DraftChangedError
from review.articles.editor_pages import PATIENCE, Target
from review.requests import ReviewRequest
from review.states import EditState


def show(asked: ReviewRequest) -> Response:
    """A draft: the form as long as it is being written, else what it changes."""
    return _page(asked, editor_pages.find_draft(asked, asked.path["id"]))


def approve(asked: ReviewRequest) -> Response:
    """Say that a text may go to visitors, with the next training."""
    draft = editor_pages.find_draft(asked, asked.path["id"])
    if draft.state is EditState.APPROVED:
        return asked.go_to(f"/concepten/{draft.id}")
    if not may_approve(asked, draft):
        return _page(asked, draft, 422, error="Een andere eindredacteur keurt je tekst goed.")
    checked = check(editor_pages.articles(), draft.text(editor_pages.today(asked)), PATIENCE)
    if checked.is_blocked:
        return _page(asked, draft, 422, error="Hieronder staat wat er eerst moet gebeuren.")
    if not checked.is_complete:
        return _page(asked, draft, 422, error="Kalm leest de zinnen nog. Probeer het over een minuut weer.")
    if checked.doubts and asked.value("doubts") != "gelezen":
        return _page(asked, draft, 422, error="Lees eerst de zinnen waar Kalm aan twijfelt en vink dat aan.")
    if dates_the_rest(asked, draft, checked) and asked.value("rest") != "gelezen":
        return _page(asked, draft, 422, error="Lees eerst ook de rest van het artikel na en vink dat aan.")
    values = {"state": EditState.APPROVED.value, "approved_by": asked.member.id}
    return _move(
        asked,
        draft,
        (EditState.READY,),
        values,
        "draft.approve",
        "Goedgekeurd. De tekst gaat mee in de volgende training.",
    )


def take_back(asked: ReviewRequest) -> Response:
    """Open it for writing again, by whoever wrote it or whoever was to approve it."""
    values = {"state": EditState.DRAFT.value, "approved_by": None}
    states = (EditState.READY, EditState.APPROVED)
    return _move(asked, None, states, values, "draft.back", "Je kunt er weer in schrijven.")


def throw_away(asked: ReviewRequest) -> Response:
    """Put it away; it can be had back."""
    values = {"state": EditState.UNDONE.value, "approved_by": None}
    return _move(asked, None, OPEN, values, "draft.throw_away", "Weggegooid. Je kunt hem nog terughalen.")


def restore(asked: ReviewRequest) -> Response:
    """Have back what was thrown away."""
    values = {"state": EditState.DRAFT.value}
    return _move(asked, None, (EditState.UNDONE,), values, "draft.restore", "De tekst is terug.")


def may_approve(asked: ReviewRequest, draft: Draft) -> bool:
    """Whether this person may: not whoever wrote it, unless the shop works without a second look."""
    return draft.member_id != asked.member.id or not settings().second_look


def dates_the_rest(asked: ReviewRequest, draft: Draft, checked: Checked) -> bool:
    """Whether with this text others get a new date too: an article has one for all of its texts.

    With that date visitors are told when somebody last looked at a text, so somebody must have.
    """
    library = editor_pages.articles()
    article, passage = library.articles.get(draft.article), checked.passage
    if article is None or passage is None or draft.fields.is_draft:
        return False
    is_changed = library.hashes.get(passage.id) != passage.hash
    others = any(one.startswith(f"{article.slug}#") and one != passage.id for one in library.hashes)
    return is_changed and others and article.updated < editor_pages.today(asked)


def _move(
    asked: ReviewRequest,
    draft: Draft | None,
    states: Sequence[EditState],
    values: dict[str, Any],
    action: str,
    notice: str,
) -> Response:
    """Bring a draft into another state, or say that somebody else was first."""
    draft = draft or editor_pages.find_draft(asked, asked.path["id"])
    if draft.state.value == values["state"]:  # sent twice
        return asked.go_to(f"/concepten/{draft.id}")
    try:
        if draft.state not in states:
            raise DraftChangedError
        with asked.database.writing() as connection:
            drafts.change(connection, draft, editor_pages.version_of(asked), asked.now, **values)
            asked.note(connection, action, str(draft.id), before=draft.state.value, after=values["state"])
    except DraftChangedError:
        now = editor_pages.find_draft(asked, draft.id)
        return _page(
            asked, now, 409, error="Een collega was je voor, of de tekst zit in een training. Zo is het nu."
        )
    return asked.go_to(f"/concepten/{draft.id}", notice)


def _page(asked: ReviewRequest, draft: Draft, status: int = 200, error: str = "") -> Response:
    target = Target(draft.article, draft.section, draft.fields.head is not None, draft)
    if draft.state is EditState.DRAFT:
        return editor_pages.edit(asked, target, draft.fields, status, error=error)
    article = editor_pages.articles().articles.get(draft.article)
    beside = editor_pages.beside(asked, target, draft.fields, PATIENCE)
    return asked.render(
        "articles/draft.html",
        status,
        draft=draft,
        article=article,
        error=error,
        may_approve=may_approve(asked, draft),
        dates_the_rest=dates_the_rest(asked, draft, beside["checked"]),
        changes=changes(editor_pages.published(target), draft.fields),
        **beside,
    )
