"""A visitor's message on its way to Rasa and back: the same for every channel.

The text is cleaned and masked before anything sees it, the sender becomes a conversation, and what was not
stored was not answered: then there is an apology, and whoever is in danger hears whom to call all the same.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from kalm import fixed_replies, logs
from kalm.danger_replies import apology
from kalm.limits import LONGEST_TEXT
from kalm.privacy.masking import mask_message
from kalm.privacy.pseudonyms import pseudonyms
from kalm.reply import Kind, Reply
from kalm.safety import danger_in
from kalm.safety.fallback import unless_it_fails
from kalm.settings import settings
from storage.conversations import Conversations
from storage.database import Database
from storage.turn import AlsoKeep, Turn, turn

_COMMAND_PREFIX = re.compile(r"^[\s/]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

_LAST_WORDS = (
    "Er gaat bij mij iets mis, daarom kan ik je nu niet antwoorden. In nood bel je 112. "
    "Denk je aan zelfdoding, bel dan 113, in België 1813, dag en nacht. Ik ben een chatbot; dit is geen "
    "medisch advies."
)
"""For when the sentences of editors cannot be read, so that it cannot come from there."""


@dataclass(frozen=True)
class Said:
    """What Kalm says to one message.

    Attributes:
        parts: in order, each with ``text`` or with ``custom``.
        number: of the message within its conversation; 0 when nothing of it is kept.
        kind: of the reply, for example "failure"; "" for what never reached Rasa.
    """

    parts: list[dict[str, Any]]
    number: int = 0
    kind: str = ""


OnNewMessage = Callable[[UserMessage], Awaitable[Any]]
"""What Rasa gives a channel to hand messages to."""


def conversations() -> Conversations:
    """Where the conversations of this installation are; the database is not opened yet.

    Raises:
        SettingsError: the key of the pseudonyms cannot be used.
    """
    # Read now what is needed later: the first visitor need not wait, and an apology can be made whatever an
    # editor changes meanwhile.
    mask_message("ik heet Kalm")
    apology("")
    return Conversations(Database(settings().database_url), pseudonyms())


async def converse(
    known: Conversations, on_new_message: OnNewMessage, channel: str, sender: str, typed: str
) -> Said:
    """What Kalm says to a message. Whatever happens, it is something.

    Args:
        known: the conversations.
        on_new_message: Rasa.
        channel: name of the channel.
        sender: id as the channel knows it.
        typed: the text as it came.
    """
    text = clean_text(typed)
    # A cry for help is never too long: it goes the whole way, so that the conversation remembers it.
    # When the rules fail, the reply that it is too long names 112 and 113 as well.
    if not text:
        return Said(as_messages(fixed_replies.empty()))
    if is_too_long(text):
        return Said(as_messages(fixed_replies.too_long(LONGEST_TEXT)))
    return await hand_over(known, on_new_message, channel, text, lambda: known.find_or_start(channel, sender))


def is_too_long(text: str) -> bool:
    """Whether a cleaned text is longer than a message may be, and tells of no danger."""
    return len(text) > LONGEST_TEXT and unless_it_fails(danger_in, text) is None


async def hand_over(
    known: Conversations,
    on_new_message: OnNewMessage,
    channel: str,
    text: str,
    find: Callable[[], str],
    also_keep: AlsoKeep | None = None,
) -> Said:
    """What Kalm says to a text that is neither empty nor too long.

    Args:
        known: the conversations.
        on_new_message: Rasa.
        channel: name of the channel.
        text: cleaned, not masked.
        find: gives the id of the conversation; when it fails, that is one more reason to apologise.
        also_keep: what is kept in the transaction that keeps the reply; an apology is not kept that way.
    """
    conversation_id = ""
    said: list[dict[str, Any]] = []
    with turn(also_keep) as going_on:
        try:
            masked = await asyncio.to_thread(mask_message, text)
            conversation_id = await asyncio.to_thread(find)
            collector = CollectingOutputChannel()
            await on_new_message(UserMessage(masked, collector, conversation_id, input_channel=channel))
            # What is not kept would be unknown at the next message: nothing was said then.
            said = collector.messages if going_on.saved else []
        except Exception as error:  # the visitor gets an answer all the same
            logs.failure("a message failed", error, conversation=conversation_id or None, channel=channel)
    if known.lost_the_last and going_on.saved:
        logs.note("messages are kept again", channel=channel)
    known.lost_the_last = not going_on.saved
    if not said:
        said = await _apologise(known, conversation_id, going_on, text)
    logs.log_message(
        conversation=conversation_id or None,
        channel=channel,
        kind=going_on.kind,
        intent=going_on.intent or None,
        milliseconds=going_on.milliseconds,
    )
    return Said(said, going_on.number if going_on.saved else 0, going_on.kind)


async def _apologise(
    known: Conversations, conversation_id: str, going_on: Turn, text: str
) -> list[dict[str, Any]]:
    try:
        reply = apology(text)
    except Exception as error:  # an editor's file that cannot be read, for example
        logs.failure("not even an apology could be made", error, conversation=conversation_id or None)
        going_on.kind = Kind.FAILURE.value
        return [{"text": _LAST_WORDS}]
    going_on.kind = reply.kind.value
    await _keep_apology(known, conversation_id, going_on, reply)
    return as_messages(reply)


async def _keep_apology(known: Conversations, conversation_id: str, going_on: Turn, reply: Reply) -> None:
    """Beside a message that was kept and not answered: whoever reads it later must see what was said."""
    if not going_on.saved or not going_on.number:
        return
    try:
        await asyncio.to_thread(known.keep_reply, conversation_id, going_on.number, reply.payload)
    except Exception as error:
        logs.failure("an apology could not be kept", error, conversation=conversation_id)


def clean_text(typed: str) -> str:
    """A text without what nobody types; empty when nothing but signs of a command are left.

    JSON may carry halves of surrogate pairs, which neither spaCy nor UTF-8 accept, and control characters, of
    which PostgreSQL refuses one. Rasa takes a text that begins with "/" for a command.
    """
    return _COMMAND_PREFIX.sub("", writable(typed)).strip()


def writable(text: str) -> str:
    """A text that can be stored and sent."""
    return _CONTROL.sub("", text.encode("utf-8", "ignore").decode())


def as_messages(reply: Reply) -> list[dict[str, Any]]:
    """A reply as Rasa's own channel would send it: the text, then the data."""
    return [{"text": reply.text}, {"custom": reply.payload}]
