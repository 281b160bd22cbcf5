"""Keeps the inbox up to date while the web app runs."""

from __future__ import annotations

import asyncio
import time

from kalm import logs
from review.inbox.indexing import RECENT, heed_feedback, index
from review.judging.danger import sees_danger
from review.judging.passages import all_passages
from storage.database import Database

OFTEN = 10
"""Seconds between two looks for what is new."""

SWEEP = 900.0
"""Seconds after which all messages are looked at, for what came in late."""

_BREATH = 0.02
"""Seconds between two batches, for whoever is waiting for the database."""


async def keep_inbox(database: Database) -> None:
    """Put new messages in the inbox, until it is cancelled.

    Several processes may do this at once. What fails is logged and tried again.
    """
    swept_at = float("-inf")
    await asyncio.to_thread(warm_up)
    while True:
        sweeps = time.monotonic() - swept_at >= SWEEP
        try:
            await asyncio.to_thread(keep_once, database, sweeps)
            swept_at = time.monotonic() if sweeps else swept_at
        except Exception as error:
            logs.failure("the inbox could not be brought up to date and is tried again", error)
        await asyncio.sleep(OFTEN)


def keep_once(database: Database, sweeps: bool) -> int:
    """Bring the inbox up to date; gives how many messages came in.

    Args:
        database: where.
        sweeps: whether to look at all messages, not only at those of the last hour.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database is gone.
    """
    count = index(database, time.time() - RECENT, pause=_breathe)
    if sweeps:
        count += index(database, pause=_breathe)
    heed_feedback(database)
    return count


def warm_up() -> None:
    """Read now what the first page needs: whoever opens it should not wait for it."""
    try:
        sees_danger("hallo", "", "")
        all_passages()
    except Exception as error:  # then the first page reads it, and says what is wrong
        logs.failure("the rules or the articles could not be read for the review screens", error)


def _breathe() -> None:
    time.sleep(_BREATH)
