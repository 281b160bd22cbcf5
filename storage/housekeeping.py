"""What the running product does by itself: forget in time, and clean up after an erasure."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timezone

from kalm import logs
from kalm.privacy.pseudonyms import drop_keys, key_file, read_pseudonyms
from kalm.settings import settings
from storage import erasure, held, inbox, request_counts
from storage.conversations import unused_keys
from storage.database import Database
from storage.retention import DAY, purge

OFTEN = 15
"""Seconds between two looks for erasures that are not complete: within a minute nothing may be left."""


async def keep_house(database: Database) -> None:
    """Clean up after erasures and, each day, remove what is kept too long; until it is cancelled.

    Several processes may do this at once. What fails is logged and tried again; it stops nothing else.
    """
    house = _House(database)
    while True:
        chores = (
            house.clean_after_erasures,
            house.forget_what_was_held,
            house.forget_how_often_each_asked,
            house.look_for_what_was_answered,
            house.remove_what_is_old,
            house.clean_after_removing,
        )
        for chore in chores:
            try:
                await asyncio.to_thread(chore)
            except Exception as error:
                logs.failure("a chore failed and is tried again", error)
        await asyncio.sleep(OFTEN)


class _House:
    """The chores, and when they were done last."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._purged_at = float("-inf")
        self._is_clean = True
        self._left: tuple[float | None, bool] = (None, False)

    def clean_after_erasures(self) -> None:
        erasure.clean(self._database)

    def forget_what_was_held(self) -> None:
        if held.forget_expired(self._database, time.time()):
            self._is_clean = False

    def forget_how_often_each_asked(self) -> None:
        if not self._database.is_sqlite:  # with SQLite it is in the memory of the one bot
            with self._database.writing() as connection:
                request_counts.forget(connection)

    def look_for_what_was_answered(self) -> None:
        """Until WhatsApp's messages are answered, the number of who wrote is kept; after that in no file."""
        if not self._database.is_sqlite:  # PostgreSQL does it by itself, in its own time
            return
        with self._database.reading() as connection:
            left = (inbox.last_received(connection), inbox.has_numbers(connection))
        # What waited a moment ago may be gone now, and leaves its number behind.
        if left != self._left or left[1]:
            self._left = left
            self._is_clean = False

    def remove_what_is_old(self) -> None:
        if time.monotonic() - self._purged_at < DAY:
            return
        removed = purge(self._database, time.time())
        self._is_clean = self._is_clean and removed.is_nothing
        logs.note(
            "removed what was kept too long",
            conversations=removed.conversations,
            loosened=removed.loosened,
            messages=removed.messages,
            events=removed.events,
            receipts=removed.receipts,
            of_whatsapp=removed.of_whatsapp,
            of_team=removed.of_team,
            keys=drop_unused_keys(self._database),
            log_files=len(logs.remove_old(datetime.now(timezone.utc))),
        )
        self._purged_at = time.monotonic()

    def clean_after_removing(self) -> None:
        if not self._is_clean:
            self._is_clean = erasure.clean_files(self._database)


def drop_unused_keys(database: Database) -> int:
    """Remove older keys of pseudonyms from their file when no conversation needs them; gives how many.

    Not within a day of a rotation: servers that were not restarted yet still use the old key.
    """
    if settings().pseudonym_key.get_secret_value():
        return 0
    older = read_pseudonyms().names[1:]
    if not older or time.time() - key_file().stat().st_mtime < DAY:
        return 0
    with database.reading() as connection:
        unused = unused_keys(connection, older)
    drop_keys(unused)
    return len(unused)
