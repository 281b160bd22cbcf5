"""The articles as they are in their folder now, read again when a file changed."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kalm.approval import APPROVED, Approvals, approved_texts, read_approvals
from kalm.articles import Article, ArticleError, Fault, check_articles, passages, read_articles
from kalm.safety import SafetyError
from kalm.settings import settings
from review.articles.fields import SectionFields
from review.articles.markdown import own_fields

UNREADABLE = (ArticleError, SafetyError, OSError)
"""What :func:`library` raises."""

Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Library:
    """All articles of one moment.

    Attributes:
        articles: by slug, in order of file name.
        texts: content of the file of each, by slug, with its own line ends.
        faults: what the check says of them as they are.
        approvals: which passages a person approved.
        approved: texts of the passages that are approved as they stand.
        hashes: of each passage that visitors may see, by id.
        stamp: of the files it was read from.
    """

    articles: Mapping[str, Article]
    texts: Mapping[str, str]
    faults: frozenset[Fault]
    approvals: Approvals
    approved: tuple[str, ...]
    hashes: Mapping[str, str]
    stamp: Stamp

    def fields(self, slug: str, section_id: str) -> SectionFields | None:
        """The fields of a section; None when there is no such section."""
        article = self.articles.get(slug)
        return None if article is None else own_fields(self.texts[slug], article, section_id)

    def is_approved(self, passage_id: str, text_hash: str) -> bool:
        """Whether a person approved a passage as it stands."""
        return str(self.approvals.passages.get(passage_id, "")).partition(" ")[0] == text_hash

    def waits_for_approval(self, passage_id: str) -> bool:
        """Whether visitors may see a passage that nobody approved as it stands."""
        return passage_id in self.hashes and not self.is_approved(passage_id, self.hashes[passage_id])


_lock = threading.Lock()
_last: list[Library] = []


def library() -> Library:
    """The articles as they are now.

    Raises:
        ArticleError: a file cannot be read.
        SafetyError: the file of approvals cannot be read.
        OSError: a file is gone just now, or may not be read.
    """
    stamp = _stamp(settings().articles)
    with _lock:
        if not _last or _last[0].stamp != stamp:
            _last[:] = [_read(settings().articles, stamp)]
        return _last[0]


def titles() -> dict[str, str]:
    """The title of each article by slug; none where they cannot be read, which the list of articles tells."""
    try:
        return {slug: article.title for slug, article in library().articles.items()}
    except UNREADABLE:
        return {}


def _read(folder: Path, stamp: Stamp) -> Library:
    articles = read_articles(folder)
    texts = {}
    for article in articles:
        with article.path.open(encoding="utf-8", newline="") as file:
            texts[article.slug] = file.read()
    approvals = read_approvals()
    return Library(
        articles={article.slug: article for article in articles},
        texts=texts,
        faults=frozenset(check_articles(articles)),
        approvals=approvals,
        approved=approved_texts(approvals, articles),
        hashes={passage.id: passage.hash for passage in passages(articles)},
        stamp=stamp,
    )


def _stamp(folder: Path) -> Stamp:
    paths = (*sorted(folder.glob("*.md")), *(path for path in (APPROVED,) if path.exists()))
    return tuple((str(path), status.st_mtime_ns, status.st_size) for path in paths if (status := path.stat()))
