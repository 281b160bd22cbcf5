from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from kalm.privacy.pseudonyms import Pseudonyms
from storage.conversations import Conversations, unused_keys
from storage.database import Database
from storage.schema import conversations, metadata

ONE, TWO = bytes(range(32)), bytes(32)
SENDER = "+31612345678"


@pytest.fixture
def known(database: Database) -> Conversations:
    return Conversations(database, Pseudonyms([ONE]))


def test_a_sender_has_one_conversation(known: Conversations) -> None:
    assert known.find_all("rest", SENDER) == []
    started = known.find_or_start("rest", SENDER)
    assert known.find_or_start("rest", SENDER) == started
    assert known.find_all("rest", SENDER) == [started]
    assert known.find_or_start("whatsapp", SENDER) != started
    assert known.find_or_start("rest", "+31600000000") != started


def test_the_sender_is_nowhere_in_the_database(known: Conversations, database: Database) -> None:
    known.find_or_start("rest", SENDER)
    with database.reading() as connection:
        rows = [tuple(row) for table in metadata.sorted_tables for row in connection.execute(table.select())]
    assert len(rows) == 1
    assert SENDER not in repr(rows)
    assert SENDER.strip("+") not in repr(rows)


def test_of_eight_first_messages_at_once_one_starts_the_conversation(
    known: Conversations, database: Database
) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda number: known.find_or_start("rest", SENDER), range(8)))
    assert len(ids) == 1
    with database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(conversations)) == 1


def test_a_running_conversation_goes_on_under_a_new_key(known: Conversations, database: Database) -> None:
    started, silent = known.find_or_start("rest", SENDER), known.find_or_start("rest", "een ander")
    rotated = Pseudonyms([TWO, ONE])
    later = Conversations(database, rotated)
    assert later.find_all("rest", SENDER) == [started]
    assert later.find_or_start("rest", SENDER) == started
    with database.reading() as connection:
        assert unused_keys(connection, rotated.names) == []
    only_new = Conversations(database, Pseudonyms([TWO]))
    assert only_new.find_all("rest", SENDER) == [started]
    assert only_new.find_all("rest", "een ander") == []
    assert later.find_or_start("rest", "een ander") == silent
    with database.reading() as connection:
        assert unused_keys(connection, rotated.names) == list(Pseudonyms([ONE]).names)


def test_of_eight_messages_at_once_after_a_rotation_all_find_the_conversation(
    known: Conversations, database: Database
) -> None:
    started = known.find_or_start("rest", SENDER)
    later = Conversations(database, Pseudonyms([TWO, ONE]))
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda number: later.find_or_start("rest", SENDER), range(8))) == {started}


USER_ID = "NL.13491208655302741918"


def test_who_is_known_by_number_and_later_by_id_stays_in_one_conversation(known: Conversations) -> None:
    started = known.find_or_start("whatsapp", SENDER)
    assert known.find_or_start("whatsapp", USER_ID, SENDER) == started
    assert known.find_or_start("whatsapp", USER_ID) == started
    assert known.find_or_start("whatsapp", SENDER) == started
    assert known.find_all("whatsapp", USER_ID, SENDER) == [started]


def test_two_ids_that_lead_to_two_conversations_keep_them_and_the_first_counts(known: Conversations) -> None:
    by_number, by_id = known.find_or_start("whatsapp", SENDER), known.find_or_start("whatsapp", USER_ID)
    assert known.find_or_start("whatsapp", USER_ID, SENDER) == by_id
    assert known.find_or_start("whatsapp", SENDER) == by_number


def test_after_a_new_number_the_old_one_leads_nowhere(known: Conversations, database: Database) -> None:
    started = known.find_or_start("whatsapp", SENDER)
    known.rename("whatsapp", SENDER, "+31600000000")
    assert known.find_all("whatsapp", SENDER) == []
    assert known.find_or_start("whatsapp", "+31600000000") == started
    known.find_or_start("whatsapp", USER_ID, "+31600000000")
    known.rename("whatsapp", USER_ID, "NL.2")
    assert known.find_all("whatsapp", USER_ID) == []
    assert known.find_all("whatsapp", "NL.2") == [started]


def test_a_new_number_with_a_conversation_of_its_own_keeps_it_and_the_old_one_goes(
    known: Conversations, database: Database
) -> None:
    known.find_or_start("whatsapp", SENDER)
    other = known.find_or_start("whatsapp", "+31600000000")
    known.rename("whatsapp", SENDER, "+31600000000")
    assert known.find_all("whatsapp", SENDER) == []
    assert known.find_all("whatsapp", "+31600000000") == [other]
    with database.reading() as connection:
        assert list(connection.scalars(sa.select(conversations.c.id))) == [other]


def test_a_number_that_is_shown_no_more_leads_nowhere_and_the_id_still_does(known: Conversations) -> None:
    started = known.find_or_start("whatsapp", SENDER)
    known.find_or_start("whatsapp", USER_ID, SENDER)
    known.rename("whatsapp", SENDER, USER_ID)
    assert known.find_all("whatsapp", SENDER) == []
    assert known.find_all("whatsapp", USER_ID) == [started]


def test_an_alias_goes_on_under_a_new_key_too(known: Conversations, database: Database) -> None:
    started = known.find_or_start("whatsapp", USER_ID, SENDER)
    rotated = Pseudonyms([TWO, ONE])
    later = Conversations(database, rotated)
    assert later.find_or_start("whatsapp", USER_ID) == started
    with database.reading() as connection:
        assert unused_keys(connection, rotated.names) == []
    assert later.find_or_start("whatsapp", USER_ID, SENDER) == started
    with database.reading() as connection:
        assert unused_keys(connection, rotated.names) == [rotated.names[1]]
    assert Conversations(database, Pseudonyms([TWO])).find_all("whatsapp", SENDER) == [started]


def test_a_database_that_may_only_be_read_is_missing_and_looking_leaves_nothing(
    known: Conversations, database: Database
) -> None:
    assert known.what_is_missing() == []
    with database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(conversations)) == 0
    only_read = "PRAGMA query_only=ON" if database.is_sqlite else "SET ROLE pg_read_all_data"
    database.close()

    @sa.event.listens_for(database.engine, "connect")
    def forbid(connection: Any, record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(only_read)
        connection.commit()

    assert known.what_is_missing() == ["database"]
