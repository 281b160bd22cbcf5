"""Who wrote, and what is known of them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from channels.visitor import clean_text
from channels.whatsapp.deciding import Held, Known, Typed
from channels.whatsapp.inbound.kinds import Kind
from kalm.conversation import Conversation
from storage import consents, held
from storage.claiming import Claimed
from storage.conversations import Conversations
from storage.schema import conversations

NAME = "whatsapp"


@dataclass(frozen=True)
class Person:
    """Who wrote a message.

    Attributes:
        ids: Meta's, the one that lasts longest first.
        senders: all pseudonyms.
        found: ids of all conversations, the one that goes on first.
        known: what the rules are told.
    """

    ids: tuple[str, ...]
    senders: tuple[str, ...]
    found: tuple[str, ...]
    known: Known


def person_of(message: Claimed, known: Conversations) -> Person:
    """Who wrote a message, and what is known of them now.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database is gone.
    """
    ids = ids_of(message)
    senders = tuple(pseudonym.value for pseudonym in known.pseudonyms_of(NAME, ids))
    found = tuple(known.find_all(NAME, *ids))
    return Person(ids, senders, found, _what_is_known(known, found, senders))


def _what_is_known(known: Conversations, found: Sequence[str], senders: Sequence[str]) -> Known:
    with known.database.reading() as connection:
        waiting = tuple(Held(row.text, row.try_at, row.asked_at) for row in held.held_of(connection, senders))
        if not found:
            return Known(held=waiting)
        slots = connection.scalar(sa.select(conversations.c.slots).where(conversations.c.id == found[0]))
        consent = consents.consent_of(connection, found[0])
    remembered = Conversation.from_slot((slots or {}).get("conversation"), int(time.time()))
    stopped_at = consent.stopped_at if consent else 0
    in_danger = remembered.is_in_danger and remembered.danger_at >= int(stopped_at)
    return Known(found[0], consent, in_danger, waiting)


def ids_of(message: Claimed) -> tuple[str, ...]:
    """Meta's ids of who wrote, the one that lasts longest first."""
    return tuple(one for one in (message.address["user_id"], message.address["phone"]) if one)


def typed_in(message: Claimed) -> Typed:
    """What was sent; of a template's button, which is not Kalm's, the title counts."""
    is_own = message.kind in (Kind.BUTTON_REPLY.value, Kind.LIST_REPLY.value)
    chosen = clean_text(message.chosen) if is_own else ""
    return Typed(Kind(message.kind), clean_text(message.text), chosen, message.at)
