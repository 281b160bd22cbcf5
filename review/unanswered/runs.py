"""Looks at all unanswered questions together: one at a time, in a process of its own."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from kalm import logs
from kalm.settings import ROOT, settings
from storage.database import Database
from storage.retention import DAY
from storage.schema import clusterings, review_items

PER_RUN = 10_000
"""Clusters of run 7 are numbered from 70000: a number of an earlier run never names another cluster now."""

GONE_AFTER = 60.0
"""Seconds of silence after which a run has ended by accident."""

_OFTEN = 600.0
_KEPT = 30
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""The other core is for visitors."""


@dataclass(frozen=True)
class Run:
    """One look at all unanswered questions.

    Attributes:
        at: when it began, in seconds since 1970.
        share: how much is done, from 0 to 1.
        done_at: when it was done, None before.
        questions: different ones that it compared.
        left_out: older ones that it did not.
        error: why it failed, in Dutch, or "".
        is_running: it is at work now.
    """

    id: int
    at: float
    share: float
    done_at: float | None
    questions: int
    left_out: int
    error: str
    is_running: bool

    @property
    def numbers(self) -> tuple[int, int]:
        """The numbers of its clusters: from the first up to, but not with, the second."""
        return self.id * PER_RUN, (self.id + 1) * PER_RUN


def latest(connection: Connection, now: float) -> Run | None:
    """The look that began last; None before the first."""
    row = connection.execute(clusterings.select().order_by(clusterings.c.id.desc()).limit(1)).first()
    return None if row is None else _run(row, now)


def last_done(connection: Connection, now: float) -> Run | None:
    """The last look that was completed; None before the first."""
    wanted = clusterings.select().where(clusterings.c.done_at.isnot(None))
    row = connection.execute(wanted.order_by(clusterings.c.id.desc()).limit(1)).first()
    return None if row is None else _run(row, now)


def begin(connection: Connection, member_id: int | None, now: float) -> int | None:
    """Note that a look begins; gives its number, None while another is at work."""
    before = latest(connection, now)
    if before is not None and before.is_running:
        return None
    result = connection.execute(
        clusterings.insert().values(
            at=now,
            member_id=member_id,
            share=0,
            alive_at=now,
            questions=0,
            left_out=0,
            clusters=0,
            error="",
        )
    )
    number = int(result.inserted_primary_key[0])
    connection.execute(clusterings.delete().where(clusterings.c.id < number - _KEPT))
    return number


def tell(database: Database, number: int, now: float, **values: object) -> None:
    """Note how far a look is."""
    with database.writing() as connection:
        connection.execute(
            clusterings.update().where(clusterings.c.id == number).values(alive_at=now, **values)
        )


def start(database: Database, member_id: int | None, now: float) -> bool:
    """Begin a look in the background; gives False while another is at work.

    Raises:
        OSError: no process can be started.
    """
    with database.writing() as connection:
        number = begin(connection, member_id, now)
    if number is None:
        return False
    launch(database, number)
    return True


def launch(database: Database, number: int) -> None:
    """Start the process of a look that was noted in this database.

    Raises:
        OSError: it cannot be started.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", "kalm", "cluster", "--run", str(number)],
        cwd=ROOT,
        env={
            **os.environ,
            **settings().environment(),
            "KALM_DATABASE": database.engine.url.render_as_string(hide_password=False),
            "PYTHONWARNINGS": "ignore",
            **_ONE_THREAD,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    threading.Thread(target=child.wait, name="cluster", daemon=True).start()


async def look_daily(database: Database) -> None:
    """Look once a day, until it is cancelled; not in the first minutes, when the servers need the machine."""
    while True:
        await asyncio.sleep(_OFTEN)
        try:
            if await asyncio.to_thread(is_due, database, time.time()):
                await asyncio.to_thread(start, database, None, time.time())
        except Exception as error:
            logs.failure("the unanswered questions could not be looked at and are tried again", error)


def is_due(database: Database, now: float) -> bool:
    """Whether there is something to look at, and nobody did for a day."""
    with database.reading() as connection:
        last = latest(connection, now)
        if last is not None and (last.is_running or now - last.at < DAY):
            return False
        return connection.scalar(sa.select(review_items.c.message_id).limit(1)) is not None


def _run(row: Row, now: float) -> Run:
    is_open = row.done_at is None and not row.error
    is_running = is_open and now - row.alive_at < GONE_AFTER
    ended = "De vorige keer brak het indelen af. Probeer het nog eens." if is_open and not is_running else ""
    return Run(
        id=row.id,
        at=row.at,
        share=row.share,
        done_at=row.done_at,
        questions=row.questions,
        left_out=row.left_out,
        error=row.error or ended,
        is_running=is_running,
    )
