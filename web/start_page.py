"""The start page: what runs, and a first conversation with the bot."""

from __future__ import annotations

import json
import uuid
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kalm import answering
from kalm.articles import passages
from kalm.sentences import sentences
from kalm.settings import settings
from web.article_pages import articles
from web.pages import render

LONGEST_BODY = 16 * 1024
"""Bytes of a request."""


async def show(request: Request) -> Response:
    """The page itself."""
    return render(
        request,
        "start.html",
        starters=sentences().starters,
        disclaimer=sentences().disclaimer_long,
        conversation=uuid.uuid4().hex,
    )


async def status(request: Request) -> Response:
    """What runs, for the page to show: each part with whether it answers."""
    client: httpx.AsyncClient = request.app.state.client
    return JSONResponse(
        {
            "bot": await _answers(client, f"{settings().bot_url}/"),
            "actions": await _answers(client, f"{settings().actions_url}/health"),
            "passages": _passages(),
        }
    )


async def converse(request: Request) -> Response:
    """Hand a message to the bot and give its replies back; an apology when it does not answer."""
    if int(request.headers.get("content-length") or LONGEST_BODY + 1) > LONGEST_BODY:
        return JSONResponse({"error": "Het bericht is te groot."}, status_code=413)
    body = await request.body()
    try:
        message = _message(body)
    except ValueError as error:
        return JSONResponse({"error": str(error)}, status_code=400)
    client: httpx.AsyncClient = request.app.state.client
    try:
        answer = await client.post(f"{settings().bot_url}/webhooks/rest/webhook", json=message)
        answer.raise_for_status()
        replies = answer.json()
    except (httpx.HTTPError, ValueError):
        failed = answering.failure()
        replies = [{"text": failed.text}, {"custom": failed.payload}]
    return JSONResponse(replies)


def _message(body: bytes) -> dict[str, str]:
    """The fields of a message.

    Raises:
        ValueError: with what is wrong, in Dutch.
    """
    try:
        data: Any = json.loads(body) if len(body) <= LONGEST_BODY else None
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise ValueError("Het bericht is te groot of geen geldige JSON.")
    sender, text = data.get("sender"), data.get("message")
    if not isinstance(sender, str) or not isinstance(text, str):
        raise ValueError("Het bericht mist 'sender' of 'message'.")
    return {"sender": sender, "message": text}


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url, timeout=2)).status_code == 200
    except httpx.HTTPError:
        return False


def _passages() -> int:
    return len(passages(list(articles().values())))
