"""The web app's pages, without the other servers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from kalm.settings import ROOT, settings
from web import create_app
from web.article_pages import articles

SLUG = "rls-ijzer-zwangerschap-kinderen"


def refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("gone", request=request)


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(create_app(httpx.AsyncClient(transport=httpx.MockTransport(refuse)))) as client:
        yield client


def test_start_page_is_dutch_says_it_is_a_chatbot_and_offers_questions(client: TestClient) -> None:
    page = client.get("/").text
    assert '<html lang="nl">' in page
    assert "chatbot" in page
    assert "geen medisch advies" in page
    assert 'data-payload="Wat zijn rusteloze benen?"' in page


def test_article_page_shows_sections_and_sources_but_no_draft(client: TestClient) -> None:
    page = client.get(f"/artikelen/{SLUG}").text
    assert 'id="kinderen"' in page
    assert "geen medisch advies" in page
    assert "https://" in page
    assert 'id="kind-supplement"' not in page, "a section with status: concept"


def test_unknown_article_is_a_friendly_404(client: TestClient) -> None:
    answer = client.get("/artikelen/bestaat-niet")
    assert answer.status_code == 404
    assert "bestaat niet" in answer.text


def test_every_page_forbids_foreign_scripts(client: TestClient) -> None:
    for path in ("/", "/artikelen", f"/artikelen/{SLUG}", "/static/start.js", "/nergens"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_without_the_bot_the_visitor_hears_an_apology(client: TestClient) -> None:
    replies = client.post("/gesprek", json={"sender": "a", "message": "hoi"}).json()
    assert replies[1]["custom"]["kind"] == "failure"
    assert "geen medisch advies" in replies[0]["text"]


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b'{"sender": "a"}', b'{"sender": 1, "message": "x"}'])
def test_a_message_that_cannot_be_read_is_refused_in_dutch(client: TestClient, body: bytes) -> None:
    answer = client.post("/gesprek", content=body)
    assert answer.status_code == 400
    assert "bericht" in answer.json()["error"]


def test_a_message_that_is_too_large_is_refused(client: TestClient) -> None:
    assert client.post("/gesprek", content=b"x" * 20_000).status_code == 413


def test_an_article_of_drafts_alone_is_not_public(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, client: TestClient
) -> None:
    folder = tmp_path / "articles"
    shutil.copytree(ROOT / "data" / "articles", folder)
    text = (
        (folder / f"{SLUG}.md").read_text(encoding="utf-8").replace("\nvragen:", "\nstatus: concept\nvragen:")
    )
    (folder / f"{SLUG}.md").write_text(text, encoding="utf-8")
    monkeypatch.setenv("KALM_ARTICLES", str(folder))
    settings.cache_clear()
    articles.cache_clear()
    try:
        assert client.get(f"/artikelen/{SLUG}").status_code == 404
    finally:
        monkeypatch.undo()
        settings.cache_clear()
        articles.cache_clear()
