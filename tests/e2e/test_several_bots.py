"""One, two and four bots on one PostgreSQL: it makes no difference who answers, nor that one is killed."""

from __future__ import annotations

import os
import shutil
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import httpx
import pytest
from alembic.config import Config

from channels.website.limits import PER_ADDRESS
from storage import migrations
from storage.migrate import go_back, migrate, newest
from tests.channels.whatsapp.payloads import webhook
from tests.e2e.conftest import Visitor
from tests.e2e.several_bots import Bots, Browser, several_bots
from tests.e2e.test_faults import take_what_was_sent
from tests.e2e.whatsapp.phone import SECRET, Phone
from tests.e2e.whatsapp.test_crashes import is_taken, wait_until_nothing_is_left
from tests.e2e.whatsapp.test_webhook import questions_with_headings
from tests.storage.conftest import new_postgresql, postgresql_server

__all__ = ["postgresql_server"]  # the fixture
pytestmark = [pytest.mark.e2e, pytest.mark.database, pytest.mark.slow]

DIALOGUE = (
    "ik ben zwanger, hoeveel magnesium mag ik?",
    "wat is ferritine?",
    "vertel eens meer",
    "zijn rusteloze benen erfelijk?",
    "waar staat dat?",
    "helpt magnesium bij rusteloze benen?",
    "en bij kinderen?",
    "ik heb ineens pijn op de borst",
    "ze nemen niet op",
)
"""With two bots, each message that needs what was said before comes to the bot that did not hear it."""

AT_ONCE = 8
VISITORS, PHONES, EACH = 6, 6, 8
KILLED_AFTER = 2 * VISITORS
"""Messages of the website before a bot is killed; how quick the machine is makes no difference."""

TALKERS, A_SECOND = 20, 5
"""Visitors who talk during an upgrade, and what they send together: each less than a session may."""

SOME_MESSAGES = 6.0
"""Seconds in which each of the visitors sends one."""

NEXT = "9999"
_NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "{revision}", "{before}"


def upgrade():
    op.create_table("later", sa.Column("id", sa.Integer, primary_key=True))
    for table in ("conversations", "events", "messages", "idempotency_keys"):
        op.add_column(table, sa.Column("later", sa.Text))
        op.create_index("ix_later_" + table, table, ["later"])


def downgrade():
    op.drop_table("later")
    for table in ("conversations", "events", "messages", "idempotency_keys"):
        op.drop_column(table, "later")
"""

KNOWS = 5
"""Place in the dialogue of the answer that shows that the first message is known."""

_SENT_AGAIN = "a reply is sent again, as nothing was heard of it"


@pytest.fixture(scope="module")
def bots(postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bots]:
    with several_bots(tmp_path_factory.mktemp("bots"), new_postgresql(postgresql_server)) as running:
        yield running


def replies(visitor: Visitor, text: str) -> list[dict[str, Any]]:
    """What was said, without the name of who heard it."""
    said = visitor.say(text)
    return [{name: value for name, value in part.items() if name != "recipient_id"} for part in said]


@pytest.fixture(scope="module")
def of_one_bot(bots: Bots) -> list[list[dict[str, Any]]]:
    """The dialogue, with one bot."""
    bots.be(1)
    visitor = Visitor(bots.servers)
    return [replies(visitor, text) for text in DIALOGUE]


@pytest.mark.parametrize("count", [1, 2, 4])
def test_a_conversation_over_several_bots_is_that_with_one(
    bots: Bots, of_one_bot: list[list[dict[str, Any]]], count: int
) -> None:
    names = bots.be(count)
    before = Counter({name: answered_by(bots, name) for name in names})
    visitor = Visitor(bots.servers)
    assert [replies(visitor, text) for text in DIALOGUE] == of_one_bot
    assert "zwanger" in of_one_bot[KNOWS][0]["text"]
    assert "112" in of_one_bot[-2][0]["text"]
    answered = Counter({name: answered_by(bots, name) for name in names}) - before
    assert sum(answered.values()) == len(DIALOGUE)
    assert set(answered) == set(names), "each of them answered something"


def answered_by(bots: Bots, name: str) -> int:
    """Messages that a bot answered, as its log says."""
    return bots.servers.log(name).count(" message conversation=")


@pytest.mark.parametrize("count", [1, 2, 4])
def test_messages_of_one_visitor_at_once_stand_once_each(bots: Bots, count: int) -> None:
    names = bots.be(count)
    browser = Browser(bots.servers)
    questions = [question for question, _ in questions_with_headings(AT_ONCE)]
    ids = [f"bericht-{number}-{uuid.uuid4().hex}" for number in range(AT_ONCE)]

    sent = []
    with httpx.Client(timeout=30) as client, ThreadPoolExecutor(2 * AT_ONCE) as pool:
        for question, id_ in zip(questions, ids, strict=True):
            before, deadline = bots.proxy.passed_on, time.monotonic() + 30
            sent.append([pool.submit(browser.insist, question, id_) for _ in range(2)])
            while bots.proxy.passed_on < before + 2:
                assert time.monotonic() < deadline
                time.sleep(0.01)
            if count == 1:
                take_what_was_sent(client, bots.addresses[names[0]])
        answers = [(first.result(), second.result()) for first, second in sent]

    history = browser.history()
    assert [message["number"] for message in history] == list(range(1, AT_ONCE + 1))
    assert sorted(message["id"] for message in history) == sorted(ids)
    by_id = {message["id"]: message for message in history}
    for id_, text, (first, second) in zip(ids, questions, answers, strict=True):
        assert first == second == by_id[id_]
        assert first["text"] == text
    if count == 1:  # between bots the second and the third may change places (docs/storage.md)
        assert [message["id"] for message in history] == ids


@pytest.mark.parametrize("count", [1, 2, 4])
def test_messages_of_one_phone_are_answered_in_the_order_in_which_meta_brought_them(
    bots: Bots, count: int
) -> None:
    bots.be(count)
    phones = [Phone(bots.meta) for _ in range(3)]
    questions = questions_with_headings(AT_ONCE)
    for phone in phones:
        phone.agree()

    def send(phone: Phone) -> None:
        for question, _ in questions:
            phone.send(question)

    with ThreadPoolExecutor(len(phones)) as pool:
        list(pool.map(send, phones))
    for phone in phones:
        sent = bots.meta.wait_for(phone.address, 1 + AT_ONCE, patience=180)[1:]
        assert [heading in one.text for one, (_, heading) in zip(sent, questions, strict=True)] == [
            True
        ] * AT_ONCE


@pytest.mark.parametrize("count", [2, 4])
def test_a_bot_that_is_killed_under_load_loses_and_doubles_nothing(bots: Bots, count: int) -> None:
    names = bots.be(count)
    bots.meta.graph.clear()
    bots.meta.graph.report_statuses(bots.meta.address, SECRET)
    questions = questions_with_headings(EACH)
    browsers = [Browser(bots.servers) for _ in range(VISITORS)]
    phones = [Phone(bots.meta) for _ in range(PHONES)]
    for phone in phones:
        phone.agree()
    again, before = bots.log.count(_SENT_AGAIN), bots.proxy.passed_on
    is_killed = threading.Event()

    def chat(browser: Browser) -> list[dict[str, Any]]:
        said = []
        for question, _ in cycle(questions):
            if len(said) >= EACH and is_killed.is_set():
                break
            said.append(browser.insist(question))
        return said

    def write(phone: Phone) -> None:
        for question, _ in questions:
            body = webhook([phone.message(question)])
            while not is_taken(phone.meta, body):
                time.sleep(0.2)
            time.sleep(0.5)

    with ThreadPoolExecutor(VISITORS + PHONES) as pool:
        chats = [pool.submit(chat, browser) for browser in browsers]
        written = [pool.submit(write, phone) for phone in phones]
        try:
            while bots.proxy.passed_on < before + KILLED_AFTER or not bots.stop_while_it_answers(names[-1]):
                assert not any(one.done() for one in chats), "somebody was not answered"
                time.sleep(0.01)
            bots.servers.kill(names[-1])
        finally:
            is_killed.set()
        bots.start(names[-1])
        bots.wait_for(names[-1])
        answers = [one.result() for one in chats]
        for one in written:
            one.result()

    assert sum(browser.repeated for browser in browsers) > 0, "it was answering when it was killed"
    for browser, answered in zip(browsers, answers, strict=True):
        assert browser.history() == answered
        asked = [question for question, _ in islice(cycle(questions), len(answered))]
        assert [message["text"] for message in answered] == asked
        assert [message["number"] for message in answered] == list(range(1, len(answered) + 1))

    for phone in phones:
        bots.meta.wait_for(phone.address, 1 + EACH, patience=180)
    wait_until_nothing_is_left(bots.meta)
    doubles = 0
    for phone in phones:
        sent = bots.meta.to(phone.address)[1:]
        first = {message.tracker: message for message in reversed(sent)}
        doubles += len(sent) - len(first)
        in_order = sorted(first.values(), key=lambda message: message.at)
        assert [heading in one.text for one, (_, heading) in zip(in_order, questions, strict=True)] == [
            True
        ] * EACH
    assert doubles <= bots.log.count(_SENT_AGAIN) - again


@pytest.mark.parametrize("count", [1, 2, 4])
def test_an_address_may_ask_no_more_of_several_bots_than_of_one(bots: Bots, count: int) -> None:
    bots.be(count)
    browser, other = Browser(bots.servers), Browser(bots.servers)
    started = time.monotonic()
    read = [browser.ask("GET", "/messages").status_code for _ in range(2 * PER_ADDRESS)]
    seconds = time.monotonic() - started
    assert set(read) == {200, 429}
    # A session was started before. Each bot hears of what the others counted beside its next request, and may
    # have taken another when that is told. Once the minute of the database is over, one a second may pass.
    assert PER_ADDRESS - 1 <= read.count(200) <= PER_ADDRESS + 2 * count + seconds
    while (refused := browser.ask("GET", "/messages")).status_code == 200:
        assert time.monotonic() < started + 60
    assert 0 < int(refused.headers["Retry-After"]) <= 120
    assert other.ask("GET", "/messages").status_code == 200


def test_an_upgrade_one_bot_after_another_is_noticed_by_nobody(bots: Bots) -> None:
    """The new ones run beside the old ones on the same database, at five requests a second."""
    names = bots.be(2)
    with visitors_who_notice_nothing(bots):
        for name in names:
            bots.replace(name)
    assert bots.addresses.keys().isdisjoint(names), "an old one is left"


def test_a_schema_that_a_newer_version_brings_and_takes_back_is_noticed_by_nobody(
    bots: Bots, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bots.be(2)
    address = os.environ["KALM_DATABASE"]
    before = newest()
    with visitors_who_notice_nothing(bots), next_version(tmp_path, monkeypatch):
        assert migrate(address) == (before, NEXT)
        time.sleep(SOME_MESSAGES)
        assert go_back(address, before) == (NEXT, before)
        time.sleep(SOME_MESSAGES)


@contextmanager
def visitors_who_notice_nothing(bots: Bots) -> Iterator[None]:
    """Visitors talk; each is answered at once, in order, by who knows what was said before."""
    is_over = threading.Event()

    def talk(browser: Browser) -> list[dict[str, Any]]:
        said = []
        questions = cycle(DIALOGUE)
        while len(said) <= KNOWS or not is_over.is_set():
            said.append(browser.insist(next(questions)))
            time.sleep(TALKERS / A_SECOND)
        return said

    browsers = [Browser(bots.servers) for _ in range(TALKERS)]
    with ThreadPoolExecutor(TALKERS) as pool:
        talking = [pool.submit(talk, browser) for browser in browsers]
        try:
            yield
        finally:
            is_over.set()
        talks = [one.result() for one in talking]

    assert [browser.repeated for browser in browsers] == [0] * TALKERS
    for browser, said in zip(browsers, talks, strict=True):
        assert browser.history() == said
        assert [message["number"] for message in said] == list(range(1, len(said) + 1))
        assert "zwanger" in str(said[KNOWS]["replies"])


@contextmanager
def next_version(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The migrations of a version that comes after this one, which changes the tables that visitors use."""
    scripts = folder / "migrations"
    shutil.copytree(Path(migrations.__file__).parent, scripts)
    (scripts / "versions" / f"{NEXT}_next.py").write_text(_NEXT.format(revision=NEXT, before=newest()))
    config = Config()
    config.set_main_option("script_location", str(scripts))
    with monkeypatch.context() as patch:
        patch.setattr("storage.migrate._config", lambda: config)
        yield


def test_a_request_that_no_bot_took_goes_to_another(bots: Bots) -> None:
    names = bots.be(2)
    bots.servers.kill(names[1])
    try:
        browser = Browser(bots.servers)
        for question, _ in questions_with_headings(4):
            assert browser.insist(question)["replies"]
        assert browser.repeated == 0
        assert httpx.get(f"{bots.servers.bot_url}/webhooks/rest/ready", timeout=30).status_code == 200
    finally:
        bots.start(names[1])
        bots.wait_for(names[1])
