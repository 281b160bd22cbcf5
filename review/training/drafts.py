"""Put a draft of a section into its article, and keep who approved what a visitor will read."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from kalm.articles import ArticleError, Passage, passages
from kalm.articles.reading import read_article
from review.articles.fields import read_fields
from review.articles.markdown import DraftText, SectionGoneError, apply_draft, set_updated
from review.training.data_files import APPROVED
from review.training.work import Drafted


class DraftError(Exception):
    """A draft does not fit into its article; the message says why, in Dutch."""


def put_in(drafted: Drafted, name: str, texts: Mapping[str, str]) -> dict[str, str]:
    """The files that a draft changes: the article, and the list of approved texts.

    Args:
        drafted: what to put in.
        name: of the article's file, which may not exist yet.
        texts: all files, by name.

    Raises:
        DraftError: it does not fit, or gives an article that cannot be read.
    """
    before, day = texts.get(name, ""), drafted.approved_on
    draft = DraftText(drafted.article, drafted.section, read_fields(drafted.fields), day)
    try:
        after = apply_draft(before, draft)
        shown, was = _passages(after, name), {one.id: one.hash for one in _passages(before, name)}
        changed = [one for one in shown if was.get(one.id) != one.hash]
        if before and changed:  # who approved it went through the rest of the article that day
            after = set_updated(after, day)
    except SectionGoneError as error:
        raise DraftError("het stukje tekst dat dit verandert staat niet meer in het artikel") from error
    except ArticleError as error:
        message = f"het artikel is met deze tekst niet meer te lezen: {error.faults[0]}"
        raise DraftError(message) from error
    files = {name: after}
    if changed and APPROVED in texts:
        files[APPROVED] = _approved(texts[APPROVED], changed, drafted)
    return files


def _approved(text: str, changed: list[Passage], drafted: Drafted) -> str:
    # Loads scikit-learn, which the web app should not have in memory for a list of names.
    from kalm.approval import Approvals, read_approvals, written

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "approved.yml"
        path.write_text(text, encoding="utf-8")
        before = read_approvals(path)
    mark = f"door {drafted.approved_by or drafted.written_by} op {drafted.approved_on}"
    return written(
        Approvals(
            safety=before.safety,
            passages={**before.passages, **{one.id: f"{one.hash} {mark}" for one in changed}},
        )
    )


def _passages(text: str, name: str) -> list[Passage]:
    """What a visitor reads of an article, nothing of one that is not there yet; the reader wants a file."""
    if not text:
        return []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(text.encode())
        return passages([read_article(path)])
