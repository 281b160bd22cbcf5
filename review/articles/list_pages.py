"""The articles with how they do, and the texts that are being written for them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from starlette.responses import Response

from kalm.articles import Article, Section
from kalm.articles.reviewing import LISTED_AFTER, months_since
from review.articles import drafts
from review.articles.drafts import OPEN, Draft
from review.articles.library import UNREADABLE, Library, library, titles
from review.articles.usage import LONG, SHORT, Usage, usage
from review.clock import local_time
from review.requests import ReviewRequest
from review.states import EditState
from storage.database import Database

FRESH = 60
"""Seconds for which counted figures are shown again: counting 100.000 messages takes half a second."""

_counted: WeakKeyDictionary[Database, tuple[float, dict[str, Usage]]] = WeakKeyDictionary()
_counting = threading.Lock()


@dataclass(frozen=True)
class Row:
    """A section in the list.

    Attributes:
        place: in the order of the files.
        reviewed: day on which somebody last changed or checked the article.
        months: since then.
        waits: visitors may see it, and nobody approved it as it stands.
        draft: what is being written for it.
    """

    place: int
    article: Article
    section: Section
    usage: Usage
    reviewed: date
    months: int
    waits: bool
    draft: Draft | None

    @property
    def is_stale(self) -> bool:
        """Whether nobody looked at it for too long."""
        return self.months >= LISTED_AFTER


ORDERS: dict[str, tuple[str, Callable[[Row], Any]]] = {
    "artikel": ("Artikel", lambda row: row.place),
    "antwoorden": (f"Antwoorden in {SHORT} dagen", lambda row: -row.usage.shown),
    "antwoorden-lang": (f"Antwoorden in {LONG} dagen", lambda row: -row.usage.shown_long),
    "afgewezen": ("Afgewezen", lambda row: -row.usage.rejected),
    "geholpen": ("Duim omhoog", lambda row: -row.usage.helped),
    "nagekeken": ("Bijgewerkt of nagekeken", lambda row: row.reviewed),
}
"""Name in the address of each order, with the column's title and what is compared."""


def show_list(asked: ReviewRequest) -> Response:
    """Every section of every article."""
    try:
        articles = library()
    except UNREADABLE as error:
        return asked.render("articles/unreadable.html", 503, error=str(error))
    order = asked.query.get("volgorde", "")
    order = order if order in ORDERS else "artikel"
    rows = sorted(_rows(asked, articles), key=lambda row: (ORDERS[order][1](row), row.place))
    waiting = sum(row.waits for row in rows)
    return asked.render(
        "articles/list.html", rows=rows, orders=ORDERS, order=order, waiting=waiting, short=SHORT, long=LONG
    )


def show_drafts(asked: ReviewRequest) -> Response:
    """What is being written, what waits, and what was thrown away."""
    with asked.database.reading() as connection:
        listed = drafts.in_states(connection, OPEN)
        done = drafts.in_states(connection, (EditState.LEARNT, EditState.UNDONE))
    return asked.render("articles/drafts.html", listed=listed, done=done, titles=titles())


def counted(database: Database) -> dict[str, Usage]:
    """How each passage did, not older than :data:`FRESH` seconds."""
    with _counting:
        at, found = _counted.get(database, (float("-inf"), {}))
        if time.monotonic() - at >= FRESH:
            with database.reading() as connection:
                found = usage(connection, time.time())
            _counted[database] = (time.monotonic(), found)
        return found


def _rows(asked: ReviewRequest, articles: Library) -> list[Row]:
    with asked.database.reading() as connection:
        writing = {(one.article, one.section): one for one in drafts.in_states(connection, OPEN)}
    used = counted(asked.database)
    today = local_time(asked.now).date()
    rows: list[Row] = []
    for article in articles.articles.values():
        reviewed = max(article.updated, article.checked_on or article.updated)
        for section in article.sections:
            id_ = f"{article.slug}#{section.id}"
            rows.append(
                Row(
                    place=len(rows),
                    article=article,
                    section=section,
                    usage=used.get(id_, Usage()),
                    reviewed=reviewed,
                    months=months_since(reviewed, today),
                    waits=articles.waits_for_approval(id_),
                    draft=writing.get((article.slug, section.id)),
                )
            )
    return rows
