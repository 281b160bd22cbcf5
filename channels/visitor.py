"""A visitor's message on its way to Rasa and back: the same for every channel.

The text is masked before anything sees it, the sender becomes a conversation, and what was not stored was not
answered: then there is an apology, and whoever is in danger hears whom to call all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from kalm import logs
from kalm.danger_replies import apology
from kalm.privacy.masking import mask_message
from kalm.privacy.pseudonyms import pseudonyms
from kalm.reply import Reply
from kalm.settings import settings
from storage.conversations import Conversations
from storage.database import Database
from storage.turn import turn

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]
"""What Rasa gives a channel to hand messages to."""


def conversations() -> Conversations:
    """Where the conversations of this installation are; the database is not opened yet.

    Raises:
        SettingsError: the key of the pseudonyms cannot be used.
    """
    mask_message("ik heet Kalm")  # reads its word lists now, so that the first visitor need not wait for that
    return Conversations(Database(settings().database_url), pseudonyms())


async def converse(
    known: Conversations, on_new_message: OnNewMessage, channel: str, sender: str, text: str
) -> list[dict[str, Any]]:
    """What Kalm says to a message. Whatever happens, it is something.

    Args:
        known: the conversations.
        on_new_message: Rasa.
        channel: name of the channel.
        sender: id as the channel knows it.
        text: as the visitor typed it.

    Returns:
        Messages in order, each with ``text`` or with ``custom``, and the sender as ``recipient_id``.
    """
    conversation_id = ""
    said: list[dict[str, Any]] = []
    with turn() as going_on:
        try:
            conversation_id = await asyncio.to_thread(known.find_or_start, channel, sender)
            collector = CollectingOutputChannel()
            message = UserMessage(mask(text), collector, conversation_id, input_channel=channel)
            await on_new_message(message)
            # What is not stored would be unknown at the next message: nothing was said then.
            said = collector.messages if going_on.saved else []
        except Exception as error:  # the visitor gets an answer all the same
            logs.failure("a message failed", error, conversation=conversation_id or None, channel=channel)
    if not said:
        said = as_messages(apology(text))
    logs.log_message(
        conversation=conversation_id,
        channel=channel,
        kind=going_on.kind or "failure",
        intent=going_on.intent or None,
        milliseconds=going_on.milliseconds,
    )
    return [{**part, "recipient_id": sender} for part in said]


def as_messages(reply: Reply) -> list[dict[str, Any]]:
    """A reply as Rasa's own channel would send it: the text, then the data."""
    return [{"text": reply.text}, {"custom": reply.payload}]
