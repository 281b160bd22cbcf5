"""What the running product does by itself: forget in time, and clean up after an erasure."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timezone

from kalm import logs
from kalm.privacy.pseudonyms import drop_keys, pseudonyms
from kalm.settings import settings
from storage import erasure
from storage.conversations import unused_keys
from storage.database import Database
from storage.retention import DAY, purge

OFTEN = 15
"""Seconds between two looks for erasures that are not complete: within a minute nothing may be left."""


async def keep_house(database: Database) -> None:
    """Clean up after erasures and, each day, remove what is kept too long; until it is cancelled.

    Several processes may do this at once. What fails is logged and tried again.
    """
    purged_at = float("-inf")
    is_clean = True
    while True:
        try:
            if time.monotonic() - purged_at >= DAY:
                is_clean = await asyncio.to_thread(_purge, database)
                purged_at = time.monotonic()
            if not is_clean:
                is_clean = await asyncio.to_thread(erasure.clean_files, database)
            await asyncio.to_thread(erasure.clean, database)
        except Exception as error:
            logs.failure("housekeeping failed and is tried again", error)
        await asyncio.sleep(OFTEN)


def drop_unused_keys(database: Database) -> int:
    """Remove older keys of pseudonyms from their file when no conversation needs them; gives how many."""
    if settings().pseudonym_key.get_secret_value():
        return 0
    older = pseudonyms().names[1:]
    with database.reading() as connection:
        unused = unused_keys(connection, older)
    drop_keys(unused)
    return len(unused)


def _purge(database: Database) -> bool:
    """Remove what is too old; gives whether nothing of it is left in the database's files."""
    removed = purge(database, time.time())
    files = logs.remove_old(datetime.now(timezone.utc))
    keys = drop_unused_keys(database)
    logs.note(
        "removed what was kept too long",
        conversations=removed.conversations,
        events=removed.events,
        loosened=removed.loosened,
        messages=removed.messages,
        receipts=removed.receipts,
        log_files=len(files),
        keys=keys,
    )
    return removed.is_nothing or erasure.clean_files(database)
