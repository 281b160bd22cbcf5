"""``python -m benchmarks.flood``: what others notice of one sender who sends as much as it can.

Ends with code 1 when a flood more than doubles the p95 of others, or when one of them was not answered.

The real servers on SQLite. A hundred visitors of the website ask at fixed moments, first alone, then during
each flood; each time counts from its moment, so that a server that stands still cannot hide it. What sends
the messages runs on the same machine.
"""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from benchmarks.flooding import send_all_it_can
from benchmarks.kalm_on_website import (
    Answer,
    Kalm,
    Visitor,
    errors,
    kalm_on_website,
    new_client,
    percentile,
    questions,
)
from benchmarks.servers import end_by_exception

_A_SECOND, _SECONDS = 5, 40
"""Questions of others, while one sender floods or does not."""

_BEGINS_WITHIN = 4.0
"""Seconds in which the process that floods has begun."""

_PATHS = {"website": "/webhooks/website/messages", "rest": "/webhooks/rest/webhook"}
_FLOODS = (("website", 0), ("website", 10), ("rest", 10), ("website", 300), ("website", 900))
"""By channel, over how many connections: each sends again as soon as it is answered."""

_SEED = 9


@dataclass(frozen=True)
class Flood:
    """What others noticed of one who floods.

    Attributes:
        name: what floods, for people.
        others: their answers.
        sent: requests of the flood by HTTP status.
    """

    name: str
    others: Sequence[Answer]
    sent: Mapping[int, int]


def main() -> None:
    """Measure and print the table."""
    end_by_exception()
    load = os.getloadavg()[0]
    with TemporaryDirectory(prefix="kalm-flood-") as name:
        folder = Path(name)
        with kalm_on_website(folder, f"sqlite:///{folder / 'kalm.db'}") as kalm:
            cold_and_warm = [asyncio.run(flood(kalm, *one)) for one in (_FLOODS[0], *_FLOODS)]
    floods = cold_and_warm[1:]
    console = Console(width=130)
    console.print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {date.today()}")
    console.print(f"load before {load:.1f}, after {os.getloadavg()[0]:.1f}")
    console.print(_table(floods))
    if beyond := _beyond(floods):
        sys.exit("; ".join(beyond))


def _beyond(floods: Sequence[Flood]) -> list[str]:
    """What was asked and is not so."""
    found = []
    if lost := sum(errors(one.others) for one in floods):
        found.append(f"{lost} messages of others got no answer, or an apology")
    alone = percentile(floods[0].others, 95)
    for one in floods[1:]:
        if percentile(one.others, 95) > 2 * alone:
            found.append(f"a flood over {one.name} more than doubles the time of others")
    return found


async def flood(kalm: Kalm, channel: str, connections: int) -> Flood:
    """What others notice of a sender who floods.

    Args:
        kalm: the servers.
        channel: of the flood, "website" or "rest".
        connections: over which it comes; 0 for none.
    """
    others = [Visitor(1_000_000 + number) for number in range(_A_SECOND * _SECONDS // 2)]
    texts = questions(_A_SECOND * _SECONDS, _SEED)
    with ProcessPoolExecutor(1, get_context("spawn")) as beside:
        async with new_client() as client:
            for visitor in others:  # their sessions are not what is measured
                await visitor.begin(client, kalm.bots[0])
            flooder = Visitor(2_000_000 + connections)  # at an address that did not flood before
            if channel == "website":
                await flooder.begin(client, kalm.bots[0])
            lasts = _BEGINS_WITHIN + _SECONDS if connections else 0
            url = kalm.bots[0] + _PATHS[channel]
            flooding = beside.submit(send_all_it_can, url, flooder.headers, connections, lasts)
            await asyncio.sleep(_BEGINS_WITHIN if connections else 0)
            begun = time.perf_counter()

            async def ask(number: int) -> Answer:
                moment = begun + number / _A_SECOND
                await asyncio.sleep(moment - time.perf_counter())
                return await others[number % len(others)].ask(client, kalm.bots[0], texts[number], moment)

            answers = await asyncio.gather(*(ask(number) for number in range(len(texts))))
            sent = await asyncio.wrap_future(flooding)
    name = f"{channel}, {connections} connections" if connections else "nothing"
    return Flood(name, answers, sent)


def _table(floods: Sequence[Flood]) -> Table:
    title = f"{_A_SECOND} questions a second of others, while one sender sends all it can"
    table = Table(title=title, title_justify="left")
    for column in (
        "flood over",
        "others p50 ms",
        "others p95 ms",
        "others' errors",
        "flood's requests by status",
    ):
        table.add_column(column, justify="right")
    for one in floods:
        sent = ", ".join(f"{status}: {count}" for status, count in sorted(one.sent.items()))
        times = (f"{percentile(one.others, which):.0f}" for which in (50, 95))
        table.add_row(one.name, *times, str(errors(one.others)), sent)
    return table


if __name__ == "__main__":
    main()
