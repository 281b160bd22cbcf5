"""The website's channel on the real servers."""

from __future__ import annotations

import uuid
from base64 import urlsafe_b64decode
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import Servers, Visitor

pytestmark = pytest.mark.e2e


class Page:
    """A page of the shop with a visitor on it."""

    def __init__(self, servers: Servers) -> None:
        self.url = f"{servers.bot_url}/webhooks/website"
        self.headers: dict[str, str] = {}
        agreed = {"consent": self.ask("GET", "/configuration").json()["consent"]["id"]}
        self.headers["Authorization"] = f"Bearer {self.ask('POST', '/session', json=agreed).json()['token']}"

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        return httpx.request(method, self.url + path, headers=self.headers, timeout=30, **options)

    def say(self, text: str, id_: str = "", **others: Any) -> dict[str, Any]:
        answered = self.ask("POST", "/messages", json={"id": id_ or uuid.uuid4().hex, "text": text, **others})
        assert answered.status_code == 200, answered.text
        said: dict[str, Any] = answered.json()
        return said


@pytest.fixture
def page(servers: Servers) -> Page:
    return Page(servers)


def test_a_whole_conversation(page: Page) -> None:
    first = page.say("wat zijn rusteloze benen")
    (reply,) = first["replies"]
    assert (reply["kind"], reply["passages"][0]["url"].startswith("http")) == ("answer", True)
    assert "geen medisch advies" in reply["disclaimer"]
    pressed = page.say(reply["suggestions"][0]["payload"], chosen=True)
    assert pressed["number"] == 2
    assert page.say("dank je")["replies"][0]["kind"] == "small_talk"
    history = page.ask("GET", "/messages").json()["messages"]
    assert history[:2] == [first, pressed]
    judged = page.ask("POST", "/feedback", json={"number": 1, "helped": True})
    assert judged.status_code == 204
    assert page.ask("DELETE", "/conversation").json()["receipt"].startswith("K-")
    assert page.ask("GET", "/messages").json()["messages"] == []


def test_the_same_message_twice_gives_the_same_reply(page: Page) -> None:
    assert page.say("wat is ferritine", "eenzelfde-id") == page.say("wat is ferritine", "eenzelfde-id")


def test_forgetting_by_words_ends_the_conversation(page: Page) -> None:
    page.say("wat is ferritine")
    page.say("vergeet mij")
    erased = page.say("ja, wis dit gesprek")
    assert (erased["number"], erased["replies"][0]["kind"]) == (0, "privacy")
    assert page.ask("GET", "/messages").json()["messages"] == []


def test_danger_gets_its_number(page: Page) -> None:
    (reply,) = page.say("ik heb ineens pijn op de borst")["replies"]
    assert (reply["kind"], "112" in reply["numbers"]) == ("emergency", True)


def test_the_sender_of_a_session_is_another_sender_over_rest(servers: Servers, page: Page) -> None:
    page.say("wat is ferritine")
    sender = urlsafe_b64decode(page.headers["Authorization"].split()[1])[:16].hex()
    Visitor(servers, sender=sender).say("wat is augmentatie")
    assert [message["text"] for message in page.ask("GET", "/messages").json()["messages"]] == [
        "wat is ferritine"
    ]
