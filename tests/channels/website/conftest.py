"""The routes of the website, with something that keeps messages in place of Rasa."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from rasa.core.channels.channel import UserMessage

from channels.website import WebsiteChannel, channel
from channels.website.consent import consent
from kalm.settings import settings
from storage.database import Database
from storage.erasure import delete_conversations
from storage.messages import messages_of, store
from storage.schema import messages
from storage.turn import current_turn
from tests.channels.serving import served
from tests.storage.test_messages import bot, user

OWN = "http://localhost:8000"
OFFERED = "Wat is ferritine?"


class Rasa:
    """Stands in for Rasa and its tracker store.

    Attributes:
        heard: texts that reached it.
        fails: whether the next messages get nothing.
        slow: seconds that an answer takes.
    """

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.fails = False
        self.slow = 0.0

    async def __call__(self, message: UserMessage) -> None:
        self.heard.append(message.text)
        await asyncio.sleep(self.slow)
        if self.fails:
            return
        payload = {"kind": "answer", "message": message.text, "suggestions": [{"payload": OFFERED}]}
        await message.output_channel.send_custom_json(message.sender_id, payload)
        await asyncio.to_thread(self._keep, message, payload)

    def _keep(self, message: UserMessage, payload: dict[str, Any]) -> None:
        database = Database(settings().database_url)
        with database.writing() as connection:
            if message.text == "ja, wis alles":
                delete_conversations(connection, [message.sender_id])
                current_turn().saved, current_turn().kind = True, "privacy"
                return
            last = connection.scalar(
                sa.select(sa.func.max(messages.c.number)).where(
                    messages.c.conversation_id == message.sender_id
                )
            )
            said = messages_of([user(message.text), bot(**payload)])
            now = current_turn()
            now.number = store(connection, message.sender_id, said, last or 0, 5)
            assert now.also_keep is not None
            now.also_keep(connection, [{"custom": payload}])
        database.close()
        now.saved, now.kind = True, "answer"


class Site:
    """The running routes, for a visitor with a session."""

    def __init__(self, place: str, rasa: Rasa) -> None:
        self.place, self.rasa = place, rasa
        self.token = ""

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Origin": OWN, "Connection": "close", **options.pop("headers", {})}
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        with httpx.Client(transport=httpx.HTTPTransport(uds=self.place), base_url="http://bot") as client:
            return client.request(method, f"/website{path}", headers=headers, timeout=20, **options)

    def begin(self) -> Site:
        visitor = Site(self.place, self.rasa)
        visitor.token = visitor.ask("POST", "/session", json={"consent": consent().id}).json()["token"]
        return visitor

    def say(self, text: str, id_: str = "", **others: Any) -> httpx.Response:
        return self.ask("POST", "/messages", json={"id": id_ or uuid.uuid4().hex, "text": text, **others})

    def history(self, after: int = 0) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("GET", f"/messages?after={after}").json()["messages"]
        return found


@pytest.fixture(scope="module")
def running(own_database: Path) -> Iterator[Site]:
    rasa = Rasa()
    with served("website", WebsiteChannel().blueprint(rasa)) as place:
        yield Site(place, rasa)


@pytest.fixture
def visitor(running: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A visitor of whom the address asked nothing yet."""
    monkeypatch.setattr(channel, "address_of", lambda request: address)
    address = uuid.uuid4().hex
    running.rasa.heard.clear()
    running.rasa.fails, running.rasa.slow = False, 0.0
    return running.begin()
