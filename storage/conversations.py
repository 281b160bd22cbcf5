"""Which conversation a sender is in; the sender's own id is never stored."""

from __future__ import annotations

import secrets
import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import SQLAlchemyError

from kalm.privacy.pseudonyms import Pseudonym, Pseudonyms
from storage.database import Database, insert_unless_there
from storage.errors import StorageError
from storage.migrate import require_newest
from storage.schema import conversations, messages


class Conversations:
    """Finds and starts conversations.

    Attributes:
        database: where they are.
        lost_the_last: the last message could not be kept; the channel sets it, to tell when that is over.
    """

    def __init__(self, database: Database, pseudonyms: Pseudonyms) -> None:
        self.database = database
        self.lost_the_last = False
        self._pseudonyms = pseudonyms

    def what_is_missing(self) -> list[str]:
        """What stands in the way of keeping a message, by name; nothing when all seems well.

        A disk that is full shows only when a message is written.
        """
        try:
            require_newest(self.database)
            with self.database.writing():
                pass
        except (StorageError, SQLAlchemyError, OSError):
            return ["database"]
        return []

    def find_all(self, channel: str, sender: str) -> list[str]:
        """Ids of all conversations of a sender, the newest key's first.

        There are two when a server that was not restarted yet after a rotation began another one.

        Args:
            channel: name of the channel.
            sender: id as the channel knows it.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database is gone.
        """
        known = self._pseudonyms.all_of(channel, sender)
        with self.database.reading() as connection:
            return [str(row.id) for row in _look(connection, known)]

    def find_or_start(self, channel: str, sender: str) -> str:
        """Id of the sender's conversation, which is started when there is none.

        A conversation that was found with an older key goes on under the newest.

        Args:
            channel: name of the channel.
            sender: id as the channel knows it.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database is gone.
        """
        known = self._pseudonyms.all_of(channel, sender)
        with self.database.reading() as connection:
            row = _first(connection, known)
        if row is not None and row.sender_key == known[0].key:
            return str(row.id)
        with self.database.writing() as connection:
            row = _first(connection, known)
            if row is None:
                _start(connection, channel, known[0])
            elif row.sender_key != known[0].key:
                _go_on_under(connection, row.id, known[0])
            row = _first(connection, known)
        assert row is not None
        return str(row.id)

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


def unused_keys(connection: Connection, names: tuple[str, ...]) -> list[str]:
    """Which keys made no pseudonym that is still there."""
    used = set(connection.scalars(sa.select(conversations.c.sender_key).distinct()))
    return [name for name in names if name not in used]


def beginning_with(connection: Connection, number: str) -> list[str]:
    """The conversations whose id begins with this, two at most: the log shows the first 16 digits."""
    begins = conversations.c.id.startswith(number, autoescape=True)
    return list(connection.scalars(sa.select(conversations.c.id).where(begins).limit(2)))


def new_id() -> str:
    """A conversation id: 128 random bits."""
    return secrets.token_hex(16)


def _look(connection: Connection, known: tuple[Pseudonym, ...]) -> list[Row]:
    """The conversations of a sender, that of the newest key first."""
    found = connection.execute(
        sa.select(conversations.c.id, conversations.c.sender, conversations.c.sender_key).where(
            conversations.c.sender.in_([pseudonym.value for pseudonym in known])
        )
    ).all()
    order = {pseudonym.value: number for number, pseudonym in enumerate(known)}
    return sorted(found, key=lambda row: order[row.sender])


def _first(connection: Connection, known: tuple[Pseudonym, ...]) -> Row | None:
    return next(iter(_look(connection, known)), None)


def _start(connection: Connection, channel: str, pseudonym: Pseudonym) -> None:
    now = time.time()
    insert_unless_there(  # another process may start the same conversation now
        connection,
        conversations,
        id=new_id(),
        sender=pseudonym.value,
        sender_key=pseudonym.key,
        channel=channel,
        started_at=now,
        last_at=now,
        last_event=0,
        last_message=0,
        slots={},
    )


def _go_on_under(connection: Connection, conversation_id: str, pseudonym: Pseudonym) -> None:
    connection.execute(
        conversations.update()
        .where(conversations.c.id == conversation_id)
        .values(sender=pseudonym.value, sender_key=pseudonym.key)
    )
