"""What the start page does with a message: how it reaches the bot, and what comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from starlette.testclient import TestClient

from kalm.limits import LONGEST_BODY
from web import create_app

Answer = Callable[[httpx.Request], httpx.Response]


def post(answer: Answer, body: bytes) -> httpx.Response:
    """Post a message to a web app whose bot answers like this."""
    bot = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    with TestClient(create_app(bot)) as client:
        return client.post("/gesprek", content=body)


def is_apology(answer: httpx.Response) -> bool:
    text, data = answer.json()
    return (
        answer.status_code == 200
        and "geen medisch advies" in text["text"]
        and data["custom"]["kind"] == "failure"
    )


@pytest.mark.parametrize(
    "body",
    [
        b'{"sender": "a", "message": "hoi"}',
        b'{"sender": "a", "message": "hoi \\ud83d"}',  # half an emoji, which cannot be written as UTF-8
        b'{"message": 7}',
        b"geen json \xff",
        b"",
        b"x" * LONGEST_BODY,
    ],
)
def test_a_message_reaches_the_bot_byte_for_byte(body: bytes) -> None:
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((request.url.path, request.headers["Content-Type"], request.content))
        return httpx.Response(200, json=[{"text": "hoi"}])

    assert post(answer, body).json() == [{"text": "hoi"}]
    assert seen == [("/webhooks/rest/webhook", "application/json", body)]


@pytest.mark.parametrize("status", [400, 413])
def test_why_the_bot_refuses_a_message_is_passed_on(status: int) -> None:
    refused = post(lambda request: httpx.Response(status, json={"error": "Dit kan niet.", "x": 1}), b"x")

    assert refused.status_code == status
    assert refused.json() == {"error": "Dit kan niet."}


def gone(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("gone", request=request)


def silent(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("silent", request=request)


@pytest.mark.parametrize(
    "answer",
    [
        gone,
        silent,
        lambda request: httpx.Response(500, json={"error": "Internal Server Error"}),
        lambda request: httpx.Response(404, json={"status": "failure", "message": "no such page"}),
        lambda request: httpx.Response(404, text="Not found"),
        lambda request: httpx.Response(400, json=["error"]),
        lambda request: httpx.Response(200, text="geen json"),
        lambda request: httpx.Response(200, json={"status": "ok"}),
        lambda request: httpx.Response(302, headers={"Location": "https://example.org"}),
    ],
)
def test_when_the_bot_is_gone_or_broken_the_visitor_hears_an_apology(answer: Answer) -> None:
    assert is_apology(post(answer, b'{"sender": "a", "message": "hoi"}'))


def test_a_body_over_the_limit_is_refused_in_dutch_and_does_not_reach_the_bot() -> None:
    refused = post(gone, b"x" * (LONGEST_BODY + 1))

    assert refused.status_code == 413
    assert "16 KB" in refused.json()["error"]


def test_a_chunked_body_is_read_no_further_than_the_limit() -> None:
    taken = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(1000):
            taken += 1
            yield b"x" * 1024

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(create_app())
        async with httpx.AsyncClient(transport=transport, base_url="http://web") as client:
            return await client.post("/gesprek", content=pieces())

    assert asyncio.run(send()).status_code == 413
    assert taken == LONGEST_BODY // 1024 + 1
