"""A conversation on the website: each message is answered once, and all of it can be read again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from channels.visitor import OnNewMessage, Said, converse
from channels.website.limits import WINDOW
from kalm.fixed_replies import failure
from kalm.privacy.masking import mask_message
from kalm.reply import Kind
from storage import idempotency
from storage.conversations import Conversations
from storage.database import Database
from storage.erasure import BY_VISITOR, erase
from storage.idempotency import State
from storage.messages import SMALL_TALK, history, judge

NAME = "website"
PAGE = 50
"""Messages of a history that are given at once."""

_POLL = 0.1


class Unavailable(Exception):  # noqa: N818  (what the visitor meets)
    """The message was not answered; it may be sent again.

    Attributes:
        reply: the apology, or whom to call in danger, as data.
    """

    def __init__(self, reply: dict[str, Any]) -> None:
        super().__init__()
        self.reply = reply


class WebsiteConversations:
    """What the routes ask of the storage and of Rasa."""

    def __init__(self, known: Conversations, database: Database, on_new_message: OnNewMessage) -> None:
        self._known = known
        self._database = database
        self._on_new_message = on_new_message

    async def times_of(self, sender: str) -> list[float]:
        """When the messages of the last minute came, in seconds since 1970, in order."""

        def read() -> list[float]:
            with self._database.reading() as connection:
                return [
                    at
                    for conversation_id in self._known.find_all(NAME, sender)
                    for at in idempotency.claimed_since(connection, conversation_id, time.time() - WINDOW)
                ]

        return await asyncio.to_thread(read)

    async def offered_to(self, sender: str) -> set[str]:
        """The payloads that the last reply offered."""
        last = await self.history(sender, last=True)
        return {
            str(suggestion["payload"])
            for message in last
            for reply in message["replies"]
            for suggestion in reply.get("suggestions", ())
        }

    async def answer(self, sender: str, key: str, text: str) -> dict[str, Any]:
        """The message with its reply; the same key twice gives the same.

        Args:
            sender: of the session.
            key: the element's own id of the message.
            text: cleaned, not masked.

        Raises:
            Unavailable: nothing was kept, or Kalm could only apologise.
            sqlalchemy.exc.SQLAlchemyError: the database is gone.
        """
        conversation_id = await asyncio.to_thread(self._known.find_or_start, NAME, sender)
        while True:
            claim = await asyncio.to_thread(self._claim, conversation_id, key)
            if claim.state is State.ANSWERED:
                return await asyncio.to_thread(self._read, conversation_id, claim.message_number)
            if claim.state is State.YOURS:
                break
            await asyncio.sleep(_POLL)
        said = Said([])
        try:
            said = await converse(self._known, self._on_new_message, NAME, sender, text)
        finally:
            await asyncio.to_thread(self._settle, conversation_id, key, said.number)
        if said.kind == Kind.FAILURE.value or (not said.number and said.kind != Kind.PRIVACY.value):
            raise Unavailable(_replies(said.parts)[-1])
        if said.number:
            return await asyncio.to_thread(self._read, conversation_id, said.number)
        # The conversation was erased, so that nothing can be read again.
        return {
            "id": key,
            "number": 0,
            "at": time.time(),
            "text": mask_message(text),
            "replies": _replies(said.parts),
        }

    async def history(self, sender: str, after: int = 0, last: bool = False) -> list[dict[str, Any]]:
        """Messages after a number, in order, one more than a page at most; or only the last.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database is gone.
        """

        def read() -> list[dict[str, Any]]:
            found = self._known.find_all(NAME, sender)[:1]
            with self._database.reading() as connection:
                rows = [row for id_ in found for row in history(connection, id_, after, PAGE + 1, last=last)]
            return [_message(row) for row in rows]

        return await asyncio.to_thread(read)

    async def erase(self, sender: str) -> str:
        """Erase what there is of a sender; gives the receipt number, "" when there was nothing.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database is gone.
        """

        def delete() -> str:
            receipt = ""
            for conversation_id in self._known.find_all(NAME, sender):
                with self._database.writing() as connection:
                    receipt = erase(connection, conversation_id, BY_VISITOR)
            return receipt

        return await asyncio.to_thread(delete)

    async def judge(self, sender: str, number: int, helped: bool, reason: str) -> bool:
        """Keep what the visitor thinks of an answer; gives whether there is such a message.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database is gone.
        """

        def keep() -> bool:
            found = self._known.find_all(NAME, sender)[:1]
            with self._database.writing() as connection:
                masked = mask_message(reason)
                return any(judge(connection, id_, number, time.time(), helped, masked) for id_ in found)

        return await asyncio.to_thread(keep)

    def _claim(self, conversation_id: str, key: str) -> idempotency.Claim:
        with self._database.writing() as connection:
            return idempotency.claim(connection, conversation_id, key, time.time())

    def _settle(self, conversation_id: str, key: str, number: int) -> None:
        with self._database.writing() as connection:
            idempotency.settle(connection, conversation_id, key, number)

    def _read(self, conversation_id: str, number: int) -> dict[str, Any]:
        with self._database.reading() as connection:
            (row,) = history(connection, conversation_id, number - 1, 1)
        return _message(row)


def _message(row: Any) -> dict[str, Any]:
    return {
        "id": row.key,
        "number": row.number,
        "at": row.at,
        "text": row.text,
        "replies": _replies(row.reply),
    }


def _replies(parts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The replies as data; small talk, which has none, gets a kind of its own."""
    data = [part["custom"] for part in parts if "custom" in part]
    if data:
        return data
    talk = [{"kind": SMALL_TALK, "message": part["text"]} for part in parts if part.get("text")]
    return talk or [failure().payload]
