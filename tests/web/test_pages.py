"""The web app's pages, without the other servers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from kalm.pointer import Release, publish
from kalm.sentences import sentences
from kalm.settings import ROOT, load_settings, settings
from web import create_app
from web.article_pages import articles

SLUG = "rls-ijzer-zwangerschap-kinderen"


def test_article_page_shows_sections_and_sources_but_no_draft(client: TestClient) -> None:
    page = client.get(f"/artikelen/{SLUG}").text
    assert 'id="kinderen"' in page
    assert "geen medisch advies" in page
    assert "https://" in page
    assert 'id="kind-supplement"' not in page, "a section with status: concept"


def test_article_page_on_magnesium_names_the_shops_interest(client: TestClient) -> None:
    assert sentences().notice_magnesium in client.get("/artikelen/magnesiumtekort").text


def test_unknown_article_is_a_friendly_404(client: TestClient) -> None:
    answer = client.get("/artikelen/bestaat-niet")
    assert answer.status_code == 404
    assert "bestaat niet" in answer.text


def test_every_page_forbids_foreign_scripts(client: TestClient) -> None:
    for path in ("/", "/artikelen", f"/artikelen/{SLUG}", "/static/status.js", "/nergens"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "require-trusted-types-for 'script'" in policy
        assert "unsafe" not in policy


@pytest.mark.usefixtures("no_articles")
def test_a_page_that_fails_is_dutch_and_carries_the_same_headers() -> None:
    with TestClient(create_app(), raise_server_exceptions=False) as client:
        failed, fine = client.get("/artikelen"), client.get("/gezond")

    assert failed.status_code == 500
    assert "Er ging iets mis" in failed.text
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"):
        assert failed.headers[name] == fine.headers[name]


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
    try:
        assert client.get(f"/artikelen/{SLUG}").status_code == 404
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_pages_change_when_a_release_goes_live_and_not_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, client: TestClient
) -> None:
    folder, models = tmp_path / "articles", tmp_path / "models"
    shutil.copytree(ROOT / "data" / "articles", folder)
    models.mkdir()
    page = folder / f"{SLUG}.md"
    text = page.read_text(encoding="utf-8")
    monkeypatch.setenv("KALM_ARTICLES", str(folder))
    monkeypatch.setenv("KALM_MODELS", str(models))
    settings.cache_clear()
    try:
        title = articles()[SLUG].title
        page.write_text(text.replace(title, "Een nieuwe titel"), encoding="utf-8")
        assert "Een nieuwe titel" not in client.get("/artikelen").text
        for name in ("een", "twee"):
            publish(Release(models / f"kalm-{name}.tar.gz", models / f"index-{name}"))
            assert "Een nieuwe titel" in client.get("/artikelen").text
        page.write_text(text, encoding="utf-8")
        publish(Release(models / "kalm-een.tar.gz", models / "index-een"))
        assert title in client.get("/artikelen").text
    finally:
        monkeypatch.undo()
        settings.cache_clear()


PRODUCTS = "/artikelen/restless-legs-en-magnesium"


def test_article_says_who_asks_a_doctor_first(client: TestClient) -> None:
    assert "Let op: vraag eerst je huisarts of apotheker als" in client.get(PRODUCTS).text


@pytest.mark.parametrize(("claims", "shown"), [("gewoon", True), ("streng", False)])
def test_experiences_are_withheld_from_the_pages_too(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, claims: str, shown: bool
) -> None:
    monkeypatch.setattr("kalm.showing.settings", lambda: load_settings(claims=claims))
    page = client.get(PRODUCTS).text
    assert ('id="drie-producten"' in page) is shown
    assert 'id="wat-is-rls"' in page
