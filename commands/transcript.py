"""``kalm transcript``: all that is kept of a conversation, for the visitor who asks (article 15 GDPR)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from rich.console import Console
from sqlalchemy.engine import Connection

from commands.database import opened
from commands.finding import ChannelOption, ConversationArgument, SenderOption, find
from kalm.conversation import Conversation
from storage.schema import conversations, feedback, handovers, messages


def transcript(
    conversation: ConversationArgument = None, channel: ChannelOption = "", sender: SenderOption = ""
) -> None:
    """Toon alles wat van een gesprek bewaard is: voor wie om inzage vraagt."""
    with opened() as database:
        found = find(database, conversation, channel, sender)
        with database.reading() as connection:
            lines = [line for conversation_id in found for line in _lines(connection, conversation_id)]
    console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
    for line in lines:
        console.print(line)


def _lines(connection: Connection, conversation_id: str) -> Iterator[str]:
    row = connection.execute(sa.select(conversations).where(conversations.c.id == conversation_id)).one()
    yield f"Gesprek {row.id}, via {row.channel}, van {_time(row.started_at)} tot {_time(row.last_at)} (UTC)."
    of_it = messages.c.conversation_id == conversation_id
    for message in connection.execute(sa.select(messages).where(of_it).order_by(messages.c.number)):
        yield ""
        yield f"{_time(message.at)} Bezoeker: {message.text}"
        yield f"  (begrepen als {message.intent}, zekerheid {message.confidence:.2f})"
        for said in message.reply:
            yield from (f"  Kalm: {line}" for line in _said(said))
    yield ""
    of_feedback = feedback.c.conversation_id == conversation_id
    for judged in connection.execute(sa.select(feedback).where(of_feedback)):
        helped = "hielp" if judged.helped else "hielp niet"
        yield f"{_time(judged.at)} Bewaard: een antwoord {helped}. {judged.reason}".strip()
    of_handovers = handovers.c.conversation_id == conversation_id
    for asked in connection.execute(sa.select(handovers).where(of_handovers)):
        yield f"{_time(asked.at)} Bewaard: vraag om een medewerker ({asked.state})."
    yield from _remembered(Conversation.from_slot(row.slots.get("conversation")))


def _remembered(conversation: Conversation) -> Iterator[str]:
    """What of the slot is about the visitor; the rest counts what Kalm said itself."""
    things = {
        "het onderwerp": conversation.topic,
        "de vraag waar het over ging": conversation.question,
        "omstandigheden": ", ".join(conversation.conditions),
        "tekens van gevaar": ", ".join(conversation.dangers),
    }
    told = [f"  {name}: {value}" for name, value in things.items() if value]
    yield "Wat Kalm onthoudt:" if told else "Verder onthoudt Kalm niets."
    yield from told


def _said(said: dict[str, Any]) -> Iterator[str]:
    reply = said.get("custom", {"message": said.get("text", "")})
    parts = [
        reply.get("message", ""),
        *(f"{passage['text']} (Bron: {passage['url']})" for passage in reply.get("passages", ())),
        reply.get("notice", ""),
        reply.get("disclaimer", ""),
    ]
    for part in parts:
        yield from (line for line in part.splitlines() if line.strip())


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%d %H:%M")
