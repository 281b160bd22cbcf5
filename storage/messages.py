"""What people read of a conversation: each message with what was understood and answered.

Made from the events that Rasa gives for one turn, as Rasa writes them (``Event.as_dict``).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from kalm.reply import Kind
from storage.holding import hold
from storage.schema import feedback, handovers, idempotency_keys, messages

Event = Mapping[str, Any]

SMALL_TALK = "small_talk"
"""Kind of a reply without payload."""

NOTHING = "nothing"
"""Kind of a reply that was not given."""

FALLBACK = "nlu_fallback"
"""Rasa's name for an intent of which it is not sure."""

_HELPED = "helped"
_LIKELIEST = 3


@dataclass(frozen=True)
class Message:
    """A visitor's message and the reply to it.

    Attributes:
        text: what was typed, masked.
        at: when, in seconds since 1970.
        channel: name of the channel.
        intent: the winner, or "".
        confidence: of the intent, from 0 to 1.
        reply: what Kalm said, in order: ``{"custom": payload}`` or ``{"text": text}``.
        helped: what the visitor said of an earlier answer, None for nothing.
        understood: ``{"ranking": [[intent, confidence], ...], "entities": [{"start", "end", "entity",
            "value"}, ...]}``, the likeliest intents first, the fallback left out.
    """

    text: str
    at: float
    channel: str
    intent: str
    confidence: float
    reply: tuple[dict[str, Any], ...]
    helped: bool | None
    understood: dict[str, Any]

    @property
    def kind(self) -> str:
        """Kind of the reply."""
        kinds = [said["custom"].get("kind") for said in self.reply if "custom" in said]
        return str(kinds[-1]) if kinds else SMALL_TALK if self.reply else NOTHING

    @property
    def passages(self) -> list[dict[str, str]]:
        """Id and hash of each passage in the reply: which text it was, also after an editor changed it."""
        return [
            {"id": str(passage["id"]), "hash": str(passage["hash"])}
            for said in self.reply
            for passage in said.get("custom", {}).get("passages", ())
        ]


def messages_of(events: Sequence[Event]) -> list[Message]:
    """The messages in the events of a turn; what came before the first belongs to none."""
    starts = [number for number, event in enumerate(events) if event.get("event") == "user"]
    ends = [*starts[1:], len(events)]
    return [_message(events[start:end]) for start, end in zip(starts, ends, strict=False)]


def _message(events: Sequence[Event]) -> Message:
    said = events[0]
    parsed = said.get("parse_data") or {}
    intent = parsed.get("intent") or {}
    return Message(
        text=str(said.get("text") or ""),
        at=float(said["timestamp"]),
        channel=str(said.get("input_channel") or ""),
        intent=str(intent.get("name") or ""),
        confidence=float(intent.get("confidence") or 0),
        reply=tuple(_said(event) for event in events if event.get("event") == "bot"),
        helped=_helped(events),
        understood=_understood(parsed),
    )


def _understood(parsed: Mapping[str, Any]) -> dict[str, Any]:
    guesses = [guess for guess in parsed.get("intent_ranking") or () if guess["name"] != FALLBACK]
    return {
        "ranking": [[guess["name"], guess["confidence"]] for guess in guesses[:_LIKELIEST]],
        "entities": [
            {name: entity[name] for name in ("start", "end", "entity", "value")}
            for entity in parsed.get("entities") or ()
        ],
    }


def _said(event: Event) -> dict[str, Any]:
    custom = (event.get("data") or {}).get("custom")
    return {"custom": custom} if isinstance(custom, dict) else {"text": str(event.get("text") or "")}


def _helped(events: Iterable[Event]) -> bool | None:
    for event in events:
        if event.get("event") == "slot" and event.get("name") == _HELPED and event.get("value") is not None:
            return bool(event["value"])
    return None


def store(
    connection: Connection, conversation_id: str, new: Sequence[Message], after: int, milliseconds: int
) -> int:
    """Keep messages, with the feedback and the handovers in them.

    Args:
        connection: within the transaction that keeps the events.
        conversation_id: which conversation.
        new: in order.
        after: number of the last message that was kept.
        milliseconds: how long the turn took.

    Returns:
        Number of the last message now.
    """
    for number, message in enumerate(new, after + 1):
        id_ = _store_one(connection, conversation_id, number, message, milliseconds)
        if message.helped is not None:
            _store_feedback(connection, conversation_id, number, message.at, message.helped)
        if message.kind == Kind.HANDOFF.value:
            connection.execute(
                handovers.insert().values(
                    conversation_id=conversation_id, message_id=id_, at=message.at, state="open"
                )
            )
    return after + len(new)


def _store_one(
    connection: Connection, conversation_id: str, number: int, message: Message, milliseconds: int
) -> int:
    id_ = secrets.randbits(63)
    # By parameters: with `values` SQLAlchemy takes longer than the database does.
    connection.execute(
        messages.insert(),
        {
            "id": id_,
            "conversation_id": conversation_id,
            "number": number,
            "at": message.at,
            "channel": message.channel,
            "text": message.text,
            "intent": message.intent,
            "confidence": message.confidence,
            "kind": message.kind,
            "reply": list(message.reply),
            "passages": message.passages,
            "milliseconds": milliseconds,
            "understood": message.understood,
        },
    )
    return id_


def _store_feedback(
    connection: Connection, conversation_id: str, number: int, at: float, helped: bool
) -> None:
    """Keep what the visitor said of the last answer before this message; without one it is about nothing."""
    answer = connection.scalar(
        sa.select(messages.c.id)
        .where(messages.c.conversation_id == conversation_id)
        .where(messages.c.number < number)
        .where(messages.c.kind == Kind.ANSWER.value)
        .order_by(messages.c.number.desc())
        .limit(1)
    )
    if answer is not None:
        connection.execute(
            feedback.insert().values(
                conversation_id=conversation_id, message_id=answer, at=at, helped=helped, reason=""
            )
        )


def history(
    connection: Connection, conversation_id: str, after: int, limit: int, *, last: bool = False
) -> list[Row]:
    """Messages of a conversation that came with a key, in order.

    What got an apology and was sent again is one message: the last.

    Args:
        connection: of a transaction.
        conversation_id: which conversation.
        after: number of a message; those after it are given.
        limit: most messages.
        last: only the last message.

    Returns:
        Rows with ``key``, ``number``, ``at``, ``text``, ``reply`` and ``helped``, the last judgement if any.
    """
    keys = idempotency_keys
    helped = (
        sa.select(feedback.c.helped)
        .where(feedback.c.message_id == messages.c.id)
        .order_by(feedback.c.id.desc())
        .limit(1)
        .scalar_subquery()
        .label("helped")
    )
    wanted = (
        sa.select(keys.c.key, messages.c.number, messages.c.at, messages.c.text, messages.c.reply, helped)
        .join(
            keys,
            (keys.c.conversation_id == messages.c.conversation_id)
            & (keys.c.message_number == messages.c.number),
        )
        .where(messages.c.conversation_id == conversation_id, messages.c.number > after)
    )
    number = messages.c.number
    ordered = wanted.order_by(number.desc()).limit(1) if last else wanted.order_by(number).limit(limit)
    return list(connection.execute(ordered))


def judge(
    connection: Connection, conversation_id: str, number: int, at: float, helped: bool, reason: str
) -> bool:
    """Keep what a visitor thinks of an answer, in place of what was thought before.

    Args:
        connection: of a transaction that writes.
        conversation_id: which conversation.
        number: of the message that was answered.
        at: seconds since 1970.
        helped: what the visitor says.
        reason: in the visitor's words, masked; may be empty.

    Returns:
        Whether there is such a message.
    """
    hold(connection, [conversation_id])
    message_id = connection.scalar(
        sa.select(messages.c.id).where(
            messages.c.conversation_id == conversation_id, messages.c.number == number
        )
    )
    if message_id is None:
        return False
    connection.execute(feedback.delete().where(feedback.c.message_id == message_id))
    connection.execute(
        feedback.insert().values(
            conversation_id=conversation_id, message_id=message_id, at=at, helped=helped, reason=reason
        )
    )
    return True
