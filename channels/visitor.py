"""A visitor's message on its way to Rasa and back: the same for every channel.

The text is cleaned and masked before anything sees it, the sender becomes a conversation, and what was not
stored was not answered: then there is an apology, and whoever is in danger hears whom to call all the same.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from channels.in_time import InTime
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
from storage.messages import Message
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


ARRIVING = 60.0
"""Seconds that a message waits for those of the same sender that came before it. Nobody listens so long, but
what was typed is kept, and in order. What waits longer is lost: its sender was told that it failed."""

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
    known: Conversations, on_new_message: OnNewMessage, channel: str, sender: str, typed: str, in_time: InTime
) -> Said:
    """What Kalm says to a message. Whatever happens, it is something.

    Args:
        known: the conversations.
        on_new_message: Rasa.
        channel: name of the channel.
        sender: id as the channel knows it.
        typed: the text as it came.
        in_time: the answers of the channel.
    """
    text = clean_text(typed)
    # A cry for help is never too long: it goes the whole way, so that the conversation remembers it.
    # When the rules fail, the reply that it is too long names 112 and 113 as well.
    if not text:
        return Said(as_messages(fixed_replies.empty()))
    if is_too_long(text):
        return Said(as_messages(fixed_replies.too_long(LONGEST_TEXT)))
    too_late = asyncio.Event()
    answer = hand_over(
        known,
        on_new_message,
        channel,
        text,
        lambda: known.find_or_start(channel, sender),
        in_turn=known.arriving.turn(sender, ARRIVING),
        is_late=too_late.is_set,
    )
    try:
        return await in_time.wait_for(answer)
    except asyncio.TimeoutError as error:
        logs.failure("an answer took too long", error, channel=channel)
    too_late.set()
    reply = _apology(text)
    return Said(_as_said(reply), kind=_kind_of(reply))


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
    in_turn: AbstractAsyncContextManager[None] | None = None,
    is_late: Callable[[], bool] = lambda: False,
) -> Said:
    """What Kalm says to a text that is neither empty nor too long.

    Args:
        known: the conversations.
        on_new_message: Rasa.
        channel: name of the channel.
        text: cleaned, not masked.
        find: gives the id of the conversation; when it fails, that is one more reason to apologise.
        also_keep: what is kept in the transaction that keeps the reply; an apology is not kept that way.
        in_turn: what is entered first: a queue.
        is_late: whether the visitor has heard an apology because this took so long: that is then what was
            said, and what is kept.
    """
    conversation_id = masked = ""
    has_failed = False
    said: list[dict[str, Any]] = []
    with turn(also_keep) as going_on:
        try:
            async with in_turn or nullcontext():
                masked, conversation_id = await asyncio.to_thread(lambda: (mask_message(text), find()))
                collector = CollectingOutputChannel()
                await on_new_message(UserMessage(masked, collector, conversation_id, input_channel=channel))
            # What is not kept would be unknown at the next message: nothing was said then.
            said = collector.messages if going_on.saved else []
        except Exception as error:  # the visitor gets an answer all the same
            logs.failure("a message failed", error, conversation=conversation_id or None, channel=channel)
            has_failed = True
    if is_late() or not said:
        reply = _apology(text)
        said, going_on.kind = _as_said(reply), _kind_of(reply)
        if reply is not None:
            lost = _unanswered(masked, channel, reply) if has_failed else None
            await _keep_apology(known, conversation_id, going_on, reply, lost)
    if known.lost_the_last and going_on.saved:
        logs.note("messages are kept again", channel=channel)
    known.lost_the_last = not going_on.saved
    logs.log_message(
        conversation=conversation_id or None,
        channel=channel,
        kind=going_on.kind,
        intent=going_on.intent or None,
        milliseconds=going_on.milliseconds,
    )
    return Said(said, going_on.number if going_on.saved else 0, going_on.kind)


def _apology(text: str) -> Reply | None:
    """The apology to a text, or whom to call in danger; None when not even that can be made."""
    try:
        return apology(text)
    except Exception as error:  # an editor's file that cannot be read, for example
        logs.failure("not even an apology could be made", error)
        return None


def _as_said(reply: Reply | None) -> list[dict[str, Any]]:
    return [{"text": _LAST_WORDS}] if reply is None else as_messages(reply)


def _kind_of(reply: Reply | None) -> str:
    return Kind.FAILURE.value if reply is None else reply.kind.value


def _unanswered(masked: str, channel: str, reply: Reply) -> Message:
    """A message that Rasa did not come to read."""
    said = ({"custom": reply.payload},)
    return Message(masked, time.time(), channel, "", 0.0, said, None, {"ranking": [], "entities": []})


async def _keep_apology(
    known: Conversations, conversation_id: str, going_on: Turn, reply: Reply, lost: Message | None
) -> None:
    """Whoever reads it later must see what was typed, and what was said.

    Args:
        known: the conversations.
        conversation_id: "" for none.
        going_on: the message.
        reply: the apology.
        lost: what is to be kept when nothing is; None when nothing can be.
    """
    try:
        if going_on.saved and going_on.number:
            await asyncio.to_thread(known.keep_reply, conversation_id, going_on.number, reply.payload)
        elif not going_on.saved and lost is not None and lost.text and conversation_id:
            going_on.number = await asyncio.to_thread(known.keep_unanswered, conversation_id, lost)
            going_on.saved = bool(going_on.number)
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
