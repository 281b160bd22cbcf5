"""The articles as pages: where an answer's link leads."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kalm.articles import Article, passages, read_articles
from kalm.notice import notice
from kalm.pointer import POINTER
from kalm.settings import settings
from kalm.showing import caution_for, is_blocked
from web.pages import render

_markdown = MarkdownIt("commonmark", {"html": False})


def articles() -> dict[str, Article]:
    """The articles with something to show, by slug, as they were when the current release went live."""
    return _articles(settings().articles, _release())


def _release() -> tuple[int, int]:
    """What tells one release from the next: the pointer is another file for each."""
    try:
        found = (settings().models / POINTER).stat()
    except OSError:  # nothing was trained yet
        return 0, 0
    return found.st_ino, found.st_mtime_ns


@lru_cache(maxsize=1)
def _articles(folder: Path, release: tuple[int, int]) -> dict[str, Article]:
    return {
        article.slug: article
        for article in read_articles(folder)
        if not all(section.draft for section in article.sections)
    }


async def show_list(request: Request) -> Response:
    """All articles."""
    return render(request, "articles.html", articles=articles().values())


async def show_article(request: Request) -> Response:
    """One article with its sources; drafts stay out."""
    article = articles().get(request.path_params["slug"])
    if article is None:
        raise HTTPException(404)
    shown = {
        passage.id.partition("#")[2]: passage for passage in passages([article]) if not is_blocked(passage)
    }
    sections = [
        (section, Markup(_markdown.render(section.text)), caution_for([shown[section.id]]))
        for section in article.sections  # html is off in Markdown, so the text is escaped
        if not section.draft and section.id in shown
    ]
    text = " ".join(section.text for section, *_ in sections)
    return render(
        request, "article.html", article=article, sections=sections, notice=notice(article.topics, text)
    )
