"""The reply to one message: decided by rules, or by Rasa, and kept before anything is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from sqlalchemy.engine import Connection

from channels.visitor import OnNewMessage, as_messages, hand_over
from channels.whatsapp.conversation import NAME, ForRasa, WhatsAppConversations, forget_with
from kalm import logs
from kalm.danger_replies import apology
from storage import outbox
from storage.conversations import Conversations
from storage.inbox import Claimed

ANSWER_WITHIN = 8.0
"""Seconds after which a visitor hears an apology."""


Suspects = Callable[[str], Awaitable[bool]]
"""Whether a text is understood as danger by more than the rules, which each message is read with anyway."""


async def _suspects_nothing(text: str) -> bool:
    return False


class Answering:
    """Finds replies.

    Attributes:
        suspects_danger: asked of what would wait for consent; nothing of it is kept.
    """

    def __init__(self, known: Conversations, on_new_message: OnNewMessage) -> None:
        self._known = known
        self._database = known.database
        self._on_new_message = on_new_message
        self._conversations = WhatsAppConversations(known)
        self.suspects_danger: Suspects = _suspects_nothing

    async def answer(self, message: Claimed) -> bool:
        """Find and keep the reply to a message; gives whether there is one to send.

        Raises:
            LostClaimError: another worker has the message.
            sqlalchemy.exc.SQLAlchemyError: the database is gone.
        """
        typed = await asyncio.to_thread(self._conversations.text_of_stranger, message)
        is_suspected = bool(typed) and await self.suspects_danger(typed)
        for_rasa = await asyncio.to_thread(self._conversations.take_up, message, is_suspected)
        if for_rasa is not None:
            await self._ask_rasa(message, for_rasa)
        return await asyncio.to_thread(self._has_reply, message)

    async def _ask_rasa(self, message: Claimed, asked: ForRasa) -> None:
        keep = partial(_keep_reply, message, asked)
        try:
            said = await asyncio.wait_for(
                hand_over(
                    self._known,
                    self._on_new_message,
                    NAME,
                    asked.text,
                    lambda: asked.conversation_id,
                    also_keep=keep,
                ),
                ANSWER_WITHIN,
            )
            parts = said.parts
        except asyncio.TimeoutError as error:
            logs.failure("an answer took too long", error, conversation=asked.conversation_id, channel=NAME)
            parts = as_messages(apology(asked.text))
        await asyncio.to_thread(self._keep_unless_kept, message, parts)

    def _keep_unless_kept(self, message: Claimed, parts: list[dict[str, Any]]) -> None:
        """Keep an apology; an answer was kept with the conversation."""
        with self._database.writing() as connection:
            if not outbox.is_answered(connection, message):
                outbox.keep_reply(connection, message, parts)

    def _has_reply(self, message: Claimed) -> bool:
        with self._database.reading() as connection:
            return outbox.is_answered(connection, message)


def _keep_reply(
    message: Claimed, asked: ForRasa, connection: Connection, reply: list[dict[str, Any]]
) -> None:
    forget_with(connection, asked)
    outbox.keep_reply(connection, message, reply)
