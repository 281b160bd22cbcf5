from __future__ import annotations

import time
from typing import Any

import pytest
import sqlalchemy as sa

from kalm.settings import load_settings
from storage import erasure, messages, retention
from storage.conversations import Conversations
from storage.database import Database
from storage.erasure import BY_SHOP, erase
from storage.messages import messages_of
from storage.retention import DAY, Removed, purge
from storage.schema import conversations, erasures, events, feedback, handovers
from storage.schema import messages as table
from tests.storage.test_conversations import known
from tests.storage.test_messages import bot, slot, user

__all__ = ["known"]  # the fixture
NOW = 1_800_000_000.0


@pytest.fixture(autouse=True)
def days(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = load_settings(conversation_days=30, review_days=90)
    monkeypatch.setattr(retention, "settings", lambda: chosen)


def keep(database: Database, conversation_id: str, text: str, age: float, *more: dict[str, Any]) -> None:
    """A message of some days ago in a conversation, with an event beside it."""
    at = NOW - age * DAY
    of = conversations.c.id == conversation_id
    with database.writing() as connection:
        row = connection.execute(sa.select(conversations).where(of)).one()
        new = messages_of([user(text, timestamp=at), *more])
        after = messages.store(connection, conversation_id, new, row.last_message, 5)
        number = row.last_event + 1
        connection.execute(
            events.insert().values(
                conversation_id=conversation_id, number=number, type="user", at=at, data={}
            )
        )
        connection.execute(
            conversations.update().where(of).values(last_at=at, last_event=number, last_message=after)
        )


def count(database: Database, which: sa.Table) -> int:
    with database.reading() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(which)) or 0)


def test_what_is_young_enough_stays(known: Conversations, database: Database) -> None:
    keep(database, known.find_or_start("rest", "jan"), "van gisteren", 1, bot())
    assert purge(database, NOW).is_nothing
    assert (count(database, table), count(database, events)) == (1, 1)


def test_an_old_conversation_goes_and_its_messages_wait_for_review_without_it(
    known: Conversations, database: Database
) -> None:
    conversation_id = known.find_or_start("rest", "jan")
    keep(database, conversation_id, "van een maand geleden", 31.3, bot("handoff"))
    keep(database, conversation_id, "en dit erbij", 31.2, slot("helped", True), bot())
    assert purge(database, NOW) == Removed(conversations=1, loosened=2)
    assert known.find_all("rest", "jan") == []
    for gone in (conversations, events, feedback, handovers):
        assert count(database, gone) == 0
    with database.reading() as connection:
        rows = connection.execute(sa.select(table)).all()
    assert sorted(row.text for row in rows) == ["en dit erbij", "van een maand geleden"]
    for row in rows:
        assert (row.conversation_id, row.number, row.reply, row.milliseconds) == (None, None, [], 0)
        assert row.at % DAY == 0
        assert 0 <= NOW - 31.2 * DAY - row.at < 2 * DAY
        assert row.passages != []
        assert row.intent == "ask_rls"


def test_after_ninety_days_the_message_goes_too(known: Conversations, database: Database) -> None:
    conversation_id = known.find_or_start("rest", "jan")
    keep(database, conversation_id, "van lang geleden", 91)
    assert purge(database, NOW) == Removed(conversations=1, messages=1)
    assert count(database, table) == 0


def test_a_loosened_message_goes_when_its_time_comes(known: Conversations, database: Database) -> None:
    keep(database, known.find_or_start("rest", "jan"), "van een maand geleden", 31)
    purge(database, NOW)
    assert purge(database, NOW + 58 * DAY).is_nothing
    assert purge(database, NOW + 61 * DAY) == Removed(messages=1)


def test_a_conversation_that_goes_on_keeps_nothing_forever(known: Conversations, database: Database) -> None:
    conversation_id = known.find_or_start("rest", "jan")
    keep(database, conversation_id, "oud", 40, bot("handoff"))
    keep(database, conversation_id, "nieuw", 1)
    assert purge(database, NOW) == Removed(events=1, messages=1)
    assert known.find_all("rest", "jan") == [conversation_id]
    assert (count(database, handovers), count(database, events)) == (0, 1)
    with database.reading() as connection:
        left = connection.execute(sa.select(table.c.text, table.c.conversation_id)).all()
    assert list(map(tuple, left)) == [("nieuw", conversation_id)]


def test_forgetting_a_long_conversation_leaves_nothing_of_it(
    known: Conversations, database: Database
) -> None:
    conversation_id = known.find_or_start("rest", "jan")
    for age in (80, 40, 20, 1):
        keep(database, conversation_id, f"van {age} dagen geleden", age)
        purge(database, NOW - (age - 1) * DAY)
    purge(database, NOW)
    with database.writing() as connection:
        erase(connection, conversation_id, BY_SHOP)
    assert count(database, table) == 0


def test_a_visitor_who_comes_back_meanwhile_is_not_removed(
    known: Conversations, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation_id = known.find_or_start("rest", "jan")
    keep(database, conversation_id, "oud", 40)
    delete = erasure.delete_conversations
    asked: list[list[str]] = []

    def look(connection: Any, ids: list[str]) -> dict[str, int]:
        asked.append(ids)
        return delete(connection, ids)

    monkeypatch.setattr(erasure, "delete_conversations", look)
    keep(database, conversation_id, "nieuw", 0)
    purge(database, NOW)
    assert asked == [[]]
    assert known.find_all("rest", "jan") == [conversation_id]


def test_review_may_be_shorter_than_the_conversation(
    known: Conversations, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "settings", lambda: load_settings(conversation_days=30, review_days=0))
    conversation_id = known.find_or_start("rest", "jan")
    keep(database, conversation_id, "van vorige week", 7)
    assert purge(database, NOW).is_nothing, "it still belongs to a conversation"
    assert purge(database, NOW + 24 * DAY) == Removed(conversations=1, messages=1)


def test_receipts_go_after_a_year(database: Database) -> None:
    with database.writing() as connection:
        erase(connection, "weg", BY_SHOP)
    assert purge(database, time.time() + 364 * DAY).is_nothing
    assert purge(database, time.time() + 366 * DAY) == Removed(receipts=1)
    assert count(database, erasures) == 0


def test_many_go_in_parts(known: Conversations, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 3)
    for number in range(7):
        keep(database, known.find_or_start("rest", f"afzender {number}"), "oud", 31)
    assert purge(database, NOW) == Removed(conversations=7, loosened=7)


@pytest.mark.parametrize("sort", ["sqlite"], indirect=True)
def test_what_was_removed_is_in_no_file_of_sqlite(known: Conversations, database: Database) -> None:
    assert database.file is not None
    canary = "kanarie in een oud gesprek"
    keep(database, known.find_or_start("rest", "jan"), canary, 100)
    database.close()
    files = [path.read_bytes() for path in database.file.parent.iterdir()]
    assert any(canary.encode() in content for content in files)
    purge(database, NOW)
    assert erasure.clean_files(database)
    files = [path.read_bytes() for path in database.file.parent.iterdir()]
    assert not any(canary.encode() in content for content in files)
