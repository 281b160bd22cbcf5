"""Fifty crashes over two hundred messages: none is lost, and Kalm knew that a double might be one."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from commands.environment import rasa_environment
from kalm import release
from kalm.settings import ROOT
from storage.schema import whatsapp_inbox
from tests.channels.whatsapp.payloads import webhook
from tests.e2e.conftest import wait_for_bot
from tests.e2e.whatsapp.phone import SECRET, Meta, Phone
from tests.e2e.whatsapp.test_webhook import questions_with_headings

pytestmark = pytest.mark.slow

CRASHES, PHONES, EACH = 50, 20, 10
LONGEST = 1.0
"""Seconds that a bot lives at most after it listens."""

PAUSE = 15.0
"""Seconds between two messages of somebody at most: as long as the crashes go on."""

NEVER_LISTENS = 0.15
"""Share of the bots that end before they listen."""

_SENT_AGAIN = "a reply is sent again, as nothing was heard of it"


@pytest.fixture(scope="module")
def sort(either: str) -> str:
    """Both databases: who comes first and what is kept is theirs to say."""
    return either


def test_fifty_crashes_lose_none_of_two_hundred_messages(meta: Meta) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    meta.graph.report_statuses(meta.address, SECRET)
    phones = [Phone(meta) for _ in range(PHONES)]
    questions = questions_with_headings(EACH)
    for phone in phones:
        phone.agree()
    meta.servers.kill("bot")

    with starting_over(meta) as start, ThreadPoolExecutor(PHONES) as pool:
        until = time.monotonic() + 420
        typing = [pool.submit(type_all, phone, questions, chance.random(), until) for phone in phones]
        for _ in range(CRASHES):
            process = start()
            if chance.random() > NEVER_LISTENS:
                wait_for_bot(meta.servers)
            time.sleep(chance.uniform(0, LONGEST))
            os.kill(process, signal.SIGKILL)
        process = start()
        for one in typing:
            one.result()
        answered = [meta.wait_for(phone.address, 1 + EACH, patience=180)[1:] for phone in phones]
        wait_until_nothing_is_left(meta)  # what may have been sent is sent again, or settled
        answered = [meta.to(phone.address)[1:] for phone in phones]
        os.kill(process, signal.SIGKILL)

    doubles = sum(
        times - 1 for sent in answered for times in Counter(message.tracker for message in sent).values()
    )
    print(f"{CRASHES} crashes, {PHONES * EACH} messages, {doubles} replies sent twice (seed {seed})")
    for sent in answered:
        first = {message.tracker: message for message in reversed(sent)}
        replies = sorted(first.values(), key=lambda message: message.at)
        assert [heading in reply.text for reply, (_, heading) in zip(replies, questions, strict=True)] == [
            True
        ] * EACH, seed
    assert doubles <= meta.log.count(_SENT_AGAIN)


def type_all(phone: Phone, questions: list[tuple[str, str]], seed: float, until: float) -> None:
    """Type all questions, with a pause after each; Meta brings each until it is taken."""
    chance = random.Random(seed)
    for question, _ in questions:
        time.sleep(chance.uniform(0, PAUSE))
        body = webhook([phone.message(question)])
        while not is_taken(phone.meta, body):
            assert time.monotonic() < until, "the webhook takes nothing any more"
            time.sleep(0.2)


def wait_until_nothing_is_left(meta: Meta) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        with meta.database.reading() as connection:
            if connection.scalar(sa.select(sa.func.count()).select_from(whatsapp_inbox)) == 0:
                return
        time.sleep(0.2)
    raise AssertionError("something is still in the inbox")


def is_taken(meta: Meta, body: dict[str, Any]) -> bool:
    try:
        return meta.post(body).status_code == 200
    except httpx.HTTPError:
        return False


@contextmanager
def starting_over(meta: Meta) -> Iterator[Any]:
    """Gives a function that starts a bot and returns its process number."""
    command = [sys.executable, "-m", "tests.e2e.whatsapp.forking", str(release.current().model)]
    with (meta.servers.logs / "bot.log").open("ab") as log:
        parent = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**rasa_environment(), **meta.servers.environment, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert parent.stdin is not None
    assert parent.stdout is not None
    assert parent.stdout.readline() == "loaded\n"

    def start() -> int:
        assert parent.stdin is not None
        assert parent.stdout is not None
        parent.stdin.write("\n")
        parent.stdin.flush()
        return int(parent.stdout.readline())

    try:
        yield start
    finally:
        parent.stdin.close()
        parent.wait(timeout=20)
        parent.stdout.close()
