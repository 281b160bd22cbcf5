"""The real servers on free ports, started once for all end-to-end tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from commands.announcing import wait_until_ready
from commands.environment import rasa_environment
from commands.run import commands_of_servers
from kalm.privacy.pseudonyms import pseudonyms
from kalm.sentences import sentences
from kalm.settings import LOOPBACK, ROOT, settings
from storage.migrate import migrate

PORTS = ("KALM_BOT_PORT", "KALM_ACTIONS_PORT", "KALM_WEB_PORT")


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@dataclass
class Servers:
    """The running servers and where they write.

    Attributes:
        environment: that they were started with, before the settings of this process.
        shop_url: of a site that may show the chat, on a port where nothing listens yet.
    """

    bot_url: str
    web_url: str
    actions_url: str
    processes: dict[str, subprocess.Popen[bytes]]
    logs: Path
    environment: Mapping[str, str]
    shop_url: str = ""

    @property
    def var(self) -> Path:
        """Their folder for everything made while running."""
        return self.logs / "var"

    def log(self, name: str) -> str:
        """What a server wrote on standard output and error."""
        return (self.logs / f"{name}.log").read_text(errors="replace")

    def start(
        self,
        name: str,
        environment: Mapping[str, str] | None = None,
        beside: str = "",
        command: list[str] | None = None,
    ) -> None:
        """Start a server; what it writes comes after what was written before.

        Args:
            name: "bot", "actions", "web", or any name for one more of them.
            environment: that goes before that of the others.
            beside: which of the three it is, for one more.
            command: in place of that server's own.
        """
        with (self.logs / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command or commands_of_servers()[beside or name],
                cwd=ROOT,
                env={**rasa_environment(), **self.environment, **(environment or {})},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self, name: str, patience: float = 60.0) -> int:
        """Ask a server to end, as an engineer does; gives its exit code."""
        process = self.processes[name]
        process.send_signal(signal.SIGTERM)
        return process.wait(patience)

    def kill(self, name: str) -> None:
        """End a server, if it still runs."""
        process = self.processes[name]
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@dataclass
class Visitor:
    """Someone who talks over REST, with a conversation of their own."""

    servers: Servers
    sender: str = field(default_factory=lambda: uuid.uuid4().hex)

    def post(self, body: Any, **options: Any) -> httpx.Response:
        content = body if isinstance(body, bytes) else None
        json = None if isinstance(body, bytes) else body
        url = f"{self.servers.bot_url}/webhooks/rest/webhook"
        return httpx.post(url, content=content, json=json, timeout=30, **options)

    def say(self, text: str) -> list[dict[str, Any]]:
        answer = self.post({"sender": self.sender, "message": text})
        assert answer.status_code == 200, answer.text
        replies: list[dict[str, Any]] = answer.json()
        return replies

    def ask(self, text: str) -> dict[str, Any]:
        """Say something that must be answered by an action: one text and one payload."""
        replies = self.say(text)
        assert [sorted(reply) for reply in replies] == [["recipient_id", "text"], ["custom", "recipient_id"]]
        payload: dict[str, Any] = replies[1]["custom"]
        assert payload["disclaimer"] in replies[0]["text"]
        assert "geen medisch advies" in payload["disclaimer"]
        return {"text": replies[0]["text"], **payload}


def wait_for_bot(servers: Servers) -> None:
    """Wait until a bot can keep messages."""
    deadline = time.monotonic() + 300
    while True:
        try:
            if httpx.get(f"{servers.bot_url}/webhooks/rest/ready", timeout=30).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.3)
        assert time.monotonic() < deadline, servers.processes


@contextmanager
def running_servers(logs: Path, environment: Mapping[str, str] | None = None) -> Iterator[Servers]:
    """Start the three servers on free ports, with a folder of their own, and stop them, whatever happens."""
    with pytest.MonkeyPatch.context() as patch:
        for name, port in zip(PORTS, free_ports(len(PORTS)), strict=True):
            patch.setenv(name, str(port))
        patch.setenv("KALM_VAR", str(logs / "var"))
        settings.cache_clear()
        pseudonyms.cache_clear()
        sentences.cache_clear()  # they name the address of the web app
        migrate(settings().database_url)
        running = Servers(
            settings().bot_url, settings().web_url, settings().actions_url, {}, logs, environment or {}
        )
        try:
            for name in commands_of_servers():
                running.start(name)
            processes = running.processes
            missing = wait_until_ready(lambda: any(p.poll() is not None for p in processes.values()))
            assert not missing, missing + "".join(f"\n{n}:\n{running.log(n)[-3000:]}" for n in processes)
            yield running
        finally:
            for name in running.processes:
                running.kill(name)
    settings.cache_clear()
    pseudonyms.cache_clear()
    sentences.cache_clear()


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    shop = f"http://{LOOPBACK}:{free_ports(1)[0]}"
    # With a proxy on this machine each test can be a visitor with an address of its own.
    environment = {"KALM_TRUSTED_PROXIES": LOOPBACK, "KALM_ALLOWED_ORIGINS": shop}
    with running_servers(tmp_path_factory.mktemp("logs"), environment) as running:
        running.shop_url = shop
        yield running


@pytest.fixture
def visitor(servers: Servers) -> Visitor:
    return Visitor(servers)
