"""A worker with a real database between a stand-in of Rasa and one of the way to Meta."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from rasa.core.channels.channel import UserMessage

from channels.whatsapp.answering import Answering
from channels.whatsapp.inbound.payload import read
from channels.whatsapp.inbound.receiving import Receiver
from channels.whatsapp.outbound.delivering import Deliverer
from channels.whatsapp.outbound.rendering import Outgoing
from channels.whatsapp.worker import Workers
from kalm.channel_replies import consent_hash
from kalm.fixed_replies import failure
from kalm.privacy.pseudonyms import Pseudonyms
from storage import consents
from storage.conversations import Conversations
from storage.database import Database
from storage.schema import whatsapp_inbox
from storage.turn import current_turn
from tests.channels.whatsapp.payloads import PHONE, PHONE_NUMBER_ID, text_message, webhook

PATIENCE = 10.0


class Meta:
    """Stands in for the way to Meta.

    Attributes:
        sent: what was taken, with to whom.
        errors: raised by the next sends, one each; None for one that succeeds.
    """

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.errors: list[Exception | None] = []
        self.closed = False

    async def send(self, address: Mapping[str, str], message: Outgoing, reply_id: str) -> str:
        error = self.errors.pop(0) if self.errors else None
        if error is not None:
            raise error
        self.sent.append((address["phone"], message.text))
        return f"wamid.{reply_id}"

    async def show_reading(self, message_id: str) -> None:
        pass

    async def close(self) -> None:
        self.closed = True


class Rasa:
    """Stands in for Rasa and its tracker store, which keeps the reply with the conversation.

    Attributes:
        heard: texts that reached it.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.heard: list[str] = []

    async def __call__(self, message: UserMessage) -> None:
        self.heard.append(message.text)
        payload = {**failure().payload, "kind": "answer", "message": f"over {message.text}"}
        await message.output_channel.send_custom_json(message.sender_id, payload)
        now = current_turn()
        with self.database.writing() as connection:
            assert now.also_keep is not None
            now.also_keep(connection, [{"custom": payload}])
        now.saved, now.kind, now.number = True, "answer", 1


class House:
    """A worker with its database, between the two."""

    def __init__(self, database: Database) -> None:
        keys = Pseudonyms([bytes(32)])
        self.database = database
        self.known = Conversations(database, keys)
        self.receiver = Receiver(self.known, keys)
        self.rasa, self.meta = Rasa(database), Meta()
        self.answering = Answering(self.known, self.rasa)
        self.deliverer = Deliverer(self.known, self.meta)  # type: ignore[arg-type]

    def agree(self, phone: str = PHONE) -> None:
        id_ = self.known.find_or_start("whatsapp", phone)
        with self.database.writing() as connection:
            consents.agree(connection, id_, consent_hash(), time.time())

    def receive(self, *texts: str, phone: str = PHONE) -> None:
        at = int(time.time()) - 10
        messages = [
            text_message(text, id=f"wamid.{phone}.{number}.{text}", phone=phone, at=at + number)
            for number, text in enumerate(texts)
        ]
        self.receiver.store(read(webhook(messages), PHONE_NUMBER_ID), time.time())

    def work(self, until: Any, patience: float = PATIENCE) -> None:
        """Let a worker work until something holds, then stop it."""

        async def run() -> None:
            workers = Workers(self.database, self.answering, self.deliverer)
            workers.start()
            deadline = time.monotonic() + patience
            while not until() and time.monotonic() < deadline:
                await asyncio.sleep(0.02)
            await asyncio.wait_for(workers.stop(), 10)

        asyncio.run(run())
        assert until(), (self.meta.sent, self.left())

    def left(self) -> list[tuple[str, str]]:
        """State and reason of what is in the inbox."""
        with self.database.reading() as connection:
            rows = connection.execute(sa.select(whatsapp_inbox.c.state, whatsapp_inbox.c.reason))
            return sorted(tuple(row) for row in rows)

    def hurry(self) -> None:
        """Nothing waits any more."""
        with self.database.writing() as connection:
            connection.execute(whatsapp_inbox.update().values(try_at=0.0, claimed_until=0.0))
