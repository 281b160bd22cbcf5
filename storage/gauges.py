"""What Prometheus is told of the database: whether it is there, and what waits in the queue of WhatsApp.

Asked anew at each scrape, and given up soon: a scrape that hangs would take all other metrics along.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

import sqlalchemy as sa
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from sqlalchemy.exc import SQLAlchemyError

from storage.database import Database
from storage.inbox import State
from storage.schema import whatsapp_inbox as inbox

PATIENCE = 1.0
"""Seconds in which the database must answer."""


class StoreGauges:
    """Asks the database of a server."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        """Gauges that ask on a connection of their own kind.

        Args:
            database: which nothing else uses, so that visitors' transactions do not make a scrape wait.
            clock: gives seconds since 1970.
        """
        self._database = database
        self._clock = clock
        self._asked: asyncio.Future[list[Metric]] | None = None

    async def __call__(self) -> Sequence[Metric]:
        """The gauges; without those of the queue when the database does not answer in time.

        Who asks while an earlier question hangs does not ask again: each would keep a thread.
        """
        up = GaugeMetricFamily("kalm_store_up", "Whether the database answers.")
        if self._asked is None or self._asked.done():
            self._asked = asyncio.ensure_future(asyncio.to_thread(self._read))
            self._asked.add_done_callback(_look_at)
        try:
            found = await asyncio.wait_for(asyncio.shield(self._asked), PATIENCE)
        except (asyncio.TimeoutError, SQLAlchemyError, OSError):
            found = []
        up.add_metric([], 1.0 if found else 0.0)
        return [up, *found]

    def _read(self) -> list[Metric]:
        query = sa.select(inbox.c.state, sa.func.count(), sa.func.min(inbox.c.at)).group_by(inbox.c.state)
        with self._database.reading() as connection:
            rows = {state: (count, oldest) for state, count, oldest in connection.execute(query)}
        messages = GaugeMetricFamily(
            "kalm_whatsapp_messages", "Messages in the queue of WhatsApp.", labels=["state"]
        )
        ages = GaugeMetricFamily(
            "kalm_whatsapp_oldest_seconds", "Age of the oldest message in that state.", labels=["state"]
        )
        now = self._clock()
        for state in State:
            count, oldest = rows.get(state.value, (0, now))
            messages.add_metric([state.value], count)
            # A message tells by Meta's clock when it was typed.
            ages.add_metric([state.value], max(0.0, now - float(oldest)))
        return [messages, ages]


def _look_at(asked: asyncio.Future[list[Metric]]) -> None:
    """An error that nobody waited for any more would be told as one that nobody caught."""
    if not asked.cancelled():
        asked.exception()
