"""Rasa's HTTP API, which reads conversations and loads models, is not there: nothing can switch it on."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from rasa.server import create_app

from kalm.settings import ROOT
from tests.e2e.conftest import Servers

pytestmark = pytest.mark.e2e


def routes_of_the_api() -> list[tuple[str, str]]:
    """Each route of Rasa's server with its API, as method and address."""
    found = {
        (method, re.sub(r"<[^>]+>", "x", f"/{route.path.lstrip('/')}"))
        for route in create_app().router.routes
        for method in route.methods
    }
    return sorted(found - {("GET", "/"), ("OPTIONS", "/")})


def test_no_route_of_the_api_is_there(servers: Servers) -> None:
    routes = routes_of_the_api()
    names = {address for _, address in routes}
    assert {"/model", "/model/train", "/model/parse", "/domain", "/status", "/version"} <= names
    assert {"/conversations/x/messages", "/conversations/x/tracker"} <= names
    with httpx.Client(base_url=servers.bot_url, timeout=20) as client:
        answers = {
            f"{method} {address}": client.request(method, address, params={"token": "x"}).status_code
            for method, address in routes
        }
    assert set(answers.values()) == {404}, answers


def test_nothing_switches_it_on() -> None:
    started = (ROOT / "commands" / "serve.py").read_text(encoding="utf-8")
    assert re.findall(r"enable_api=(\w+)", started) == ["False"]


def test_a_body_for_no_route_is_not_read_to_its_end(servers: Servers) -> None:
    """Sanic itself reads up to 100 MB of it."""
    for method, address in (("GET", "/"), ("POST", "/nowhere"), ("POST", "/webhooks/rest/webhook")):
        taken = 0

        def pieces() -> Iterator[bytes]:
            nonlocal taken
            for _ in range(2048):
                taken += 8192
                yield b"x" * 8192

        try:
            answer = httpx.request(method, f"{servers.bot_url}{address}", content=pieces(), timeout=20)
            assert answer.status_code in (200, 404, 413)
        except httpx.TransportError:  # closed while it was still being sent
            pass
        assert taken < 8 * 2**20, (method, address)
