"""A release that takes over while visitors are answered, with the real servers."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import httpx
import psutil
import pytest
import sqlalchemy as sa

from commands.environment import rasa_environment
from kalm import going_live, pointer
from kalm.going_live import Outcome, Wish
from kalm.pointer import Release
from kalm.sentences import sentences
from kalm.settings import ROOT, settings
from storage.database import Database
from storage.migrate import migrate
from storage.schema import conversations, messages
from tests.e2e.conftest import PORTS, free_ports

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

SENDERS = 5
"""Visitors who each ask a question a second."""


@dataclass
class Shop:
    """A supervisor with the real servers, and two releases that are alike."""

    process: subprocess.Popen[bytes]
    screen: Path
    old: Release
    new: Release

    def servers(self) -> list[psutil.Process]:
        found: list[psutil.Process] = psutil.Process(self.process.pid).children()
        return [one for one in found if "commands.serve" in one.cmdline()]

    def go_live(self, release: Release) -> Outcome:
        wish = Wish(*release.names)
        going_live.ask(wish)
        deadline = time.monotonic() + 120
        while not going_live.outcome_of(wish.id).step.is_end or going_live.wish() is not None:
            assert time.monotonic() < deadline, self.screen.read_text()
            time.sleep(0.1)
        return going_live.outcome_of(wish.id)


def copied(release: Release, name: str) -> Release:
    """The same release under another name."""
    made = pointer.named(f"kalm-{name}.tar.gz", f"index-{name}")
    shutil.copyfile(release.model, made.model)
    shutil.copytree(release.index, made.index)
    return made


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("live")
    trained = pointer.current()
    with pytest.MonkeyPatch.context() as patch:
        for name, port in zip(PORTS, free_ports(len(PORTS)), strict=True):
            patch.setenv(name, str(port))
        patch.setenv("KALM_VAR", str(folder / "var"))
        patch.setenv("KALM_MODELS", str(folder / "models"))
        settings.cache_clear()
        settings().models.mkdir()
        old, new = copied(trained, "old"), copied(trained, "new")
        pointer.publish(old)
        migrate(settings().database_url)
        with (folder / "screen").open("wb") as screen:
            process = subprocess.Popen(
                [sys.executable, "-m", "commands.supervising"],
                cwd=ROOT,
                env=rasa_environment(),
                stdout=screen,
                stderr=screen,
            )
        shop = Shop(process, folder / "screen", old, new)
        try:
            deadline = time.monotonic() + 180
            while "Kalm is klaar" not in shop.screen.read_text():
                assert process.poll() is None, shop.screen.read_text()
                assert time.monotonic() < deadline, shop.screen.read_text()
                time.sleep(0.2)
            yield shop
        finally:
            family = psutil.Process(process.pid).children(recursive=True)
            process.send_signal(signal.SIGTERM)
            code = process.wait(60)
            _, left = psutil.wait_procs(family, timeout=10)
            for one in left:
                os.kill(one.pid, signal.SIGKILL)
    settings.cache_clear()
    assert code == 0, shop.screen.read_text()
    assert left == []


@dataclass
class Load:
    """Visitors who ask on, each one question after the other, on a connection that is kept open.

    Attributes:
        asked: of each visitor, in order.
        failed: what was no good answer.
        slowest: of all answers, in seconds.
    """

    asked: dict[str, list[str]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


@contextmanager
def visitors() -> Iterator[Load]:
    load, over = Load(), threading.Event()

    def ask(sender: str) -> None:
        address = f"{settings().bot_url}/webhooks/rest/webhook"
        questions = cycle([*sentences().starters, "vertel eens meer", "waar staat dat?"])
        with httpx.Client(timeout=30) as client:
            while not over.wait(1.0):
                text = next(questions)
                load.asked.setdefault(sender, []).append(text)
                started = time.monotonic()
                try:
                    answer = client.post(address, json={"sender": sender, "message": text})
                    kinds = [part["custom"]["kind"] for part in answer.json() if "custom" in part]
                    if answer.status_code != 200 or kinds in ([], ["failure"]):
                        load.failed.append(f"{text}: {answer.status_code} {kinds}")
                except (httpx.HTTPError, ValueError) as error:
                    load.failed.append(f"{text}: {error!r}")
                load.seconds.append(time.monotonic() - started)

    threads = [threading.Thread(target=ask, args=(uuid.uuid4().hex,)) for _ in range(SENDERS)]
    for number, thread in enumerate(threads):
        thread.start()
        time.sleep(1 / SENDERS if number else 0)
    try:
        yield load
    finally:
        over.set()
        for thread in threads:
            thread.join()


def kept() -> list[list[str]]:
    """What each conversation said, in the order in which it was kept."""
    database = Database(settings().database_url)
    try:
        with database.reading() as connection:
            ids = list(connection.scalars(sa.select(conversations.c.id)))
            wanted = sa.select(messages.c.text).order_by(messages.c.number)
            return [list(connection.scalars(wanted.where(messages.c.conversation_id == one))) for one in ids]
    finally:
        database.close()


def test_visitors_notice_nothing_of_a_release_that_takes_over_nor_of_the_way_back(shop: Shop) -> None:
    with visitors() as load:
        time.sleep(3)
        for release in (shop.new, shop.old):
            before = {process.pid for process in shop.servers()}
            outcome = shop.go_live(release)
            assert outcome.step is going_live.Step.LIVE, (outcome, shop.screen.read_text())
            after = {process.pid for process in shop.servers()}
            assert len(after) == 3
            assert len(before & after) == 1, "the web app stays, the others are new"
            assert pointer.current() == release
            time.sleep(3)

    assert load.failed == []
    assert len(load.seconds) > 50
    print(f"{len(load.seconds)} answers; slowest {max(load.seconds) * 1000:.0f} ms")
    # In the order in which they were asked, and nothing of the canary questions.
    assert sorted(kept()) == sorted(load.asked.values())


def test_a_release_that_cannot_be_loaded_changes_nothing(shop: Shop) -> None:
    running = going_live.running()
    before = {process.pid for process in shop.servers()}
    broken = pointer.named("kalm-broken.tar.gz", shop.new.index.name)
    broken.model.write_bytes(b"no model")

    outcome = shop.go_live(broken)

    assert (outcome.step, outcome.reason) == (going_live.Step.REFUSED, "ended")
    assert {process.pid for process in shop.servers()} == before
    assert going_live.running() == running
    assert pointer.current() == shop.old


def test_servers_that_took_over_and_are_killed_come_back_with_the_release_that_is_live(shop: Shop) -> None:
    release = shop.new if pointer.current() == shop.old else shop.old
    assert shop.go_live(release).step is going_live.Step.LIVE
    for name, trained in (("actions", release.index), ("bot", release.model)):
        [fallen] = [process for process in shop.servers() if name in process.cmdline()]
        fallen.kill()
        kinds = [asked()]
        while kinds[-1] != "answer":
            assert kinds[-1] == "failure"
            assert len(kinds) < 120, shop.screen.read_text()
            time.sleep(0.5)
            kinds.append(asked())
        [again] = [process for process in shop.servers() if name in process.cmdline()]
        assert again.pid != fallen.pid
        assert str(trained) in again.cmdline()
    assert len(shop.servers()) == 3


def asked() -> str:
    """Kind of the reply to somebody's question; waits for a bot that is being started."""
    address = f"{settings().bot_url}/webhooks/rest/webhook"
    question = {"sender": uuid.uuid4().hex, "message": sentences().starters[0]}
    return str(httpx.post(address, json=question, timeout=120).json()[1]["custom"]["kind"])
