"""The script of the chat element, and the pages that carry it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from kalm.settings import load_settings
from web.chat_element import chat_server

PAGES = ("/", "/winkel", "/winkel/magnesiumvlokken")


def test_the_script_is_javascript_that_other_sites_may_load(client: TestClient, element: Path) -> None:
    answer = client.get("/kalm.js")

    assert answer.status_code == 200
    assert answer.text == element.read_text(encoding="utf-8")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.usefixtures("element")
def test_the_script_travels_compressed_where_the_browser_takes_that(client: TestClient) -> None:
    small, whole = (
        client.get("/kalm.js", headers={"Accept-Encoding": coding}) for coding in ("gzip", "identity")
    )

    assert small.headers["Content-Encoding"] == "gzip"
    assert int(small.headers["Content-Length"]) < int(whole.headers["Content-Length"]) / 10
    assert small.text == whole.text
    assert small.headers["Vary"] == whole.headers["Vary"] == "Accept-Encoding"


@pytest.mark.usefixtures("element")
def test_a_head_request_gets_the_headers_alone(client: TestClient) -> None:
    head, whole = client.head("/kalm.js"), client.get("/kalm.js")

    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["ETag"] == whole.headers["ETag"]


def test_a_script_that_is_known_is_not_sent_again_until_it_changes(client: TestClient, element: Path) -> None:
    tag = client.get("/kalm.js").headers["ETag"]
    known = {"If-None-Match": f'"another", {tag}'}

    unchanged = client.get("/kalm.js", headers=known)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["ETag"] == tag
    assert unchanged.headers["Cross-Origin-Resource-Policy"] == "cross-origin"

    element.write_text("// another build\n", encoding="utf-8")
    changed = client.get("/kalm.js", headers=known)
    assert (changed.status_code, changed.text) == (200, "// another build\n")


@pytest.mark.usefixtures("no_element")
def test_without_a_build_the_answer_is_a_comment_that_says_what_to_do(client: TestClient) -> None:
    answer = client.get("/kalm.js")

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.text.startswith("/*")
    assert answer.text.endswith("*/\n")
    assert "install Node 20.19 or newer and run 'make setup'" in answer.text


def test_only_get_and_head_are_taken(client: TestClient) -> None:
    assert client.post("/kalm.js").status_code == 405


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.usefixtures("element")
def test_a_page_with_the_chat_has_its_one_line_and_may_talk_to_the_bot(client: TestClient, path: str) -> None:
    page = client.get(path, headers={"Host": "localhost:8000"})

    line = '<script src="/kalm.js" data-server="http://localhost:5005" defer></script>'
    assert page.text.count(line) == page.text.count("kalm.js") == 1
    policy = page.headers["Content-Security-Policy"]
    assert "; connect-src 'self' http://localhost:5005; " in policy
    assert "require-trusted-types-for 'script'; trusted-types lit-html 'allow-duplicates'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.usefixtures("no_element")
def test_without_a_build_no_page_asks_for_it(client: TestClient, path: str) -> None:
    assert "kalm.js" not in client.get(path).text


@pytest.mark.parametrize("path", ["/artikelen", "/privacy", "/nergens"])
@pytest.mark.usefixtures("element")
def test_other_pages_talk_to_nobody(client: TestClient, path: str) -> None:
    page = client.get(path)
    assert "kalm.js" not in page.text
    assert "; connect-src 'self'; " in page.headers["Content-Security-Policy"]


def server(monkeypatch: pytest.MonkeyPatch, host: str | None, **chosen: Any) -> str:
    """The bot server's address for a page that was asked for under a host."""
    monkeypatch.setattr("web.chat_element.settings", lambda: load_settings(**chosen))
    headers = [] if host is None else [(b"host", host.encode("latin-1"))]
    return chat_server(Request({"type": "http", "headers": headers}))


@pytest.mark.parametrize(
    ("host", "chosen", "expected"),
    [
        ("localhost:8000", {}, "http://localhost:5005"),
        ("127.0.0.1:8000", {}, "http://127.0.0.1:5005"),
        ("127.0.0.1:8001", {"web_port": 8001, "bot_port": 5006}, "http://127.0.0.1:5006"),
        ("kalm.nl", {"public_url": "http://kalm.nl"}, "http://kalm.nl:5005"),
        ("kalm.nl", {"public_url": "https://kalm.nl/pad"}, "http://kalm.nl:5005"),
        ("x", {"public_url": "http://[2001:db8::1]:8000"}, "http://[2001:db8::1]:5005"),
        ("localhost:8000", {"public_bot_url": "https://bot.kalm.nl/"}, "https://bot.kalm.nl"),
        ("kwaad.example", {"public_bot_url": "https://bot.kalm.nl"}, "https://bot.kalm.nl"),
    ],
)
def test_the_bot_is_where_the_settings_say_or_beside_the_page(
    monkeypatch: pytest.MonkeyPatch, host: str, chosen: dict[str, Any], expected: str
) -> None:
    assert server(monkeypatch, host, **chosen) == expected


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "kwaad.example",
        "localhost:80; script-src *",
        "localhost:8000@kwaad.example",
        "[::1",
        "é",
        "/",
    ],
)
def test_a_host_that_nobody_set_is_never_repeated(monkeypatch: pytest.MonkeyPatch, host: str | None) -> None:
    assert server(monkeypatch, host) == "http://localhost:5005"


@pytest.mark.usefixtures("element")
def test_the_policy_names_the_origin_without_the_path(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "web.chat_element.settings", lambda: load_settings(public_bot_url="https://kalm.nl/bot")
    )
    page = client.get("/winkel")

    assert "; connect-src 'self' https://kalm.nl; " in page.headers["Content-Security-Policy"]
    assert 'data-server="https://kalm.nl/bot"' in page.text
