"""Storing what a webhook brought, in one transaction, without the names and numbers that people type."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy.engine import Connection

from channels.visitor import clean_text
from channels.whatsapp.conversation import NAME
from channels.whatsapp.deciding import tells_of_danger
from channels.whatsapp.inbound.payload import Delivery, Incoming, NumberChange, Status
from channels.whatsapp.outbound.meta_errors import BY_CODE, UNKNOWN
from kalm import logs
from kalm.privacy.masking import mask_message
from kalm.privacy.pseudonyms import Pseudonyms
from storage import inbox, outbox, sent
from storage.conversations import Conversations
from storage.inbox import Received

_REPLY_ID = re.compile(r"[0-9a-f]{32}")


class Receiver:
    """Stores what Meta posts."""

    def __init__(self, known: Conversations, pseudonyms: Pseudonyms) -> None:
        self._known = known
        self._pseudonyms = pseudonyms

    def store(self, delivery: Delivery, now: float) -> int:
        """Store a post; gives how many of its messages were new.

        Args:
            delivery: what was in it.
            now: seconds since 1970.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database is gone; nothing of the post is stored.
        """
        for change in delivery.changes:
            self._follow(change, now)
        received = [self._masked(message, now) for message in delivery.messages]
        if delivery.others:
            logs.note("a webhook held what is not for Kalm", channel=NAME, parts=delivery.others)
        if not received and not delivery.statuses:
            return 0
        with self._known.database.writing() as connection:
            new = inbox.receive(connection, received, now)
            told = _note_statuses(connection, delivery.statuses, now)
        if new < len(received):
            logs.note("messages came again and were known", channel=NAME, messages=len(received) - new)
        for status in told:
            _tell_of_failure(status)
        return new

    def _masked(self, message: Incoming, now: float) -> Received:
        text = _masked_text(message.text)
        return Received(
            message_id=message.id,
            sender=self._pseudonyms.all_of(NAME, message.sender.key)[0].value,
            address={"user_id": message.sender.user_id, "phone": message.sender.phone},
            # What nobody can have typed yet would wait, and be answered after what was typed later.
            at=min(message.at, now) if message.at else now,
            kind=message.kind.value,
            text=text,
            chosen=message.chosen,
            is_urgent=tells_of_danger(text),
        )

    def _follow(self, change: NumberChange, now: float) -> None:
        """Let a conversation be found by what a person is called now.

        A change that comes again may be of a number that is another person's by now.
        """
        database = self._known.database
        with database.reading() as connection:
            if inbox.is_known(connection, change.id):
                return
        for old, new in (
            (change.old.user_id, change.new.user_id),
            (change.old.phone, change.new.phone),
        ):
            if old and old not in change.new.known_as:
                self._known.rename(NAME, old, new or change.new.key)
        with database.writing() as connection:
            inbox.note_id(connection, change.id, now)


def _masked_text(typed: str) -> str:
    """What was typed without names and numbers; nothing when that fails: it may hold them."""
    text = clean_text(typed)
    try:
        return mask_message(text) if text else ""
    except Exception as error:
        logs.failure("a message could not be masked and is stored without its words", error, channel=NAME)
        return ""


def _note_statuses(connection: Connection, statuses: Sequence[Status], now: float) -> list[Status]:
    """Keep what Meta tells of replies; gives what was news."""
    told = []
    for status in sorted(statuses, key=lambda one: (one.reply, one.id)):  # see storage.inbox.receive
        if not status.status:
            continue
        reply_id = status.reply if _REPLY_ID.fullmatch(status.reply) else ""
        if sent.note_status(connection, reply_id, status.id, status.status, status.error, now):
            told.append(status)
        if reply_id:
            outbox.settle_reply(connection, reply_id, now)
    return told


def _tell_of_failure(status: Status) -> None:
    if status.status != "failed":
        return
    behaviour = BY_CODE.get(status.error, UNKNOWN)
    logs.alarm("a reply was not delivered", channel=NAME, reason=behaviour.reason, code=status.error)
