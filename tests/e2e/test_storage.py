"""What is kept over REST, and what a visitor hears while it cannot be kept."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Row

from commands.announcing import wait_until_ready
from kalm.privacy.pseudonyms import pseudonyms
from kalm.sentences import sentences
from kalm.settings import settings
from kalm.understanding import KNOWLEDGE
from storage.conversations import Conversations
from storage.database import Database
from storage.schema import events, feedback, handovers, messages, metadata
from tests.e2e.conftest import Servers, Visitor, free_ports, wait_for_bot

pytestmark = pytest.mark.e2e


@pytest.fixture(autouse=True)
def own_settings(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The settings with which the servers run."""
    monkeypatch.setenv("KALM_VAR", str(servers.var))
    for name, url in (("BOT", servers.bot_url), ("WEB", servers.web_url), ("ACTIONS", servers.actions_url)):
        monkeypatch.setenv(f"KALM_{name}_PORT", url.rpartition(":")[2])
    settings.cache_clear()
    pseudonyms.cache_clear()
    yield
    settings.cache_clear()
    pseudonyms.cache_clear()


def rows(query: Any) -> list[Row]:
    database = Database(settings().database_url)
    with database.reading() as connection:
        found = list(connection.execute(query))
    database.close()
    return found


def messages_of(visitor: Visitor) -> list[Row]:
    known = Conversations(Database(settings().database_url), pseudonyms())
    (conversation_id,) = known.find_all("rest", visitor.sender)
    return rows(
        sa.select(messages).where(messages.c.conversation_id == conversation_id).order_by(messages.c.number)
    )


def ready(servers: Servers) -> httpx.Response:
    return httpx.get(f"{servers.bot_url}/webhooks/rest/ready", timeout=30)


@contextmanager
def without_database(servers: Servers) -> Iterator[None]:
    files = list(servers.var.glob("kalm.db*"))
    for file in files:
        file.rename(file.with_name(f"weg-{file.name}"))
    try:
        yield
    finally:
        for file in files:
            file.with_name(f"weg-{file.name}").rename(file)


def test_each_message_is_kept_with_what_was_understood_and_answered(visitor: Visitor) -> None:
    visitor.ask("wat is ferritine?")
    visitor.say("dank je wel")
    visitor.ask("ik wil een medewerker spreken")
    question, thanks, person = messages_of(visitor)
    assert (question.text, question.kind, question.channel) == ("wat is ferritine?", "answer", "rest")
    assert question.intent in KNOWLEDGE
    assert question.confidence > 0.3
    assert 0 < question.milliseconds < 30_000
    assert question.reply[0]["custom"]["passages"][0]["id"] == question.passages[0]["id"]
    assert (thanks.kind, thanks.passages) == ("small_talk", [])
    assert person.kind == "handoff"
    assert rows(sa.select(handovers).where(handovers.c.message_id == person.id))[0].state == "open"


def test_did_it_help_is_kept_with_the_answer_it_is_about(visitor: Visitor) -> None:
    questions = iter(
        ("wat is ferritine?", "is rls erfelijk", "wat zijn rusteloze benen?", "waar zit ijzer in")
    )
    while not visitor.ask(next(questions))["question"]:
        pass
    visitor.say("ja")
    answer = messages_of(visitor)[-2]
    assert [row.helped for row in rows(sa.select(feedback).where(feedback.c.message_id == answer.id))] == [
        True
    ]


def test_personal_data_are_nowhere_in_the_database(visitor: Visitor) -> None:
    visitor.sender = "+31 6 87 65 43 21"
    visitor.say(
        "ik heet Wilhelmina Oosterbaan, bel 06-12345678 of mail w.oosterbaan@example.org: wat is rls?"
    )
    content = repr([tuple(row) for table in metadata.sorted_tables for row in rows(table.select())])
    assert "[naam]" in content
    assert "[telefoonnummer]" in content
    given = ("Wilhelmina", "Oosterbaan", "oosterbaan", "06-12345678", "12345678,", visitor.sender, "87654321")
    assert [part for part in given if part in content] == []


def test_the_canary_question_of_the_start_is_not_kept(servers: Servers, visitor: Visitor) -> None:
    question = sentences().starters[0]
    asked = sa.select(sa.func.count()).select_from(messages).where(messages.c.text == question)
    before = rows(asked)[0][0]
    visitor.ask(question)
    assert rows(asked)[0][0] == before + 1
    assert wait_until_ready(lambda: False) == ""
    assert rows(asked)[0][0] == before + 1


def test_while_the_database_is_gone_visitors_hear_so_and_then_go_on_where_they_were(
    servers: Servers, visitor: Visitor
) -> None:
    visitor.ask("ik ben zwanger, hoeveel magnesium mag ik?")
    with without_database(servers):
        assert visitor.ask("en met een bad?")["kind"] == "failure"
        assert "112" in visitor.ask("ik heb ineens pijn op de borst")["text"]
        answer = ready(servers)
        assert (answer.status_code, answer.json()) == (503, {"status": "not ready", "missing": ["database"]})
    assert ready(servers).status_code == 200
    after = visitor.ask("helpt magnesium bij rusteloze benen?")
    assert after["kind"] == "referral"
    assert "zwanger" in after["text"]
    assert [message.text for message in messages_of(visitor)] == [
        "ik ben zwanger, hoeveel magnesium mag ik?",
        "helpt magnesium bij rusteloze benen?",
    ]


@pytest.fixture
def second_bot(servers: Servers) -> Iterator[Servers]:
    """A second bot server on the same database, as the servers that a visitor may meet as well."""
    (port,) = free_ports(1)
    servers.start("second bot", {"KALM_BOT_PORT": str(port)}, beside="bot")
    second = replace(servers, bot_url=f"http://127.0.0.1:{port}")
    wait_for_bot(second)
    yield second
    servers.kill("second bot")
    del servers.processes["second bot"]


def test_two_bots_on_one_database_know_the_same_and_lose_and_double_nothing(
    visitor: Visitor, second_bot: Servers
) -> None:
    other = Visitor(second_bot, visitor.sender)
    visitor.ask("ik ben zwanger, hoeveel magnesium mag ik?")
    assert "zwanger" in other.ask("helpt magnesium bij rusteloze benen?")["text"]

    def ask_ten(who: Visitor, name: str) -> None:
        for number in range(10):
            assert who.ask(f"wat is ferritine, vraag {name} {number}?")["kind"] != "failure"

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(ask_ten, (visitor, other), ("een", "twee")))

    kept = messages_of(visitor)
    assert [message.number for message in kept] == list(range(1, 23))
    for name in ("een", "twee"):
        own = [message.text for message in kept if f"vraag {name} " in message.text]
        assert own == [f"wat is ferritine, vraag {name} {number}?" for number in range(10)]


def test_a_conversation_survives_the_process_that_held_it(servers: Servers, visitor: Visitor) -> None:
    visitor.ask("ik ben zwanger, hoeveel magnesium mag ik?")
    servers.kill("bot")
    servers.start("bot")
    wait_for_bot(servers)
    after = visitor.ask("helpt magnesium bij rusteloze benen?")
    assert "zwanger" in after["text"]
    assert len(messages_of(visitor)) == 2


def test_what_rasa_keeps_of_a_turn_is_whole(visitor: Visitor) -> None:
    visitor.ask("wat is ferritine?")
    conversation_id = messages_of(visitor)[0].conversation_id
    found = rows(
        sa.select(events).where(events.c.conversation_id == conversation_id).order_by(events.c.number)
    )
    assert [event.number for event in found] == list(range(1, len(found) + 1))
    kinds = [event.type for event in found]
    assert kinds.count("user") == kinds.count("bot") == 1
    assert kinds[-1] == "action"


def test_var_is_for_the_owner_alone(servers: Servers) -> None:
    for path in Path(servers.var).rglob("*"):
        if path.is_file():
            assert path.stat().st_mode & 0o077 == 0, path
