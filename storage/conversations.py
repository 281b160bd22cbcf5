"""Which conversation a sender is in; the sender's own id is never stored.

A person may be known by more than one id, such as a telephone number and an id of Meta. The conversation has
the pseudonym of the first one; the others are its aliases.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from kalm.privacy.pseudonyms import Pseudonym, Pseudonyms
from storage.database import Database, insert_unless_there
from storage.erasure import delete_conversations
from storage.errors import StorageError
from storage.in_order import InOrder
from storage.messages import Message, store
from storage.migrate import require_newest
from storage.schema import aliases, conversations, messages
from storage.turn import current_turn

# Made once: for each message that takes longer than the query.
_SENDERS = sa.bindparam("senders", expanding=True)
_OF_SENDER = sa.union_all(
    sa.select(conversations.c.id, conversations.c.sender).where(conversations.c.sender.in_(_SENDERS)),
    sa.select(aliases.c.conversation_id, aliases.c.sender).where(aliases.c.sender.in_(_SENDERS)),
)


class _Found(NamedTuple):
    """A conversation, with the pseudonym that leads there."""

    id: str
    sender: str


class Conversations:
    """Finds and starts conversations.

    Attributes:
        database: where they are.
        lost_the_last: the last message could not be kept; the channel sets it, to tell when that is over.
        arriving: the queues of the channel's senders, for who may send before the last answer came.
    """

    def __init__(self, database: Database, pseudonyms: Pseudonyms) -> None:
        self.database = database
        self.lost_the_last = False
        self.arriving = InOrder()
        self._pseudonyms = pseudonyms

    def what_is_missing(self) -> list[str]:
        """What stands in the way of keeping a message, by name; nothing when all seems well.

        A disk that is full shows only when a message is written.
        """
        try:
            require_newest(self.database)
            with self.database.writing() as connection:
                # Of no row, but a database that may only be read refuses it all the same.
                connection.execute(conversations.update().where(sa.false()).values(last_message=0))
        except (StorageError, SQLAlchemyError, OSError):
            return ["database"]
        return []

    def find_all(self, channel: str, *senders: str) -> list[str]:
        """Ids of all conversations of a sender, the newest key's first.

        There are two when a server that was not restarted yet after a rotation began another one.

        Args:
            channel: name of the channel.
            senders: ids of one person as the channel knows them, the one that lasts longest first.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database is gone.
        """
        known = self.pseudonyms_of(channel, senders)
        with self.database.reading() as connection:
            return list(dict.fromkeys(one.id for one in _look(connection, known)))

    def find_or_start(self, channel: str, *senders: str) -> str:
        """Id of the sender's conversation, which is started when there is none.

        A conversation that was found with an older key goes on under the newest, and is found by each of the
        ids from now on. An id that leads to a conversation of its own keeps it.

        Args:
            channel: name of the channel.
            senders: ids of one person as the channel knows them, the one that lasts longest first.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database is gone.
        """
        known = self.pseudonyms_of(channel, senders)
        newest = [self._pseudonyms.all_of(channel, sender)[0] for sender in senders]
        with self.database.reading() as connection:
            found = _look(connection, known)
        if {pseudonym.value for pseudonym in newest} <= {row.sender for row in found}:
            return found[0].id
        with self.database.writing() as connection:
            found = _look(connection, known) or _start(connection, channel, newest[0])
            conversation_id = found[0].id
            leading_there = {one.sender for one in found}
            for sender, pseudonym in zip(senders, newest, strict=True):
                if pseudonym.value not in leading_there:
                    _find_by(connection, conversation_id, self._pseudonyms.all_of(channel, sender), pseudonym)
        return conversation_id

    def rename(self, channel: str, old: str, new: str) -> None:
        """Let a conversation be found by another id; the old one, which may become somebody else's, no more.

        Where the new id leads to a conversation already, the old conversation is erased: nobody could find it
        any more, not even to have it erased.

        Args:
            channel: name of the channel.
            old: id as the channel knew it.
            new: id as the channel knows it now.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database is gone.
        """
        known = self._pseudonyms.all_of(channel, old)
        newest = self._pseudonyms.all_of(channel, new)[0]
        with self.database.writing() as connection:
            found = _look(connection, known)
            if not found:
                return
            under_new = {row.id for row in _look(connection, [newest])}
            if under_new:
                delete_conversations(connection, [str(row.id) for row in found if row.id not in under_new])
            else:
                _call(connection, found[0].sender, newest)
            _call_nothing(connection, known)

    def pseudonyms_of(self, channel: str, senders: Sequence[str]) -> list[Pseudonym]:
        """What each id of a person is known by, under each key.

        Args:
            channel: name of the channel.
            senders: ids of one person as the channel knows them.
        """
        return [pseudonym for sender in senders for pseudonym in self._pseudonyms.all_of(channel, sender)]

    def keep_reply(self, conversation_id: str, number: int, payload: dict[str, Any]) -> None:
        """Keep what was said to a message in place of what is there.

        Args:
            conversation_id: which conversation.
            number: of the message within it.
            payload: of the reply, with its ``kind``.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database is gone.
        """
        with self.database.writing() as connection:
            connection.execute(
                messages.update()
                .where(messages.c.conversation_id == conversation_id, messages.c.number == number)
                .values(reply=[{"custom": payload}], kind=str(payload["kind"]))
            )

    def keep_unanswered(self, conversation_id: str, message: Message) -> int:
        """Keep a message that never reached its turn, with the apology that it got, for who reads it later.

        Args:
            conversation_id: which conversation.
            message: what was typed, masked, and what was said.

        Returns:
            Number of the message; 0 when the conversation was erased meanwhile.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database is gone.
        """
        this = conversations.c.id == conversation_id
        with self.database.writing() as connection:
            last = sa.select(conversations.c.last_message).where(this).with_for_update()
            before = connection.scalar(last)
            if before is None:
                return 0
            number = store(connection, conversation_id, [message], before, 0)
            connection.execute(conversations.update().where(this).values(last_message=number))
        return number


def unused_keys(connection: Connection, names: tuple[str, ...]) -> list[str]:
    """Which keys made no pseudonym that is still there."""
    used = {
        name
        for table in (conversations, aliases)
        for name in connection.scalars(sa.select(table.c.sender_key).distinct())
    }
    return [name for name in names if name not in used]


def beginning_with(connection: Connection, number: str) -> list[str]:
    """The conversations whose id begins with this, two at most: the log shows the first 16 digits."""
    begins = conversations.c.id.startswith(number, autoescape=True)
    return list(connection.scalars(sa.select(conversations.c.id).where(begins).limit(2)))


def new_id() -> str:
    """A conversation id: 128 random bits."""
    return secrets.token_hex(16)


def _look(connection: Connection, known: Sequence[Pseudonym]) -> list[_Found]:
    """The conversations of a sender with the pseudonym that led there, in the order of the pseudonyms."""
    values = [pseudonym.value for pseudonym in known]
    order = {value: number for number, value in enumerate(values)}
    found = [_Found(*row) for row in connection.execute(_OF_SENDER, {"senders": values})]
    return sorted(found, key=lambda one: order[one.sender])


def _start(connection: Connection, channel: str, pseudonym: Pseudonym) -> list[_Found]:
    """Start the conversation of a sender, or find the one that another process starts now."""
    now, id_ = time.time(), new_id()
    is_ours = insert_unless_there(
        connection,
        conversations,
        id=id_,
        sender=pseudonym.value,
        sender_key=pseudonym.key,
        channel=channel,
        started_at=now,
        last_at=now,
        last_event=0,
        last_message=0,
        slots={},
    )
    if not is_ours:
        return _look(connection, [pseudonym])
    current_turn().began = id_
    return [_Found(id_, pseudonym.value)]


def _find_by(
    connection: Connection, conversation_id: str, known: Sequence[Pseudonym], newest: Pseudonym
) -> None:
    """Let a conversation be found by the newest pseudonym of an id."""
    found = _look(connection, known)
    if any(row.sender == newest.value for row in found):
        return
    if found:
        _call(connection, found[0].sender, newest)
    else:
        insert_unless_there(
            connection,
            aliases,
            sender=newest.value,
            sender_key=newest.key,
            conversation_id=conversation_id,
        )


def _call_nothing(connection: Connection, known: Sequence[Pseudonym]) -> None:
    """Let these pseudonyms lead nowhere."""
    values = [pseudonym.value for pseudonym in known]
    connection.execute(aliases.delete().where(aliases.c.sender.in_(values)))
    nameless = conversations.update().where(conversations.c.sender.in_(values))
    connection.execute(nameless.values(sender=None, sender_key=None))


def _call(connection: Connection, sender: str, pseudonym: Pseudonym) -> None:
    """Give another pseudonym in place of one that there is."""
    for table in (conversations, aliases):
        connection.execute(
            table.update()
            .where(table.c.sender == sender)
            .values(sender=pseudonym.value, sender_key=pseudonym.key)
        )
