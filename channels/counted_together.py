"""Holds one limit for all bots together: what each counts goes to PostgreSQL, what all counted comes back.

Nobody waits for it. A request is told to the database beside its answer, and who asked too much of all bots
is refused from the moment that the database has said so. What comes before that passes: of requests one after
the other one or two for each bot, of those all at once as many for each bot as one may ask. While the
database is gone, each bot counts by itself (:mod:`channels.limits`).
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from kalm import logs
from kalm.privacy.pseudonyms import Pseudonyms
from storage.database import PATIENCE, Database
from storage.request_counts import Asked, count

_MOST_AT_ONCE = 1_000
"""Different names that are told to the database at once; while it is slow, others are not counted there."""

_KEPT_LONGER = 1.0
"""Seconds after which it is forgotten that somebody may ask again."""

_Told = asyncio.Future[dict[str, Asked]]


class CountedTogether:
    """What all bots counted of each, by a keyed hash of who asks. Of one event loop."""

    def __init__(self, database: Database, pseudonyms: Pseudonyms, what: str, most: int) -> None:
        """Allow each so many requests within a minute.

        Args:
            database: a PostgreSQL with Kalm's schema; nothing is opened yet.
            pseudonyms: their key makes the hashes, and must be the same for all bots.
            what: is counted: a name of its own for each limit.
            most: requests of one.
        """
        self._database = database
        self._pseudonyms = pseudonyms
        self._what = f"requests of {what}"
        self._most = most
        self._untold: Counter[str] = Counter()
        self._telling: _Told | None = None
        self._tell_after = float("-inf")
        self._refused_until: dict[str, float] = {}
        # Of its own: a database that hangs must not hold a thread in which visitors are answered.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="counting")

    def wait(self, who: str, now: float) -> float:
        """Seconds until another request may be taken, 0 when it may now.

        Args:
            who: asks, such as an address or a sender.
            now: by :func:`time.monotonic`.
        """
        return max(0.0, self._refused_until.get(self._name(who), now) - now)

    def add(self, who: str, now: float) -> None:
        """Count a request that was taken; see :meth:`wait`."""
        name = self._name(who)
        if name in self._untold or len(self._untold) < _MOST_AT_ONCE:
            self._untold[name] += 1
        self._tell(now)

    def _name(self, who: str) -> str:
        # What a proxy passes on of an address need not be UTF-8.
        return self._pseudonyms.signatures(self._what, who.encode("utf-8", "surrogatepass"))[0].hex()

    def _tell(self, now: float) -> None:
        if self._telling is not None or not self._untold:
            return
        untold, self._untold = self._untold, Counter()
        if now < self._tell_after:
            return
        self._telling = asyncio.get_running_loop().run_in_executor(self._thread, self._count, untold)
        self._telling.add_done_callback(self._learn)

    def _count(self, untold: Mapping[str, int]) -> dict[str, Asked]:
        with self._database.writing() as connection:
            return count(connection, untold)

    def _learn(self, told: _Told) -> None:
        now = time.monotonic()
        self._telling = None
        if told.cancelled():  # the server stops
            return
        try:
            counted = told.result()
        except Exception as error:  # each bot still counts by itself
            logs.failure("requests could not be counted for all bots together", error)
            self._tell_after = now + PATIENCE
            counted = {}
        for name, asked in counted.items():
            seconds = asked.wait(self._most)
            if seconds > 0:
                self._refused_until[name] = now + seconds
                asyncio.get_running_loop().call_later(seconds + _KEPT_LONGER, self._forget, name)
        self._tell(now)

    def _forget(self, name: str) -> None:
        if self._refused_until.get(name, 0.0) <= time.monotonic():
            self._refused_until.pop(name, None)
