"""Large headers are refused before anything reads them."""

from __future__ import annotations

import time
from http.cookies import SimpleCookie

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from web.header_limit import LARGEST_HEADERS, HeaderLimit

OF_TEST_CLIENT = 4 * 1024
"""Bytes: more than what the client sends of its own."""


def slow_cookie(size: int) -> str:
    """A cookie that Python before 3.10.15 takes a time for that grows with its square."""
    return 'a="' + "\\" * size + '"'


@pytest.mark.parametrize("path", ["/", "/gezond", "/nergens", "/static/x"])
def test_a_large_cookie_is_refused_whatever_is_asked_for(client: TestClient, path: str) -> None:
    refused = client.get(path, headers={"Cookie": slow_cookie(60_000)})

    assert refused.status_code == 431
    assert "Wis de cookies" in refused.text
    assert refused.headers["X-Content-Type-Options"] == "nosniff"


def test_many_small_headers_count_together(client: TestClient) -> None:
    headers = {f"x-{number}": "y" * 90 for number in range(100)}
    assert client.get("/gezond", headers=headers).status_code == 431


def test_what_a_browser_sends_passes(client: TestClient) -> None:
    headers = {"Cookie": "a=" + "b" * (LARGEST_HEADERS - OF_TEST_CLIENT)}
    assert client.get("/gezond", headers=headers).status_code == 200


def test_the_limit_is_exact(client: TestClient) -> None:
    own = client.get("/gezond").request.headers.raw
    left = LARGEST_HEADERS - sum(len(name) + len(value) + 4 for name, value in own)
    for more, status in ((0, 200), (1, 431)):
        assert client.get("/gezond", headers={"x": "y" * (left - 5 + more)}).status_code == status


def test_what_reads_cookies_never_sees_the_slow_one() -> None:
    def page(request: Request) -> PlainTextResponse:
        SimpleCookie().load(request.headers.get("cookie", ""))
        return PlainTextResponse("fine")

    app = Starlette(routes=[Route("/", page)], middleware=[Middleware(HeaderLimit)])
    started = time.perf_counter()
    assert TestClient(app).get("/", headers={"Cookie": slow_cookie(60_000)}).status_code == 431
    assert time.perf_counter() - started < 1.0
