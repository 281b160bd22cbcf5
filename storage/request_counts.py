"""How often each has asked, counted by all bots together in one table of PostgreSQL.

A window of the clock has a row for each who asked in it. What was asked in the last sixty seconds is taken to
be all of this window, and of the one before it as much as lies within those sixty seconds: the usual sliding
window counter. The clock is that of the database, so that those of the bots need not agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection

from kalm.limits import RATE_WINDOW
from storage.schema import request_counts as counts

_CLOCK = sa.extract("epoch", sa.func.clock_timestamp())


@dataclass(frozen=True)
class Asked:
    """What one has asked, of all bots.

    Attributes:
        before: requests in the window before this one.
        now: requests in this window.
        elapsed: seconds of this window that have passed.
    """

    before: int
    now: int
    elapsed: float

    def wait(self, most: int) -> float:
        """Seconds until another request makes no more than so many within a minute, 0 for none."""
        room = most - 1 - self.now
        if room >= 0:
            return max(0.0, RATE_WINDOW * (1 - room / self.before) - self.elapsed) if self.before else 0.0
        # In the next window, this one is the one before.
        return RATE_WINDOW - self.elapsed + RATE_WINDOW * (1 - (most - 1) / self.now)


def count(connection: Connection, asked: Mapping[str, int]) -> dict[str, Asked]:
    """Add requests to what was counted; gives what each has asked by now.

    Args:
        connection: of a transaction that writes to PostgreSQL.
        asked: number of new requests by who asked them, as keyed hashes of at most 64 characters.
    """
    moment = float(connection.scalar(sa.select(_CLOCK)) or 0.0)
    minute, elapsed = divmod(moment, RATE_WINDOW)
    # In the same order everywhere: two bots that count the same ones at once would wait for each other.
    rows = [
        {"minute": int(minute), "name": name, "requests": number} for name, number in sorted(asked.items())
    ]
    insertion = insert(counts).values(rows)
    added = {"requests": counts.c.requests + insertion.excluded.requests}
    connection.execute(insertion.on_conflict_do_update(index_elements=["minute", "name"], set_=added))
    found = connection.execute(
        sa.select(counts.c.name, counts.c.minute, counts.c.requests).where(
            counts.c.minute.in_([int(minute) - 1, int(minute)]), counts.c.name.in_(list(asked))
        )
    )
    of_each = {(row.name, row.minute): int(row.requests) for row in found}
    return {
        name: Asked(of_each.get((name, int(minute) - 1), 0), of_each[name, int(minute)], elapsed)
        for name in asked
    }


def forget(connection: Connection) -> int:
    """Remove what nobody counts any more; gives the number of rows.

    What is of later than now was counted before the clock was put back.
    """
    this = sa.cast(sa.func.floor(_CLOCK / RATE_WINDOW), sa.Integer)
    is_of_use = counts.c.minute.between(this - 1, this)
    return int(connection.execute(sa.delete(counts).where(~is_of_use)).rowcount)
