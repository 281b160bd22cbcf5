from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from channels.whatsapp.inbound.payload import read
from channels.whatsapp.inbound.receiving import Receiver
from kalm.privacy.pseudonyms import Pseudonyms
from storage.conversations import Conversations
from storage.database import Database
from storage.schema import whatsapp_inbox, whatsapp_sent
from tests.channels.whatsapp.payloads import PHONE, PHONE_NUMBER_ID, status, text_message, webhook
from tests.storage.conftest import address, database, migrated_sqlite

__all__ = ["address", "database", "migrated_sqlite"]  # the fixtures

NOW = 1_800_000_000.0


@pytest.fixture
def sort() -> str:
    return "sqlite"


@pytest.fixture
def receiver(database: Database) -> Receiver:
    keys = Pseudonyms([bytes(32)])
    return Receiver(Conversations(database, keys), keys)


def post(receiver: Receiver, *messages: dict[str, Any], **options: Any) -> int:
    return receiver.store(read(webhook(messages, **options), PHONE_NUMBER_ID), NOW)


def rows(database: Database) -> list[Any]:
    with database.reading() as connection:
        return list(connection.execute(sa.select(whatsapp_inbox).order_by(whatsapp_inbox.c.id)))


def test_what_is_stored_has_no_names_and_numbers_that_were_typed(
    receiver: Receiver, database: Database
) -> None:
    text = "/ik ben Henk de Vries en mijn nummer is 06 12345678"
    assert post(receiver, text_message(text, id="wamid.1")) == 1
    (row,) = rows(database)
    assert row.text.startswith("ik ben [")
    assert "Vries" not in row.text
    assert "12345678" not in row.text
    assert PHONE not in row.sender
    assert row.address == {"user_id": "", "phone": PHONE}


def test_all_of_a_post_is_stored_or_nothing(receiver: Receiver, database: Database) -> None:
    assert post(receiver, text_message("een", id="wamid.1"), text_message("twee", id="wamid.2")) == 2
    assert post(receiver, text_message("een", id="wamid.1"), text_message("drie", id="wamid.3")) == 1
    assert [row.text for row in rows(database)] == ["een", "twee", "drie"]


def test_a_time_that_is_missing_or_still_to_come_is_now(receiver: Receiver, database: Database) -> None:
    post(receiver, text_message("een", id="wamid.1", at=0), text_message("twee", id="wamid.2", at=2**33))
    post(receiver, text_message("drie", id="wamid.3", at=int(NOW) - 60))
    assert [row.at for row in rows(database)] == [NOW, NOW, NOW - 60]


def test_a_post_without_anything_for_kalm_writes_nothing(receiver: Receiver, database: Database) -> None:
    assert receiver.store(read({"entry": []}, PHONE_NUMBER_ID), NOW) == 0
    assert post(receiver, text_message("een", id="wamid.1"), phone_number_id="1") == 0
    assert rows(database) == []


def test_a_status_with_another_tools_mark_is_not_kept(receiver: Receiver, database: Database) -> None:
    told = [status("wamid.x", "read", reply="een-ander-programma"), status("wamid.y", "sent", reply="0" * 32)]
    receiver.store(read(webhook(statuses=told), PHONE_NUMBER_ID), NOW)
    with database.reading() as connection:
        assert list(connection.scalars(sa.select(whatsapp_sent.c.reply_id))) == ["0" * 32]
