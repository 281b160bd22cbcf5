"""The page that tells visitors what happens with what they type."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from kalm.reply import numbers
from kalm.settings import load_settings
from web.article_pages import articles


@pytest.fixture
def page_with(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """The page as it is with some settings, its words with single spaces between them."""

    def page(**chosen: Any) -> str:
        monkeypatch.setattr("web.privacy_page.settings", lambda: load_settings(**chosen))
        return " ".join(client.get("/privacy").text.split())

    return page


def test_it_tells_the_days_of_the_settings(page_with: Callable[..., str]) -> None:
    page = page_with(conversation_days=21, review_days=77, log_days=5)
    assert "bewaren we 21 dagen." in page
    assert "Ze gaan weg 77 dagen nadat je ze typte." in page
    assert "In een logboek staat 5 dagen dat" in page
    assert set(re.findall(r"(\d+) dag", page)) == {"21", "77", "5"}


def test_a_day_is_no_days(page_with: Callable[..., str]) -> None:
    page = page_with(conversation_days=1, review_days=2, log_days=1)
    assert "bewaren we 1 dag." in page
    assert "1 dagen" not in page


@pytest.mark.parametrize("review_days", [0, 29, 30])
def test_messages_that_go_with_their_conversation_are_never_loose(
    page_with: Callable[..., str], review_days: int
) -> None:
    page = page_with(conversation_days=30, review_days=review_days)
    assert "bewaren we 30 dagen." in page
    assert "losse berichten" not in page


def test_it_names_the_shop_and_how_to_reach_it(page_with: Callable[..., str]) -> None:
    page = page_with(shop_name="Zout & Zo <b>", contact="op 010 123 45 67")
    assert "Medewerkers van Zout &amp; Zo &lt;b&gt;, en" in page
    assert "Je bereikt een medewerker op 010 123 45 67." in page


def test_numbers_of_help_can_be_pressed(page_with: Callable[..., str]) -> None:
    page = page_with()
    assert "geen medisch advies" in page
    links = {text: address for address, text in re.findall(r'<a href="(tel:[^"]+)">([^<]+)</a>', page)}
    assert {"112", "113", "0800-0113", "1813"} == set(links)
    assert links == numbers(" ".join(links))


def test_it_is_dutch_and_calm(page_with: Callable[..., str]) -> None:
    page = page_with()
    assert '<html lang="nl">' in page
    assert "!" not in re.sub(r"<[^>]*>", "", page)


def test_it_carries_the_headers_and_loads_nothing_from_elsewhere(client: TestClient) -> None:
    answer = client.get("/privacy")
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "set-cookie" not in answer.headers
    assert not re.search(r'<(?:script|img|iframe)\b|(?:src|style)="', answer.text)


@pytest.mark.parametrize(
    "path",
    ["/", "/artikelen", "/artikelen/{first}", "/privacy", "/winkel", "/winkel/magnesiumvlokken", "/nergens"],
)
def test_every_page_leads_to_it(client: TestClient, path: str) -> None:
    page = client.get(path.format(first=next(iter(articles())))).text
    assert re.search(r'<footer[^>]*>.*href="/privacy".*</footer>', page, re.DOTALL)


def test_it_tells_of_whatsapp_where_that_is_on(page_with: Callable[..., str]) -> None:
    on = {
        "whatsapp_phone_number_id": "1",
        "whatsapp_access_token": "token",
        "whatsapp_app_secret": "secret",
        "whatsapp_verify_token": "word",
    }
    assert "langs Meta" in page_with(**on)
    assert "Meta" not in page_with()
    assert "Meta" not in page_with(**{**on, "whatsapp_app_secret": ""})
