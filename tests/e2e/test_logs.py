"""Nothing a visitor typed comes into any log, whatever goes wrong in the real servers.

Each test makes something go wrong with a text of a visitor in it, sees that the log tells of it, and that no
log quotes the text. The servers run with everything in the environment that asks libraries for more log.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from kalm.limits import LONGEST_BODY
from tests.e2e.conftest import Servers, Visitor, running_servers

pytestmark = pytest.mark.e2e

CANARY = "mijn buurvrouw Truus heeft kanariebenen"
QUOTED = re.compile(r"buurvrouw|truus|kanarie", re.IGNORECASE)
QUESTION = f"wat is rls? {CANARY}"
MORE_LOG = {
    "KALM_LOG_FORMAT": "json",
    "LOG_LEVEL": "DEBUG",
    "LOG_LEVEL_LIBRARIES": "DEBUG",
    "FORCE_JSON_LOGGING": "true",
    "PYTHONASYNCIODEBUG": "1",
    "SANIC_ACCESS_LOG": "true",
    "SANIC_NOISY_EXCEPTIONS": "true",
}


@dataclass
class Watched:
    """The servers, and what they have logged since the test began."""

    servers: Servers
    before: dict[str, int] = field(default_factory=dict)

    def entries(self, name: str) -> list[dict[str, Any]]:
        """New entries of a server."""
        lines = self.servers.log(name).splitlines()[self.before.get(name, 0) :]
        return [json.loads(line) for line in lines]

    def errors(self, name: str) -> set[str]:
        """Types of all errors in the new entries of a server."""
        return {
            error["type"].rpartition(".")[2]
            for entry in self.entries(name)
            for error in entry.get("errors", ())
        }

    def places(self, name: str) -> str:
        """Where in the code the new entries of a server were made."""
        return " ".join(entry["at"] for entry in self.entries(name) if "at" in entry)

    def begin(self) -> None:
        """From here on entries are new."""
        self.before = {name: self.servers.log(name).count("\n") for name in self.servers.processes}

    def assert_silent(self) -> None:
        """No log of any server quotes the visitor, neither what it printed nor a file."""
        files = [*self.servers.logs.glob("*.log"), *(self.servers.logs / "var" / "logs").iterdir()]
        assert len(files) >= 6
        for path in files:
            assert not QUOTED.search(path.read_text(errors="replace")), f"{path} quotes the visitor"


@pytest.fixture(scope="module")
def own_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with running_servers(tmp_path_factory.mktemp("noisy"), MORE_LOG) as running:
        yield running


@pytest.fixture
def watched(own_servers: Servers) -> Iterator[Watched]:
    watched = Watched(own_servers)
    watched.begin()
    yield watched
    watched.assert_silent()


@contextmanager
def another_action_server(
    servers: Servers, environment: dict[str, str] | None, command: list[str] | None = None
) -> Iterator[None]:
    """Put another action server in the place of the real one for a while, or none at all."""
    servers.kill("actions")
    try:
        if environment is not None:
            servers.start("actions", {**MORE_LOG, **environment}, command=command)
            wait_for(servers.actions_url)
        yield
    finally:
        servers.kill("actions")
        servers.start("actions", MORE_LOG)
        wait_for(servers.actions_url)


def wait_for(url: str) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        try:
            httpx.get(f"{url}/health", timeout=5)
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError(f"nothing answers at {url}")


def test_each_message_is_one_line_with_a_pseudonym_and_its_time(watched: Watched) -> None:
    visitor = Visitor(watched.servers, sender="truus-kanarie")
    visitor.ask(QUESTION)
    visitor.ask(QUESTION)

    first, second = [entry for entry in watched.entries("bot") if entry["event"] == "message"]
    assert first["conversation"] == second["conversation"]
    assert re.fullmatch(r"[0-9a-f]{16}", first["conversation"])
    assert (first["channel"], first["process"]) == ("rest", "bot")
    assert 0 < first["milliseconds"] < 30_000


@pytest.mark.parametrize(
    "body",
    [
        f'{{"message": "{CANARY}"'.encode(),
        f'{{"message": "{CANARY} '.encode() + b'\xff\xfe"}',
        CANARY.encode(),
        b"[" * 5000 + CANARY.encode(),
        {"message": f"/restart {CANARY}"},
        {"message": f"/ask_rls{{{CANARY}"},
        {"message": [CANARY]},
        {"message": {CANARY: CANARY}},
        {"message": None, "sender": CANARY},
        {"message": f"{CANARY} \ud800"},
        {"message": CANARY, "sender": CANARY * 10},
        {"message": CANARY, "sender": {CANARY: CANARY}},
        {"message": CANARY, "metadata": CANARY, "input_channel": CANARY},
        [CANARY],
        {"message": f"{CANARY} " * (LONGEST_BODY // 20)},
        {"message": f"{CANARY} \0\x1b[31m\u2028 {{slot}} %s %(text)s"},
    ],
)
def test_what_is_sent_to_the_channel(watched: Watched, body: Any) -> None:
    answer = Visitor(watched.servers).post(json.dumps(body).encode() if not isinstance(body, bytes) else body)

    assert answer.status_code in (200, 400, 413)
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("address", ["bot_url", "actions_url", "web_url"])
def test_addresses_and_headers(watched: Watched, address: str) -> None:
    url = getattr(watched.servers, address)
    for method in ("GET", "POST", "DELETE"):
        for path in ("/", "/webhooks/rest/", "/webhook", "/artikelen/"):
            httpx.request(
                method,
                f"{url}{path}{CANARY}",
                params={"q": CANARY},
                headers={"x-q": CANARY, "cookie": CANARY},
                timeout=30,
            )


@pytest.mark.parametrize("address", ["bot_url", "actions_url", "web_url"])
@pytest.mark.parametrize(
    "request_",
    [
        f"GET /{CANARY} HTTP/1.1\r\n\r\n",
        f"{CANARY}\r\n\r\n",
        f"GET / HTTP/1.1\r\n{CANARY}\r\n\r\n",
        f"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n{CANARY}",
        f"POST /webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{CANARY}\r\n",
        f"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{CANARY}\r\n",
    ],
)
def test_who_does_not_speak_http_or_hangs_up_halfway(watched: Watched, address: str, request_: str) -> None:
    host, port = getattr(watched.servers, address).removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request_.encode())
        time.sleep(0.1)
    wait_for(getattr(watched.servers, address))


def test_who_leaves_before_the_answer(watched: Watched) -> None:
    os.killpg(watched.servers.processes["actions"].pid, signal.SIGSTOP)
    try:
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(
                f"{watched.servers.bot_url}/webhooks/rest/webhook",
                json={"sender": CANARY, "message": QUESTION},
                timeout=1,
            )
    finally:
        os.killpg(watched.servers.processes["actions"].pid, signal.SIGCONT)
    Visitor(watched.servers).ask(QUESTION)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"{" + CANARY.encode(), "InvalidUsage"),
        ({"next_action": "action_answer_question", "tracker": {"latest_message": CANARY}}, "KeyError"),
        ({"next_action": CANARY, "tracker": {"sender_id": CANARY, "latest_message": {"text": CANARY}}}, None),
        (CANARY, "AttributeError"),
    ],
)
def test_a_call_that_the_action_server_cannot_read(watched: Watched, body: Any, error: str | None) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    answer = httpx.post(f"{watched.servers.actions_url}/webhook", content=content, timeout=30)

    assert answer.status_code >= 400
    assert "rasa_sdk/endpoint.py" in watched.places("actions")
    if error:
        assert error in watched.errors("actions")


def test_an_action_that_raises(watched: Watched, tmp_path: Path) -> None:
    without_index = [sys.executable, "-m", "commands.serve", "actions"]
    with another_action_server(watched.servers, {"KALM_MODELS": str(tmp_path)}, without_index):
        answer = Visitor(watched.servers).ask(QUESTION)

        assert answer["kind"] == "failure"
        (entry,) = [entry for entry in watched.entries("actions") if entry["event"] == "an action failed"]
        assert entry["action"] == "action_answer_question"
        events = [entry["event"] for entry in watched.entries("actions")]
        assert events.index("no answer could be tried") < events.index("open for visitors"), "it tries before"
        assert entry["errors"][0]["type"] == "kalm.pointer.ReleaseError"
        assert entry["errors"][0]["at"][0].startswith(("kalm/pointer.py:", "kalm/release.py:"))


def test_without_the_action_server_the_visitor_hears_an_apology(watched: Watched) -> None:
    with another_action_server(watched.servers, None):
        answer = Visitor(watched.servers).ask(QUESTION)

    assert answer["kind"] == "failure"
    assert "Er gaat bij mij iets mis" in answer["text"]
    assert "rasa/core/actions/action.py" in watched.places("bot")
    assert "ClientConnectorError" in watched.errors("bot")


Answer = tuple[int, bytes]
WRONG: dict[str, Callable[[bytes], Answer]] = {
    "an error that quotes the call": lambda call: (500, call),
    "no JSON": lambda call: (200, b"not json: " + call),
    "JSON of another shape": lambda call: (200, b'{"responses": [], "events": [' + call + b"]}"),
    "a list": lambda call: (200, json.dumps([CANARY]).encode()),
    "a refusal": lambda call: (400, json.dumps({"error": CANARY, "action_name": CANARY}).encode()),
    "an event that nobody knows": lambda call: (
        200,
        json.dumps({"events": [{"event": CANARY, "text": CANARY}], "responses": []}).encode(),
    ),
    "half an event": lambda call: (
        200,
        json.dumps({"events": [{"event": "slot", "text": CANARY}], "responses": []}).encode(),
    ),
    "bytes that are no text": lambda call: (200, b"\xff\xfe" + call),
    "a status that there is not": lambda call: (999, call),
}


class WrongActionServer(BaseHTTPRequestHandler):
    """Answers each call in a wrong way."""

    answer: Callable[[bytes], Answer]

    def do_GET(self) -> None:
        self._say(200, b"{}")

    def do_POST(self) -> None:
        self._say(*type(self).answer(self.rfile.read(int(self.headers["content-length"]))))

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


@contextmanager
def wrong_action_server(servers: Servers) -> Iterator[None]:
    """Put one that answers in a wrong way in the place of the action server."""
    with another_action_server(servers, None):
        port = int(servers.actions_url.rpartition(":")[2])
        with ThreadingHTTPServer(("127.0.0.1", port), WrongActionServer) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            try:
                yield
            finally:
                server.shutdown()
                thread.join()


def test_an_action_server_that_answers_something_wrong(watched: Watched) -> None:
    with wrong_action_server(watched.servers):
        for wrong, answer in WRONG.items():
            WrongActionServer.answer = staticmethod(answer)  # type: ignore[assignment]
            watched.begin()

            Visitor(watched.servers).post({"sender": uuid.uuid4().hex, "message": QUESTION})

            told = [entry for entry in watched.entries("bot") if entry["event"] == "library"]
            assert told, f"{wrong}: nothing was logged, so it proves nothing"
            watched.assert_silent()


def test_a_database_that_does_not_let_anybody_in(watched: Watched) -> None:
    visitor = Visitor(watched.servers)
    visitor.ask(QUESTION)
    with closing(sqlite3.connect(watched.servers.logs / "var" / "kalm.db", isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        answer = visitor.ask(f"{QUESTION} en nog iets")

    assert answer["kind"] == "failure"
    assert "OperationalError" in watched.errors("bot")


def test_without_the_bot_the_web_app_quotes_nobody(watched: Watched) -> None:
    watched.servers.kill("bot")

    for path in ("/toestand", "/winkel", f"/{CANARY}"):
        for method in ("GET", "POST"):
            url = f"{watched.servers.web_url}{path}"
            httpx.request(method, url, params={"q": CANARY}, json={"message": CANARY}, timeout=30)


def test_stopped_they_end_and_quote_nobody(watched: Watched) -> None:
    for process in watched.servers.processes.values():
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    for name, process in watched.servers.processes.items():
        process.wait(timeout=30)
        assert name in ("bot", "actions", "web")
