"""When a part fails: an apology with the disclaimer in time, nothing lost or doubled, and it goes on alone.

Each fault leaves a line in the log that says what to look at. What may not be in the log: ``test_logs.py``; a
database that is gone: ``test_database_faults.py``.
"""

from __future__ import annotations

import os
import re
import resource
import signal
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import Servers, Visitor, free_ports, wait_for_bot
from tests.e2e.test_logs import WRONG, Answer, wait_for
from tests.e2e.test_storage import messages_of, own_settings
from tests.e2e.test_website import Page

__all__ = ["own_settings"]  # the fixture
pytestmark = pytest.mark.e2e

IN_TIME = 8.0
QUESTION = "wat is ferritine?"

SAID_OF_GARBAGE = {
    "an error that quotes the call": "the action server answered with an error status=500",
    "a status that there is not": "the action server answered with an error status=999",
    "a refusal": "the action server answered with an error status=400",
    "no JSON": "the action server answered something else than JSON",
    "bytes that are no text": "the action server answered something else than JSON",
}
"""What the log says of it; of what is JSON, Rasa alone knows what is wrong with it."""

PLACE_IN_RASA = "at=.rasa/core/processor.py:[0-9]+ _run_action"


@dataclass
class Log:
    """What a server writes from now on."""

    servers: Servers
    name: str = "bot"
    before: int = field(init=False)

    def __post_init__(self) -> None:
        self.before = len(self.servers.log(self.name))

    @property
    def new(self) -> str:
        return self.servers.log(self.name)[self.before :]


@pytest.fixture
def log(servers: Servers) -> Log:
    return Log(servers)


@dataclass
class Timed:
    """What somebody heard, and after how many seconds."""

    kind: str
    text: str
    seconds: float

    @property
    def is_apology_in_time(self) -> bool:
        return self.kind == "failure" and "geen medisch advies" in self.text and self.seconds < IN_TIME


def over_rest(visitor: Visitor, text: str = QUESTION) -> Timed:
    started = time.monotonic()
    answer = visitor.ask(text)
    return Timed(answer["kind"], answer["text"], time.monotonic() - started)


def on_the_website(page: Page, text: str = QUESTION, id_: str = "") -> Timed:
    started = time.monotonic()
    answer = page.ask("POST", "/messages", json={"id": id_ or uuid.uuid4().hex, "text": text}).json()
    reply = answer["error"]["reply"] if "error" in answer else answer["replies"][-1]
    return Timed(reply["kind"], f"{reply['message']} {reply['disclaimer']}", time.monotonic() - started)


@contextmanager
def stopped(process: Any) -> Iterator[None]:
    """A server that does not move."""
    os.killpg(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGCONT)


def test_an_action_server_that_stalls(servers: Servers, log: Log) -> None:
    visitor, other, page, key = Visitor(servers), Visitor(servers), Page(servers), uuid.uuid4().hex
    visitor.ask("wat zijn rusteloze benen?")
    other.ask("komt rls vaker voor bij vrouwen?")
    with stopped(servers.processes["actions"]), ThreadPoolExecutor(3) as pool:
        rest = pool.submit(over_rest, visitor)
        website = pool.submit(on_the_website, page, QUESTION, key)
        assert over_rest(other, "zijn er medicijnen?").is_apology_in_time
        assert rest.result().is_apology_in_time
        assert website.result().is_apology_in_time
        assert "112" in over_rest(visitor, "ik heb ineens pijn op de borst").text
    assert over_rest(other, "en bij kinderen?").kind == "answer", "it remembers what came before the fault"
    assert on_the_website(page, QUESTION, key).kind == "answer", "the same message again is answered"
    assert [message["id"] for message in page.ask("GET", "/messages").json()["messages"]] == [key]
    assert [(row.text, row.kind) for row in messages_of(visitor)[:2]] == [
        ("wat zijn rusteloze benen?", "answer"),
        (QUESTION, "failure"),
    ]
    assert "the action server did not answer in time seconds=6.0" in log.new


class Between(BaseHTTPRequestHandler):
    """Between the bot and the real action server.

    Attributes:
        asked: how many calls came in.
    """

    behind = ""
    slow = 0.0
    asked = 0
    wrong: Callable[[bytes], Answer] | None = None

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["content-length"]))
        type(self).asked += 1
        time.sleep(type(self).slow)
        if type(self).wrong is not None:
            status, body = type(self).wrong(asked)  # type: ignore[misc]
        else:
            answered = httpx.post(f"{self.behind}{self.path}", content=asked, timeout=30)
            status, body = answered.status_code, answered.content
        try:
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # the bot did not wait
            pass

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


@pytest.fixture(scope="module")
def behind(servers: Servers) -> Iterator[type[Between]]:
    """The way to the action server, where something can be put in between."""
    port = int(servers.actions_url.rpartition(":")[2])
    other = free_ports(1)[0]
    servers.kill("actions")
    servers.start("actions behind", {"KALM_ACTIONS_PORT": str(other)}, beside="actions")
    Between.behind = f"http://127.0.0.1:{other}"
    try:
        wait_for(Between.behind)
        with ThreadingHTTPServer(("127.0.0.1", port), Between) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            try:
                yield Between
            finally:
                server.shutdown()
                thread.join()
    finally:
        servers.kill("actions behind")
        del servers.processes["actions behind"]
        servers.start("actions")
        wait_for(servers.actions_url)


@pytest.fixture
def between(behind: type[Between]) -> Iterator[type[Between]]:
    yield behind
    behind.slow, behind.wrong = 0.0, None


def test_an_action_server_that_is_slow(servers: Servers, between: type[Between], log: Log) -> None:
    between.slow = 2.0
    slowly = over_rest(Visitor(servers))
    assert (slowly.kind, slowly.seconds < IN_TIME) == ("answer", True)
    between.slow = 12.0
    visitor, page = Visitor(servers), Page(servers)
    with ThreadPoolExecutor(2) as pool:
        rest, website = pool.submit(over_rest, visitor), pool.submit(on_the_website, page)
        assert rest.result().is_apology_in_time
        assert website.result().is_apology_in_time
    between.slow = 0.0
    assert over_rest(visitor, "wat zijn rusteloze benen?").kind == "answer"
    assert [(row.text, row.kind) for row in messages_of(visitor)] == [
        (QUESTION, "failure"),
        ("wat zijn rusteloze benen?", "answer"),
    ]
    assert "the action server did not answer in time seconds=6.0" in log.new


@pytest.mark.parametrize("wrong", WRONG)
def test_an_action_server_that_answers_garbage(
    servers: Servers, between: type[Between], log: Log, wrong: str
) -> None:
    visitor, page = Visitor(servers), Page(servers)
    between.wrong = staticmethod(WRONG[wrong])
    assert over_rest(visitor).is_apology_in_time
    assert on_the_website(page).is_apology_in_time
    between.wrong = None
    assert over_rest(visitor, "wat zijn rusteloze benen?").kind == "answer"
    assert messages_of(visitor)[-1].text == "wat zijn rusteloze benen?"
    assert " ERROR " in log.new
    assert re.search(SAID_OF_GARBAGE.get(wrong, PLACE_IN_RASA), log.new)


def send_after_those_before(
    client: httpx.Client, pool: ThreadPoolExecutor, visitor: Visitor, text: str
) -> Future[httpx.Response]:
    """Say something; returns as soon as the bot has what was sent, answered or not."""
    has_left = threading.Event()

    def follow(event: str, _: Any) -> None:
        if event == "http11.send_request_body.complete":
            has_left.set()

    url = f"{visitor.servers.bot_url}/webhooks/rest/webhook"
    body = {"sender": visitor.sender, "message": text}
    saying = pool.submit(client.post, url, json=body, extensions={"trace": follow})
    assert has_left.wait(20)
    take_what_was_sent(client, visitor.servers.bot_url)
    return saying


def take_what_was_sent(client: httpx.Client, bot_url: str) -> None:
    """Let a bot come to what was sent to it before.

    Its event loop takes what comes in one after the other. The first of these two may go before a request
    whose connection is being made.
    """
    for _ in range(2):
        assert client.get(f"{bot_url}/live").status_code == 200


def test_several_messages_at_once_behind_a_slow_action_are_kept_in_order(
    servers: Servers, between: type[Between]
) -> None:
    """Rasa's own lock store would lose what waits longer than a minute, and looks once a second."""
    visitor = Visitor(servers)
    visitor.ask("wat zijn rusteloze benen?")
    between.slow = 0.3
    texts = [QUESTION, "is rls erfelijk", "waar zit ijzer in", "wat is augmentatie", "helpt een warm bad"]
    with httpx.Client(timeout=30) as client, ThreadPoolExecutor(5) as pool:
        started = time.monotonic()
        said = [send_after_those_before(client, pool, visitor, text) for text in texts]
        assert not said[-1].done(), "they wait at the same time"
        assert "failure" not in {one.result().json()[1]["custom"]["kind"] for one in said}
    assert time.monotonic() - started < 15
    assert [row.text for row in messages_of(visitor)][1:] == texts


def test_a_stop_in_the_middle_of_a_message(servers: Servers, between: type[Between], log: Log) -> None:
    """Who waits is answered; of who left, what was asked is kept; and the server ends in time."""
    stays, leaves = Visitor(servers), Visitor(servers)
    for visitor in (stays, leaves):
        visitor.say("hallo")
    between.slow = 4.0
    bot, before = servers.processes["bot"], between.asked
    try:
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(over_rest, stays)
            url, body = (
                f"{servers.bot_url}/webhooks/rest/webhook",
                {"sender": leaves.sender, "message": QUESTION},
            )
            with pytest.raises(httpx.ReadTimeout):
                httpx.post(url, json=body, timeout=httpx.Timeout(30, read=2))
            deadline = time.monotonic() + 20
            while between.asked < before + 2:
                assert time.monotonic() < deadline, "the bot asked for both answers"
                time.sleep(0.02)
            assert not answer.done(), "it is in the middle of both"
            bot.send_signal(signal.SIGTERM)
            assert answer.result().kind == "answer"
        bot.wait(timeout=30)
        assert bot.returncode == 0
    finally:
        servers.kill("bot")
        between.slow = 0.0
        servers.start("bot")
        wait_for_bot(servers)
    for visitor in (stays, leaves):
        assert [row.text for row in messages_of(visitor)] == ["hallo", QUESTION]
    assert " message conversation=" in log.new


@contextmanager
def full_disk(servers: Servers) -> Iterator[None]:
    """A disk on which the bot can write nothing more into the file of SQLite that it appends to."""
    pid = servers.processes["bot"].pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    with closing(sqlite3.connect(servers.var / "kalm.db", isolation_level=None)) as database:
        # Whoever reads keeps SQLite from writing at the beginning of that file again.
        database.execute("BEGIN")
        database.execute("SELECT count(*) FROM conversations").fetchall()
        with closing(sqlite3.connect(servers.var / "kalm.db", isolation_level=None)) as writer:
            writer.execute("CREATE TABLE filling (bytes)")
            writer.execute("INSERT INTO filling VALUES (zeroblob(4000000))")
            writer.execute("DROP TABLE filling")
        full = (servers.var / "kalm.db-wal").stat().st_size
        assert full > len(servers.log("bot")) + 1_000_000, "the log must not be what is full"
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (full - 1_000_000, before[1]))
        try:
            yield
        finally:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def test_a_full_disk(servers: Servers, log: Log) -> None:
    visitor, page = Visitor(servers), Page(servers)
    visitor.ask("wat zijn rusteloze benen?")
    on_the_website(page, "wat zijn rusteloze benen?")
    with full_disk(servers):
        assert over_rest(visitor).is_apology_in_time
        assert "112" in over_rest(visitor, "ik heb ineens pijn op de borst").text
        assert on_the_website(page).is_apology_in_time
        assert over_rest(Visitor(servers)).is_apology_in_time
    assert over_rest(visitor, "en bij kinderen?").kind == "answer"
    assert on_the_website(page).kind == "answer"
    assert [row.text for row in messages_of(visitor)] == ["wat zijn rusteloze benen?", "en bij kinderen?"]
    assert "a conversation could not be saved" in log.new
    assert re.search("sqlite3.OperationalError SQLITE_(FULL|IOERR)", log.new)
    assert "messages are kept again" in log.new
