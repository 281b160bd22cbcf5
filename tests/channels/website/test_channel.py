"""The routes of the website in a Sanic of their own, with something that keeps messages in place of Rasa."""

from __future__ import annotations

import asyncio
import socket
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from rasa.core.channels.channel import UserMessage
from sanic import Sanic
from sanic.server import AsyncioServer

from channels.website import WebsiteChannel, channel
from channels.website.limits import PER_ADDRESS, PER_SESSION
from kalm.limits import LONGEST_BODY, LONGEST_TEXT
from kalm.settings import settings
from storage.database import Database
from storage.erasure import delete_conversations
from storage.messages import messages_of, store
from storage.schema import feedback, messages
from storage.turn import current_turn
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
            number = store(connection, message.sender_id, said, last or 0, 5)
        database.close()
        current_turn().saved, current_turn().number, current_turn().kind = True, number, "answer"


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
        visitor.token = visitor.ask("POST", "/session").json()["token"]
        return visitor

    def say(self, text: str, id_: str = "", **others: Any) -> httpx.Response:
        return self.ask("POST", "/messages", json={"id": id_ or uuid.uuid4().hex, "text": text, **others})

    def history(self, after: int = 0) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("GET", f"/messages?after={after}").json()["messages"]
        return found


@pytest.fixture(scope="module")
def running(own_database: Path) -> Iterator[Site]:
    rasa = Rasa()
    loop = asyncio.SelectorEventLoop()

    async def start(listening: socket.socket) -> AsyncioServer:
        app = Sanic("test_website", configure_logging=False)
        app.blueprint(WebsiteChannel().blueprint(rasa), url_prefix="/website")
        server = await app.create_server(sock=listening, return_asyncio_server=True)
        assert server is not None
        await server.startup()
        return server

    with TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listening:
        place = f"{folder}/s"  # pytest's own folders have names too long for a socket
        listening.bind(place)
        server = loop.run_until_complete(start(listening))
        thread = Thread(target=loop.run_forever)
        thread.start()
        yield Site(place, rasa)

        async def stop() -> None:
            server.close()
            await server.wait_closed()

        asyncio.run_coroutine_threadsafe(stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
    loop.close()


@pytest.fixture
def visitor(running: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A visitor of whom the address asked nothing yet."""
    monkeypatch.setattr(channel, "_address", lambda request: address)
    address = uuid.uuid4().hex
    running.rasa.heard.clear()
    running.rasa.fails, running.rasa.slow = False, 0.0
    return running.begin()


def test_a_message_is_answered_and_can_be_read_again(visitor: Site) -> None:
    answered = visitor.say("wat is rls", "een-eigen-nummer")
    assert answered.status_code == 200
    message = answered.json()
    assert (message["id"], message["number"], message["text"]) == ("een-eigen-nummer", 1, "wat is rls")
    assert [reply["kind"] for reply in message["replies"]] == ["answer"]
    assert visitor.history() == [message]
    assert visitor.history(after=1) == []


def test_the_same_message_twice_gives_the_same_reply(visitor: Site) -> None:
    assert visitor.say("wat is rls", "twee-keer").json() == visitor.say("wat is rls", "twee-keer").json()
    assert visitor.rasa.heard == ["wat is rls"]


def test_the_same_message_from_eight_tabs_at_once_is_answered_once(visitor: Site) -> None:
    visitor.rasa.slow = 0.3
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: visitor.say("wat is rls", "acht-keer").json(), range(8)))
    assert all(answer == answers[0] for answer in answers)
    assert visitor.rasa.heard == ["wat is rls"]


def test_a_message_that_failed_can_be_sent_again_and_stands_once_in_the_history(visitor: Site) -> None:
    visitor.rasa.fails = True
    failed = visitor.say("wat is rls", "nog-een-keer")
    assert failed.status_code == 503
    error = failed.json()["error"]
    assert (error["code"], error["again"]) == ("unavailable", True)
    assert "geen medisch advies" in error["reply"]["disclaimer"]
    visitor.rasa.fails = False
    assert visitor.say("wat is rls", "nog-een-keer").status_code == 200
    assert [message["id"] for message in visitor.history()] == ["nog-een-keer"]


def test_who_is_in_danger_hears_whom_to_call_when_kalm_fails(visitor: Site) -> None:
    visitor.rasa.fails = True
    error = visitor.say("ik heb ineens pijn op de borst").json()["error"]
    assert error["reply"]["kind"] == "emergency"
    assert "112" in error["message"]


def test_an_answer_that_takes_too_long_is_an_apology_and_comes_at_the_next_try(
    visitor: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "ANSWER_WITHIN", 0.1)
    visitor.rasa.slow = 0.5
    assert visitor.say("wat is rls", "te-laat-dus").status_code == 503
    monkeypatch.setattr(channel, "ANSWER_WITHIN", 8.0)
    assert visitor.say("wat is rls", "te-laat-dus").status_code == 200
    assert visitor.rasa.heard == ["wat is rls"]


def test_another_visitor_reads_nothing_of_it(visitor: Site) -> None:
    visitor.say("wat is rls")
    assert visitor.begin().history() == []


@pytest.mark.parametrize("token", ["x", "x y", "a" * 76])
def test_without_a_session_nothing_is_said(visitor: Site, token: str) -> None:
    refused = visitor.ask("GET", "/messages", headers={"Authorization": f"Bearer {token}"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "session")


def test_a_deleted_conversation_is_gone_and_a_new_one_begins(visitor: Site) -> None:
    visitor.say("wat is rls")
    assert visitor.ask("DELETE", "/conversation").json()["receipt"].startswith("K-")
    assert visitor.history() == []
    assert visitor.ask("DELETE", "/conversation").json() == {"receipt": ""}
    assert visitor.say("hoi").json()["number"] == 1


def test_who_says_to_erase_hears_so_with_nothing_kept(visitor: Site) -> None:
    visitor.say("wat is rls")
    assert visitor.say("ja, wis alles").json()["number"] == 0
    assert visitor.history() == []


def test_personal_data_is_masked_in_what_comes_back(visitor: Site) -> None:
    assert visitor.say("mail jan@example.org").json()["text"] == "mail [e-mailadres]"


def test_only_what_was_offered_can_be_pressed(visitor: Site) -> None:
    assert visitor.say(OFFERED, chosen=True).status_code == 409
    visitor.say("wat is rls")
    assert visitor.say("/restart", chosen=True).json()["error"]["code"] == "not_offered"
    assert visitor.say(OFFERED, chosen=True).status_code == 200


def test_a_command_of_rasa_is_text(visitor: Site) -> None:
    visitor.say("/restart")
    assert visitor.rasa.heard == ["restart"]


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [(" / ", 422, "empty"), ("a" * (LONGEST_TEXT + 1), 422, "too_long"), ("a" * LONGEST_TEXT, 200, "")],
)
def test_what_is_empty_or_too_long_is_refused_before_rasa_sees_it(
    visitor: Site, text: str, status: int, code: str
) -> None:
    answered = visitor.say(text)
    assert answered.status_code == status
    assert answered.json().get("error", {}).get("code", "") == code
    assert len(visitor.rasa.heard) == (status == 200)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"[]",
        b"{",
        b'{"text": "hoi"}',
        b'{"id": "kort", "text": "hoi"}',
        b'{"id": "lang-genoeg", "text": 7.5e999, "x": 1}',
        b'{"id": "lang-genoeg", "text": null}',
        b'{"id": "lang-genoeg", "text": "hoi", "session": "x"}',
    ],
)
def test_what_is_no_message_is_refused_in_dutch(visitor: Site, sent: bytes) -> None:
    refused = visitor.ask("POST", "/messages", content=sent)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "bad_request")
    assert visitor.rasa.heard == []


def test_a_body_over_the_limit_is_refused(visitor: Site) -> None:
    refused = visitor.ask("POST", "/messages", content=b" " * (LONGEST_BODY + 1))
    assert (refused.status_code, refused.json()["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "9" * 10])
def test_a_history_after_nothing_sensible_is_refused(visitor: Site, after: str) -> None:
    assert visitor.ask("GET", f"/messages?after={after}").status_code == 400


def test_a_session_waits_when_it_sends_too_much(visitor: Site) -> None:
    for _ in range(PER_SESSION):
        assert visitor.say("hoi").status_code == 200
    refused = visitor.say("hoi")
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "limit")
    assert 0 < int(refused.headers["Retry-After"]) <= 61
    assert visitor.begin().say("hoi").status_code == 200


def test_an_address_waits_when_it_asks_too_much(visitor: Site) -> None:
    answers = [visitor.ask("GET", "/messages").status_code for _ in range(PER_ADDRESS)]
    assert answers[:-1] == [200] * (PER_ADDRESS - 1)
    assert answers[-1] == 429  # starting the session counted too


@pytest.mark.parametrize("origin", ["https://elders.example", "null", "http://localhost:8001", ""])
def test_pages_of_others_are_refused(visitor: Site, origin: str) -> None:
    refused = visitor.ask("GET", "/configuration", headers={"Origin": origin})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "origin")
    assert "Access-Control-Allow-Origin" not in refused.headers


def test_the_own_page_may_ask_from_another_port(visitor: Site) -> None:
    asked = visitor.ask("OPTIONS", "/messages")
    assert asked.status_code == 204
    assert asked.headers["Access-Control-Allow-Origin"] == OWN
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
    assert visitor.ask("GET", "/configuration").headers["Access-Control-Allow-Origin"] == OWN


def test_the_element_learns_what_it_needs(visitor: Site) -> None:
    told = visitor.ask("GET", "/configuration").json()
    assert "chatbot" in told["greeting"]
    assert "geen medisch advies" in told["disclaimer"]
    assert told["longest_text"] == LONGEST_TEXT
    assert told["privacy_page"].endswith("/privacy")


def test_a_judgement_takes_the_place_of_the_one_before(visitor: Site) -> None:
    number = visitor.say("wat is rls").json()["number"]
    for helped, reason in ((True, ""), (False, "te lang, mail jan@example.org")):
        judged = visitor.ask("POST", "/feedback", json={"number": number, "helped": helped, "reason": reason})
        assert judged.status_code == 204
    database = Database(settings().database_url)
    with database.reading() as connection:
        (row,) = connection.execute(
            sa.select(feedback.c.helped, feedback.c.reason).where(feedback.c.reason != "")
        ).all()
    database.close()
    assert tuple(row) == (False, "te lang, mail [e-mailadres]")
    unknown = visitor.ask("POST", "/feedback", json={"number": 99, "helped": True})
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "not_found")


def test_a_long_history_comes_in_pages(visitor: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.website.conversation.PAGE", 2)
    monkeypatch.setattr(channel, "PAGE", 2)
    for _ in range(3):
        visitor.say("hoi")
    first = visitor.ask("GET", "/messages").json()
    assert ([message["number"] for message in first["messages"]], first["more"]) == ([1, 2], True)
    rest = visitor.ask("GET", "/messages?after=2").json()
    assert ([message["number"] for message in rest["messages"]], rest["more"]) == ([3], False)


def test_without_a_database_it_says_so_and_a_cry_for_help_is_heard(visitor: Site, own_database: Path) -> None:
    (own_database / "kalm.db").rename(own_database / "weg")
    try:
        assert visitor.ask("GET", "/messages").status_code == 503
        error = visitor.say("ik wil niet meer leven").json()["error"]
        assert (error["reply"]["kind"], error["again"]) == ("crisis", True)
    finally:
        (own_database / "weg").rename(own_database / "kalm.db")


def test_a_fault_of_kalm_is_told_in_dutch_and_its_words_are_in_no_log(
    visitor: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise ValueError("mijn kanarie")

    for name in ("answer", "history"):
        monkeypatch.setattr(channel.WebsiteConversations, name, fail)
    for failed in (visitor.say("mijn kanarie"), visitor.ask("GET", "/messages")):
        assert (failed.status_code, failed.json()["error"]["code"]) == (503, "unavailable")
        assert "kanarie" not in failed.text
    assert "ValueError" in caplog.text
    assert "kanarie" not in caplog.text


@pytest.fixture
def forwarded(running: Site) -> Callable[[str], Any]:
    class Request:
        def __init__(self, ip: str, header: str) -> None:
            self.ip = ip
            self.headers = {"x-forwarded-for": header} if header else {}

    return lambda spec: Request(*spec.split("|"))


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("10.0.0.1|", "10.0.0.1"),
        ("10.0.0.1|1.2.3.4, 5.6.7.8", "5.6.7.8"),
        ("9.9.9.9|1.2.3.4", "9.9.9.9"),
    ],
)
def test_only_a_trusted_proxy_tells_where_a_visitor_is(
    forwarded: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch, asked: str, address: str
) -> None:
    chosen = settings().copy(update={"trusted_proxies": "10.0.0.1"})
    monkeypatch.setattr(channel, "settings", lambda: chosen)
    assert channel._address(forwarded(asked)) == address


def test_the_description_names_every_route(visitor: Site) -> None:
    described = visitor.ask("GET", "/openapi.json").json()
    assert set(described["paths"]) | {"/openapi.json"} == set(channel._METHODS)
    for path, methods in channel._METHODS.items():
        if path != "/openapi.json":
            assert {method.lower() for method in methods} == set(described["paths"][path])
