"""The reply to one message: decided by rules, or by Rasa, and kept before anything is sent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.in_time import ANSWER_WITHIN
from channels.visitor import OnNewMessage, as_messages, hand_over
from channels.whatsapp.acting import Act, Lately
from channels.whatsapp.conversation import NAME, Person, person_of, typed_in
from channels.whatsapp.deciding import Decision, Do, decide
from kalm import logs
from kalm.danger_replies import apology
from storage import held, outbox
from storage.claiming import Claimed
from storage.conversations import Conversations
from storage.erasure import BY_VISITOR, erase
from storage.schema import conversations

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
        self._lately = Lately()
        self.suspects_danger: Suspects = _suspects_nothing

    async def answer(self, message: Claimed) -> bool:
        """Find and keep the reply to a message; gives whether there is one to send.

        Raises:
            LostClaimError: another worker has the message.
            sqlalchemy.exc.SQLAlchemyError: the database is gone.
        """
        person = await asyncio.to_thread(person_of, message, self._known)
        typed = typed_in(message)
        if typed.text and not person.known.agrees and not message.is_urgent:
            typed = replace(typed, is_suspected=await self.suspects_danger(typed.text))
        decision = decide(typed, person.known, time.time())
        if decision.do in (Do.RASA, Do.RASA_AS_ONE):
            conversation_id = await asyncio.to_thread(self._prepare, message, person, decision)
            await self._ask_rasa(message, person, decision.text, conversation_id)
            return True
        return await asyncio.to_thread(self._act, message, person, decision)

    def _act(self, message: Claimed, person: Person, decision: Decision) -> bool:
        """Do what needs no Rasa; gives whether there is a reply to send."""
        conversation_id = self._known.find_or_start(NAME, *person.ids) if decision.do is Do.AGREE else ""
        with self._database.writing() as connection:
            act = Act(connection, message, person, decision, conversation_id, time.time(), self._lately)
            act.do()
        act.remember()
        return act.has_reply

    def _prepare(self, message: Claimed, person: Person, decision: Decision) -> str:
        """Make ready for Rasa; gives the conversation."""
        conversation_id = self._known.find_or_start(NAME, *person.ids)
        if person.known.held:
            with self._database.writing() as connection:
                Act(connection, message, person, decision, conversation_id, time.time(), self._lately).do()
        return conversation_id

    async def _ask_rasa(self, message: Claimed, person: Person, text: str, conversation_id: str) -> None:
        others = tuple(one for one in person.found if one != conversation_id)

        def keep(connection: Connection, reply: list[dict[str, Any]]) -> None:
            if _is_erased(connection, conversation_id):
                _erase_the_rest(connection, others, person.senders)
            outbox.keep_reply(connection, message, reply)

        asked = hand_over(
            self._known, self._on_new_message, NAME, text, lambda: conversation_id, also_keep=keep
        )
        try:
            parts = (await asyncio.wait_for(asked, ANSWER_WITHIN)).parts
        except asyncio.TimeoutError as error:
            logs.failure("an answer took too long", error, conversation=conversation_id, channel=NAME)
            parts = as_messages(apology(text))
        await asyncio.to_thread(self._keep_unless_kept, message, parts)

    def _keep_unless_kept(self, message: Claimed, parts: list[dict[str, Any]]) -> None:
        """Keep an apology; an answer was kept with the conversation."""
        with self._database.reading() as connection:
            if outbox.is_answered(connection, message):
                return
        with self._database.writing() as connection:
            if not outbox.is_answered(connection, message):  # a late answer may have come just now
                outbox.keep_reply(connection, message, parts)


def _is_erased(connection: Connection, conversation_id: str) -> bool:
    found = sa.select(conversations.c.id).where(conversations.c.id == conversation_id)
    return connection.scalar(found) is None


def _erase_the_rest(connection: Connection, others: Sequence[str], senders: Sequence[str]) -> None:
    """Erase what else there is of somebody, in the transaction in which Rasa had the conversation erased."""
    for conversation_id in sorted(others):
        erase(connection, conversation_id, BY_VISITOR)
    held.drop_held(connection, senders)
