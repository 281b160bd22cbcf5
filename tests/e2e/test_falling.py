"""A server of a real ``kalm run`` that is killed comes back alone, and visitors hear something meanwhile."""

from __future__ import annotations

import signal
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import httpx
import psutil
import pytest

from kalm.settings import LOOPBACK
from tests.e2e.conftest import PORTS
from tests.e2e.test_failures import Started, kalm_run

__all__ = ["kalm_run"]  # the fixture
pytestmark = pytest.mark.e2e

COMES_BACK_WITHIN = 120.0
"""Seconds, on a machine that has other things to do; what it took is printed."""

QUESTION = "wat is ferritine?"


@dataclass
class Kalm:
    """What runs, as a visitor and an engineer see it."""

    started: Started

    def say(self, text: str, sender: str) -> dict[str, str]:
        """Kind and text of the reply; waits as long as the bot takes to come back."""
        answer = httpx.post(
            f"{self._url('KALM_BOT_PORT')}/webhooks/rest/webhook",
            json={"sender": sender, "message": text},
            timeout=COMES_BACK_WITHIN,
        )
        assert answer.status_code == 200, answer.text
        said, payload = answer.json()
        return {"kind": payload["custom"]["kind"], "text": said["text"]}

    def serves_pages(self) -> bool:
        try:
            return httpx.get(f"{self._url('KALM_WEB_PORT')}/gezond", timeout=10).status_code == 200
        except httpx.TransportError:
            return False

    def _url(self, port: str) -> str:
        return f"http://{LOOPBACK}:{self.started.ports[PORTS.index(port)]}"

    def servers(self) -> dict[str, psutil.Process]:
        found = {}
        for process in psutil.Process(self.started.process.pid).children():
            try:
                command = process.cmdline()
            except psutil.NoSuchProcess:
                continue
            if "commands.serve" in command:
                found[command[command.index("commands.serve") + 1]] = process
        return found

    def kill(self, name: str) -> dict[str, int]:
        """Kill a server; the process ids of all before."""
        before = self.servers()
        before[name].kill()
        return {name: process.pid for name, process in before.items()}

    def assert_that_only(self, name: str, before: dict[str, int]) -> None:
        """That only this server is another process than before."""
        now = {server: process.pid for server, process in self.servers().items()}
        assert now.keys() == before.keys() == {"actions", "bot", "web"}
        assert {server for server in now if now[server] != before[server]} == {name}
        told = f"{name} fell (SIGKILL) and is started again at once"
        assert self.started.log.count(told) == 1, self.started.log


def assert_is_apology_or_answer(reply: dict[str, str]) -> None:
    assert reply["kind"] in ("failure", "answer"), reply
    assert "geen medisch advies" in reply["text"]


@pytest.fixture
def kalm(kalm_run: Started) -> Kalm:
    kalm_run.wait_for("Kalm is klaar")
    return Kalm(kalm_run)


def test_each_server_that_is_killed_comes_back_alone_while_the_others_go_on(kalm: Kalm) -> None:
    deadline = time.monotonic() + 3 * COMES_BACK_WITHIN
    assert kalm.say(QUESTION, "stays")["kind"] == "answer"

    before, killed = kalm.kill("actions"), time.monotonic()
    reply = kalm.say(QUESTION, "meanwhile")
    assert_is_apology_or_answer(reply)
    assert kalm.serves_pages()
    while reply["kind"] != "answer":
        assert time.monotonic() < deadline, kalm.started.log
        time.sleep(0.5)
        reply = kalm.say(QUESTION, f"after {time.monotonic()}")
        assert_is_apology_or_answer(reply)
    print(f"actions: answers {time.monotonic() - killed:.1f} s after it was killed")
    kalm.assert_that_only("actions", before)

    before, killed = kalm.kill("bot"), time.monotonic()
    with ThreadPoolExecutor() as pool:
        asked: Future[dict[str, str]] = pool.submit(kalm.say, "waar staat dat?", "stays")
        assert kalm.serves_pages()
        reply = asked.result()
    print(f"bot: answers {time.monotonic() - killed:.1f} s after it was killed")
    assert reply["kind"] == "source", "the conversation goes on where it was"
    kalm.assert_that_only("bot", before)

    before, killed = kalm.kill("web"), time.monotonic()
    assert kalm.say(QUESTION, "other")["kind"] == "answer"
    while not kalm.serves_pages():
        assert time.monotonic() < deadline, kalm.started.log
        time.sleep(0.2)
    print(f"web: serves pages {time.monotonic() - killed:.1f} s after it was killed")
    kalm.assert_that_only("web", before)

    family = kalm.started.family()
    kalm.started.process.send_signal(signal.SIGTERM)
    assert kalm.started.process.wait(timeout=60) == 0
    _, left = psutil.wait_procs(family, timeout=10)
    assert left == []
