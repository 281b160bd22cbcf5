from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from kalm.privacy.pseudonyms import Pseudonyms
from storage import sent
from storage.conversations import Conversations
from storage.database import Database
from storage.erasure import delete_conversations
from storage.schema import whatsapp_sent

NOW = 1_800_000_000.0
REPLY_ID = "0" * 32
MESSAGE_ID = "wamid.of.what.was.sent"


def note(database: Database, conversation_id: str | None = None) -> None:
    with database.writing() as connection:
        sent.note_sent(connection, REPLY_ID, MESSAGE_ID, conversation_id, NOW)


def told(database: Database, status: str, reply_id: str = REPLY_ID, error: int = 0) -> bool:
    with database.writing() as connection:
        return sent.note_status(connection, reply_id, MESSAGE_ID, status, error, NOW)


def row(database: Database) -> Any:
    with database.reading() as connection:
        return connection.execute(sa.select(whatsapp_sent)).one_or_none()


@pytest.mark.parametrize("reply_id", [REPLY_ID, ""], ids=["by our own id", "by the id of Meta"])
def test_the_furthest_status_is_kept_in_whatever_order_they_come(database: Database, reply_id: str) -> None:
    note(database)
    assert row(database).status == "sent"
    assert told(database, "read", reply_id)
    assert not told(database, "delivered", reply_id)
    assert not told(database, "read", reply_id)
    assert row(database).status == "read"
    assert told(database, "failed", reply_id, 131026)
    assert (row(database).status, row(database).error) == ("failed", 131026)


def test_meta_may_tell_of_it_before_it_answers(database: Database) -> None:
    assert told(database, "delivered")
    note(database)
    assert row(database).status == "delivered"


def test_a_status_of_what_kalm_did_not_send_is_nothing(database: Database) -> None:
    assert not told(database, "read", reply_id="")
    assert row(database) is None


def test_it_goes_with_its_conversation_and_an_erased_one_is_not_named(database: Database) -> None:
    conversation_id = Conversations(database, Pseudonyms([bytes(32)])).find_or_start(
        "whatsapp", "31600000001"
    )
    note(database, conversation_id)
    assert row(database).conversation_id == conversation_id
    with database.writing() as connection:
        delete_conversations(connection, [conversation_id])
    assert row(database) is None
    note(database, conversation_id)
    assert row(database).conversation_id is None
