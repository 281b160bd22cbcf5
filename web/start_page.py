"""The start page: where to try the chat, and what runs."""

from __future__ import annotations

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kalm import logs
from kalm.articles import ArticleError, passages
from kalm.going_live import actions_url
from kalm.settings import settings
from web.article_pages import articles
from web.chat_element import is_built, render_with_chat


async def show(request: Request) -> Response:
    """The page itself."""
    return render_with_chat(request, "start.html")


async def status(request: Request) -> Response:
    """What runs, for the page to show: each part with whether it answers, and how many passages there are.

    ``chat`` tells whether the chat element is built; ``passages`` is null when the articles cannot be read.
    """
    client: httpx.AsyncClient = request.app.state.client
    return JSONResponse(
        {
            "bot": await _answers(client, f"{settings().bot_url}/"),
            "actions": await _answers(client, f"{actions_url()}/health"),
            "database": await _answers(client, f"{settings().bot_url}/webhooks/rest/ready"),
            "chat": is_built(),
            "passages": _passages(),
        }
    )


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).status_code == 200
    except httpx.HTTPError:
        return False


def _passages() -> int | None:
    try:
        return len(passages(list(articles().values())))
    except (ArticleError, OSError) as error:
        logs.failure("the articles cannot be read; 'kalm check' says why", error)
        return None
