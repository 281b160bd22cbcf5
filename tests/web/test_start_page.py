"""The start page: where to try the chat, and what runs."""

from __future__ import annotations

import re

import httpx
import pytest
from starlette.testclient import TestClient

from kalm.settings import ROOT, settings
from web import create_app


def test_it_is_dutch_says_it_is_a_chatbot_and_leads_to_the_shop(client: TestClient) -> None:
    page = client.get("/").text
    assert '<html lang="nl">' in page
    assert "chatbot" in page
    assert "geen medisch advies" in page
    assert re.search(r'href="/winkel">Probeer het in de voorbeeldwinkel<', page)


def test_it_leads_to_the_articles_and_tells_what_is_kept(client: TestClient) -> None:
    main = re.search(r"<main.*</main>", client.get("/").text, re.DOTALL)
    assert main is not None
    assert 'href="/artikelen"' in main[0]
    assert 'href="/privacy"' in main[0]


def test_the_old_conversation_is_gone(client: TestClient) -> None:
    assert client.post("/gesprek", content=b'{"sender": "a", "message": "hoi"}').status_code == 404


@pytest.mark.usefixtures("no_element")
def test_the_status_tells_what_answers_and_how_many_passages_there_are(client: TestClient) -> None:
    status = client.get("/toestand").json()
    assert status.pop("passages") > 100
    assert status == {"bot": False, "actions": False, "database": False, "chat": False}


@pytest.mark.usefixtures("element")
def test_the_status_tells_that_all_runs() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200)

    with TestClient(create_app(httpx.AsyncClient(transport=httpx.MockTransport(answer)))) as client:
        status = client.get("/toestand").json()

    assert [status[part] for part in ("bot", "actions", "database", "chat")] == [True] * 4
    bot, actions = settings().bot_url, settings().actions_url
    assert asked == [f"{bot}/", f"{actions}/health", f"{bot}/webhooks/rest/ready"]


@pytest.mark.usefixtures("no_articles", "element")
def test_the_status_tells_that_the_articles_cannot_be_read(client: TestClient) -> None:
    answer = client.get("/toestand")
    assert answer.status_code == 200
    assert answer.json() == {
        "bot": False,
        "actions": False,
        "database": False,
        "chat": True,
        "passages": None,
    }


@pytest.mark.usefixtures("no_element")
def test_the_page_has_a_place_for_each_part_of_the_status_and_the_script_knows_it(client: TestClient) -> None:
    parts = set(re.findall(r'data-part="(\w+)"', client.get("/").text))
    script = (ROOT / "web" / "static" / "status.js").read_text(encoding="utf-8")
    assert parts == set(client.get("/toestand").json())
    assert set(re.findall(r"^  (\w+): ", script, re.MULTILINE)) == parts - {"passages"}
