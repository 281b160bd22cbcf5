"""Looks at all unanswered questions together, which a process of its own takes."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kalm import logs
from review.background import CLUSTERING
from storage.database import Database
from storage.retention import DAY
from storage.schema import clusterings, review_items

PER_RUN = 10_000
"""Clusters of run 7 are numbered from 70000: a number of an earlier run never names another cluster now."""

_OFTEN = 600.0
_KEPT = 30


@dataclass(frozen=True)
class Run:
    """A look at all unanswered questions that was completed.

    Attributes:
        at: when it began, in seconds since 1970.
        done_at: when it was done.
        questions: different ones that it compared.
        left_out: older ones that it did not.
    """

    id: int
    at: float
    done_at: float
    questions: int
    left_out: int

    @property
    def numbers(self) -> tuple[int, int]:
        """The numbers of its clusters: from the first up to, but not with, the second."""
        return self.id * PER_RUN, (self.id + 1) * PER_RUN


def last_done(connection: Connection) -> Run | None:
    """The last look that was completed; None before the first."""
    wanted = clusterings.select().where(clusterings.c.done_at.isnot(None))
    row = connection.execute(wanted.order_by(clusterings.c.id.desc()).limit(1)).first()
    return None if row is None else Run(row.id, row.at, row.done_at, row.questions, row.left_out)


def begin(connection: Connection, now: float) -> int:
    """Note that a look begins; gives its number."""
    result = connection.execute(clusterings.insert().values(at=now, questions=0, left_out=0))
    number = int(result.inserted_primary_key[0])
    connection.execute(clusterings.delete().where(clusterings.c.id < number - _KEPT))
    return number


def complete(connection: Connection, number: int, questions: int, left_out: int, now: float) -> None:
    """Note that a look is done, and of how many different questions."""
    done = {"done_at": now, "questions": questions, "left_out": left_out}
    connection.execute(clusterings.update().where(clusterings.c.id == number).values(**done))


async def look_daily(database: Database) -> None:
    """Look once a day, until it is cancelled; not in the first minutes, when the servers need the machine."""
    while True:
        await asyncio.sleep(_OFTEN)
        try:
            if await asyncio.to_thread(is_due, database, time.time()):
                await asyncio.to_thread(CLUSTERING.start, "cluster")
        except Exception as error:
            logs.failure("the unanswered questions could not be looked at and are tried again", error)


def is_due(database: Database, now: float) -> bool:
    """Whether there is something to look at, and no look began for a day."""
    with database.reading() as connection:
        last = connection.scalar(sa.select(sa.func.max(clusterings.c.at)))
        if last is not None and now - last < DAY:
            return False
        return connection.scalar(sa.select(review_items.c.message_id).limit(1)) is not None
