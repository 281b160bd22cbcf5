"""The start page: what runs, and a first conversation with the bot."""

from __future__ import annotations

import uuid

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kalm import fixed_replies, logs
from kalm.articles import ArticleError, Evidence, passages
from kalm.limits import LONGEST_BODY, TOO_LARGE
from kalm.sentences import sentences
from kalm.settings import settings
from web.article_pages import articles
from web.pages import render


async def show(request: Request) -> Response:
    """The page itself."""
    return render(
        request,
        "start.html",
        starters=sentences().starters,
        disclaimer=sentences().disclaimer_long,
        conversation=uuid.uuid4().hex,
        evidence={kind.value: kind.in_words for kind in Evidence},
    )


async def status(request: Request) -> Response:
    """What runs, for the page to show: each part with whether it answers, and how many passages there are.

    ``passages`` is null when the articles cannot be read.
    """
    client: httpx.AsyncClient = request.app.state.client
    return JSONResponse(
        {
            "bot": await _answers(client, f"{settings().bot_url}/"),
            "actions": await _answers(client, f"{settings().actions_url}/health"),
            "database": await _answers(client, f"{settings().bot_url}/webhooks/rest/ready"),
            "passages": _passages(),
        }
    )


async def converse(request: Request) -> Response:
    """Hand a message to the bot and give back what it says: its replies, or why it refuses the message.

    The bytes go on as they came: the bot's own channel is the one place that judges a message. When it does
    not answer, or answers something that a visitor has no use for, the visitor gets an apology.
    """
    body = await _read_body(request)
    if body is None:
        return JSONResponse({"error": TOO_LARGE}, status_code=413)
    client: httpx.AsyncClient = request.app.state.client
    try:
        answer = await client.post(
            f"{settings().bot_url}/webhooks/rest/webhook",
            content=body,
            headers={"Content-Type": "application/json"},
        )
        said = answer.json()
    except (httpx.HTTPError, ValueError):
        return _apology()
    if answer.is_success and isinstance(said, list):
        return JSONResponse(said)
    # Without "error" it is no judgement of the channel: a bot server without it answers 404, for example.
    if answer.is_client_error and isinstance(said, dict) and isinstance(said.get("error"), str):
        return JSONResponse({"error": said["error"]}, status_code=answer.status_code)
    return _apology()


async def _read_body(request: Request) -> bytes | None:
    """The body; None when it is larger than ``LONGEST_BODY``, of which no more is read than shows it."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST_BODY:
            return None
    return bytes(body)


def _apology() -> Response:
    failed = fixed_replies.failure()
    return JSONResponse([{"text": failed.text}, {"custom": failed.payload}])


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url, timeout=2)).status_code == 200
    except httpx.HTTPError:
        return False


def _passages() -> int | None:
    try:
        return len(passages(list(articles().values())))
    except (ArticleError, OSError) as error:
        logs.failure("the articles cannot be read; 'kalm check' says why", error)
        return None
