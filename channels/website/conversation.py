"""A conversation on the website: each message is answered once, and all of it can be read again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Connection

from channels.in_time import ANSWER_WITHIN
from channels.limits import refuse_for
from channels.visitor import ARRIVING, OnNewMessage, Said, hand_over
from channels.website.limits import wait_of_session
from kalm.fixed_replies import failure
from kalm.limits import RATE_WINDOW
from kalm.privacy.masking import mask_message
from kalm.reply import Kind
from storage import idempotency
from storage.conversations import Conversations
from storage.erasure import BY_VISITOR, erase
from storage.idempotency import State
from storage.in_order import WaitedTooLongError
from storage.messages import SMALL_TALK, history, judge
from storage.turn import current_turn

NAME = "website"
PAGE = 50
"""Messages of a history that are given at once."""

_POLL = 0.25
"""Seconds between two looks whether another process has answered."""


class UnavailableError(Exception):
    """The message was not answered; it may be sent again.

    Attributes:
        reply: the apology, or whom to call in danger, as data.
    """

    def __init__(self, reply: dict[str, Any]) -> None:
        super().__init__()
        self.reply = reply


class WebsiteConversations:
    """What the routes ask of the storage and of Rasa."""

    def __init__(self, known: Conversations, on_new_message: OnNewMessage) -> None:
        self._known = known
        self._database = known.database
        self._on_new_message = on_new_message

    async def offered_to(self, sender: str) -> set[str]:
        """The payloads that the last reply offered.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database is gone.
        """
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
            TooManyRequestsError: the session sends too much.
            UnavailableError: nothing was kept, or Kalm could only apologise.
            WaitedTooLongError: what came before it, or another process with it, did not end in time.
            sqlalchemy.exc.SQLAlchemyError: the database is gone.
        """
        # In the order in which they came, and the same one again after itself.
        async with self._known.arriving.turn(sender, ARRIVING):
            return await self._answer_in_turn(sender, key, text)

    async def _answer_in_turn(self, sender: str, key: str, text: str) -> dict[str, Any]:
        conversation_id = await asyncio.to_thread(self._known.find_or_start, NAME, sender)
        answered = await self._claimed_or_answered(conversation_id, key)
        if answered is not None:
            return answered

        settled: list[int] = []

        def keep(connection: Connection, reply: list[dict[str, Any]]) -> None:
            # With the message: whoever is killed between the two would leave one that is answered anew.
            idempotency.settle(connection, conversation_id, key, current_turn().number)
            settled.append(current_turn().number)

        said = Said([])
        try:
            said = await hand_over(
                self._known, self._on_new_message, NAME, text, lambda: conversation_id, also_keep=keep
            )
        finally:
            if said.number in settled:  # each write waits for the disk
                kept = await asyncio.to_thread(self._read, conversation_id, said.number)
            else:
                kept = await asyncio.to_thread(self._settle, conversation_id, key, said.number)
        if said.kind == Kind.FAILURE.value or (kept is None and said.kind != Kind.PRIVACY.value):
            raise UnavailableError(_replies(said.parts)[-1])
        # When the conversation was erased, nothing can be read again.
        return kept or {
            "id": key,
            "number": 0,
            "at": time.time(),
            "text": mask_message(text),
            "replies": _replies(said.parts),
            "helped": None,
        }

    async def _claimed_or_answered(self, conversation_id: str, key: str) -> dict[str, Any] | None:
        """None when the message is to be answered here, else the message with its reply.

        Raises:
            WaitedTooLongError: another process did not answer it in the time that a visitor waits.
        """
        until = time.monotonic() + ANSWER_WITHIN
        while True:
            claim = await asyncio.to_thread(self._claim, conversation_id, key)
            if claim.state is State.YOURS:
                return None
            if claim.state is State.ANSWERED:
                answered = await asyncio.to_thread(self._read, conversation_id, claim.message_number)
                if answered is not None:  # else it was erased just now
                    return answered
            if time.monotonic() > until:
                raise WaitedTooLongError("another process answers this message, or died with it")
            await asyncio.sleep(_POLL)

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
        now = time.time()
        with self._database.writing() as connection:
            claim = idempotency.claim(connection, conversation_id, key, now)
            if claim.state is State.YOURS:
                times = idempotency.claimed_since(connection, conversation_id, now - RATE_WINDOW)
                refuse_for(wait_of_session(times[:-1], now))  # not its own claim, which then is undone
            return claim

    def _settle(self, conversation_id: str, key: str, number: int) -> dict[str, Any] | None:
        with self._database.writing() as connection:
            idempotency.settle(connection, conversation_id, key, number)
            return self._row(connection, conversation_id, number)

    def _read(self, conversation_id: str, number: int) -> dict[str, Any] | None:
        with self._database.reading() as connection:
            return self._row(connection, conversation_id, number)

    def _row(self, connection: Connection, conversation_id: str, number: int) -> dict[str, Any] | None:
        """The message of a number, None for 0 or when the conversation was erased meanwhile."""
        rows = history(connection, conversation_id, number - 1, 1) if number else []
        return _message(rows[0]) if rows else None


def _message(row: Any) -> dict[str, Any]:
    return {
        "id": row.key,
        "number": row.number,
        "at": row.at,
        "text": row.text,
        "replies": _replies(row.reply),
        "helped": row.helped,
    }


def _replies(parts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The replies as data; small talk, which has none, gets a kind of its own."""
    data = [part["custom"] for part in parts if "custom" in part]
    if data:
        return data
    talk = [{"kind": SMALL_TALK, "message": part["text"]} for part in parts if part.get("text")]
    return talk or [failure().payload]
