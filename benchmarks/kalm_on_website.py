"""Kalm on free ports with a folder of its own, and visitors of a website who ask it: what is measured."""

from __future__ import annotations

import random
import secrets
import subprocess
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
import psutil

from benchmarks import servers
from commands.environment import rasa_environment
from commands.evaluation.data import DEVELOPMENT, read_messages
from kalm.articles import read_articles
from kalm.settings import LOOPBACK, settings
from storage.migrate import migrate

PATIENCE = 30.0
"""Seconds that a visitor waits for an answer."""

_MEGABYTE = 1024 * 1024


@dataclass
class Kalm:
    """The servers.

    Attributes:
        bots: address of each bot.
        processes: by name: "actions", "web", "bot 1" and so on.
    """

    bots: list[str]
    processes: dict[str, psutil.Process]

    def memory(self) -> dict[str, float]:
        """Resident memory of each process in MB."""
        return {name: one.memory_info().rss / _MEGABYTE for name, one in self.processes.items()}

    def processor(self) -> dict[str, float]:
        """Seconds of processor that each process used since it began."""
        return {name: sum(one.cpu_times()[:2]) for name, one in self.processes.items()}


@dataclass
class Answer:
    """What came of a message.

    Attributes:
        seconds: from the moment it had to be sent until its answer was there.
        status: of HTTP; 0 for none.
        is_good: it was answered, by something else than an apology.
    """

    seconds: float
    status: int
    is_good: bool


@dataclass
class Visitor:
    """Somebody with a session on the website, at an address of the internet of their own."""

    number: int
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def ask(
        self, client: httpx.AsyncClient, bot: str, text: str, moment: float | None = None
    ) -> Answer:
        """Send a message and wait for its answer.

        Args:
            client: whose connections are used.
            bot: address of the bot.
            text: of the message.
            moment: when it had to be sent, by ``time.perf_counter``; None for now.
        """
        started = time.perf_counter() if moment is None else moment
        try:
            if not self.headers:
                await self.begin(client, bot)
            body = {"id": uuid.uuid4().hex, "text": text}
            response = await client.post(f"{bot}/webhooks/website/messages", json=body, headers=self.headers)
        except httpx.HTTPError:
            return Answer(time.perf_counter() - started, 0, False)
        taken = time.perf_counter() - started
        kinds = [one["kind"] for one in response.json().get("replies", ())]
        good = response.status_code == 200 and bool(kinds) and "failure" not in kinds
        return Answer(taken, response.status_code, good)

    async def begin(self, client: httpx.AsyncClient, bot: str) -> None:
        """Agree to what is kept, and get a session."""
        high, low = divmod(self.number, 250)
        headers = {"X-Forwarded-For": f"10.{high // 250 % 250}.{high % 250}.{low}"}
        site = f"{bot}/webhooks/website"
        consent = (await client.get(f"{site}/configuration", headers=headers)).json()["consent"]["id"]
        begun = await client.post(f"{site}/session", json={"consent": consent}, headers=headers)
        self.headers = {**headers, "Authorization": f"Bearer {begun.raise_for_status().json()['token']}"}


def new_client() -> httpx.AsyncClient:
    """For as many messages at once as one likes."""
    return httpx.AsyncClient(timeout=PATIENCE, limits=httpx.Limits(max_connections=None), verify=False)


def errors(answers: Sequence[Answer]) -> int:
    """How many messages got no answer, or an apology."""
    return sum(not answer.is_good for answer in answers)


def percentile(answers: Sequence[Answer], which: int) -> float:
    """Of the times of answers, in milliseconds."""
    return float(np.percentile([answer.seconds * 1000 for answer in answers], which))


def questions(count: int, seed: int) -> list[str]:
    """What visitors type: half from the development set, danger and small talk among it, half from editors.

    Taken at random, so that some come more than once.

    Args:
        count: how many.
        seed: of the chance.
    """
    chance = random.Random(seed)
    typed = [message.text for message in read_messages(DEVELOPMENT)]
    articles = read_articles(settings().articles)
    written = [one for article in articles for section in article.sections for one in section.questions]
    return [chance.choice(typed if chance.random() < 0.5 else written) for _ in range(count)]


@contextmanager
def kalm_on_website(folder: Path, database_address: str, bots: int = 1) -> Iterator[Kalm]:
    """Start Kalm, and end it afterwards.

    Args:
        folder: that exists and is empty.
        database_address: as in ``KALM_DATABASE``, of a database that is empty or does not exist.
        bots: how many.
    """
    migrate(database_address)
    actions, web, *ports = servers.free_ports(2 + bots)
    environment = {
        **rasa_environment(),
        "KALM_VAR": str(folder),
        "KALM_DATABASE": database_address,
        "KALM_PSEUDONYM_KEY": secrets.token_hex(32),
        "KALM_ACTIONS_PORT": str(actions),
        "KALM_WEB_PORT": str(web),
        "KALM_TRUSTED_PROXIES": LOOPBACK,
    }
    started: dict[str, subprocess.Popen[bytes]] = {}
    try:
        with httpx.Client(timeout=PATIENCE) as client:
            for name in ("actions", "web"):
                first = {**environment, "KALM_BOT_PORT": str(ports[0])}
                started[name] = servers.start(name, folder / f"{name}.log", first)
            for number, port in enumerate(ports, 1):
                name, own = f"bot {number}", {**environment, "KALM_BOT_PORT": str(port)}
                started[name] = servers.start("bot", folder / f"{name}.log", own)
            ready = {"actions": f"{actions}/health", "web": f"{web}/gezond"}
            ready |= {f"bot {number}": f"{port}/webhooks/rest/ready" for number, port in enumerate(ports, 1)}
            for name, path in ready.items():
                address = f"http://{LOOPBACK}:{path}"
                servers.wait_for(client, started[name], address, folder / f"{name}.log")
        processes = {name: psutil.Process(process.pid) for name, process in started.items()}
        yield Kalm([f"http://{LOOPBACK}:{port}" for port in ports], processes)
    finally:
        for process in started.values():
            servers.end(process)
