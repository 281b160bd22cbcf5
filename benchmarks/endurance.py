"""``python -m benchmarks.endurance``: 20,000 messages of 1,000 visitors, and one who floods.

Ends with code 1 when something was not answered, when a process grew by over 50 MB, or when a flood more than
doubles the p95 of others.

The real servers on SQLite; the channel of the website. All visitors say their first message, then all their
second, so that a thousand conversations go on at once and each is read back from the database. The memory of
each process is looked at after each tenth part of the messages. Then a hundred visitors ask at fixed moments,
first alone, then while one sender sends as much as it can; each time counts from its moment, so that a server
that stands still cannot hide it. What sends the messages runs on the same machine.
"""

from __future__ import annotations

import asyncio
import os
import platform
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

import httpx
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.kalm_on_website import Answer, Kalm, Visitor, kalm_on_website, new_client, questions

_VISITORS, _EACH, _AT_ONCE = 1000, 20, 8
_PARTS = 10
"""The first one is the warm-up."""

_A_SECOND, _SECONDS = 5, 40
"""Questions of others, while one sender floods or does not."""

MOST_GROWTH = 50.0
"""MB that a process may grow after the warm-up."""

_AT_ONCE_IN_A_FLOOD = 10
_FLOODS = ("website", "rest")
_SEED = 8


@dataclass(frozen=True)
class Part:
    """A part of the messages.

    Attributes:
        answers: of each message.
        seconds: that it took.
        memory: of each process when it ended, in MB.
    """

    answers: Sequence[Answer]
    seconds: float
    memory: Mapping[str, float]

    @property
    def errors(self) -> int:
        """Messages that got no answer, or an apology."""
        return sum(not answer.is_good for answer in self.answers)


@dataclass(frozen=True)
class Flood:
    """What others noticed of one who floods.

    Attributes:
        name: the channel of the flood; "" for none.
        others: their answers.
        sent: requests of the flood by HTTP status.
    """

    name: str
    others: Sequence[Answer]
    sent: Mapping[int, int]

    @property
    def errors(self) -> int:
        """Messages of the others that got no answer, or an apology."""
        return sum(not answer.is_good for answer in self.others)


def main() -> None:
    """Measure and print the tables."""
    signal.signal(signal.SIGTERM, _end)  # the servers would otherwise live on
    load = os.getloadavg()[0]
    with TemporaryDirectory(prefix="kalm-endurance-") as name:
        folder = Path(name)
        with kalm_on_website(folder, f"sqlite:///{folder / 'kalm.db'}") as kalm:
            parts = asyncio.run(endure(kalm, _VISITORS, _EACH, _PARTS))
            size = database_size(folder)
            floods = [asyncio.run(flood(kalm, name)) for name in ("", *_FLOODS)]
    console = Console(width=130)
    console.print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {date.today()}")
    console.print(f"load before {load:.1f}, after {os.getloadavg()[0]:.1f}")
    console.print(_table_of_parts(parts))
    console.print(_table_of_floods(floods))
    each = size / _VISITORS
    console.print(
        f"database: {size / 1e6:.1f} MB, {each:.0f} bytes a conversation, {each / _EACH:.0f} a message"
    )
    if beyond := _beyond(parts, floods):
        sys.exit("; ".join(beyond))


def _beyond(parts: Sequence[Part], floods: Sequence[Flood]) -> list[str]:
    """What was asked and is not so."""
    found = []
    if errors := sum(part.errors for part in parts) + sum(one.errors for one in floods):
        found.append(f"{errors} messages got no answer, or an apology")
    for name, grown in growth(parts).items():
        if grown > MOST_GROWTH:
            found.append(f"{name} grew by {grown:.0f} MB, and {MOST_GROWTH:.0f} are allowed")
    alone = percentile(floods[0].others, 95)
    for one in floods[1:]:
        if percentile(one.others, 95) > 2 * alone:
            found.append(f"a flood over {one.name} more than doubles the time of others")
    return found


def _end(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)  # a second one must not break off the ending of the servers
    sys.exit(1)


async def endure(kalm: Kalm, visitors: int, each: int, parts: int, at_once: int = _AT_ONCE) -> list[Part]:
    """Let visitors talk, after one question that finds everything cold.

    Args:
        kalm: the servers.
        visitors: how many.
        each: messages of each.
        parts: in which the messages are measured.
        at_once: messages that are being answered at any moment.
    """
    total = visitors * each
    people = [Visitor(number) for number in range(visitors)]
    messages = iter(zip(cycle(people), questions(total, _SEED), strict=False))
    measured = []
    async with new_client() as client:
        await Visitor(visitors).ask(client, kalm.bots[0], "Wat is RLS?")
        for _ in range(parts):
            started = time.perf_counter()
            answers = await _ask_on(client, kalm.bots[0], messages, total // parts, at_once)
            measured.append(Part(answers, time.perf_counter() - started, kalm.memory()))
    return measured


async def _ask_on(
    client: httpx.AsyncClient, bot: str, messages: Iterator[tuple[Visitor, str]], count: int, at_once: int
) -> list[Answer]:
    """Send the next messages, some at once."""
    answers: list[Answer] = []
    waiting = iter([next(messages) for _ in range(count)])

    async def work() -> None:
        for visitor, text in waiting:
            answers.append(await visitor.ask(client, bot, text))

    await asyncio.gather(*(work() for _ in range(at_once)))
    return answers


async def flood(kalm: Kalm, channel: str) -> Flood:
    """What others notice of a sender who floods.

    Args:
        kalm: the servers.
        channel: of the flood, "website" or "rest"; "" for none.
    """
    others = [Visitor(1_000_000 + number) for number in range(_A_SECOND * _SECONDS // 2)]
    texts = questions(_A_SECOND * _SECONDS, _SEED + 1)
    sent: Counter[int] = Counter()
    async with new_client() as client, new_client() as own:
        for visitor in others:  # their sessions are not what is measured
            await visitor.begin(client, kalm.bots[0])
        flooding = [
            asyncio.create_task(_send_on(own, kalm.bots[0], channel, sent))
            for _ in range(_AT_ONCE_IN_A_FLOOD if channel else 0)
        ]
        await asyncio.sleep(1)
        begun = time.perf_counter()

        async def ask(number: int) -> Answer:
            moment = begun + number / _A_SECOND
            await asyncio.sleep(moment - time.perf_counter())
            return await others[number % len(others)].ask(client, kalm.bots[0], texts[number], moment)

        answers = await asyncio.gather(*(ask(number) for number in range(len(texts))))
        for task in flooding:
            task.cancel()
        await asyncio.gather(*flooding, return_exceptions=True)
    return Flood(channel, answers, sent)


async def _send_on(client: httpx.AsyncClient, bot: str, channel: str, sent: Counter[int]) -> None:
    """Send the same sender's messages, each at once after the one before it, until it is cancelled."""
    flooder = Visitor(2_000_000)
    if channel == "website":
        await flooder.begin(client, bot)
    for text in cycle(questions(1000, _SEED + 2)):
        if channel == "website":
            status = (await flooder.ask(client, bot, text)).status
        else:
            body = {"sender": "wie overstroomt", "message": text}
            status = 0
            with suppress(httpx.HTTPError):
                status = (await client.post(f"{bot}/webhooks/rest/webhook", json=body)).status_code
        sent[status] += 1


def database_size(folder: Path) -> int:
    """Bytes of SQLite's database, with what is in its log."""
    with sqlite3.connect(folder / "kalm.db") as connection:
        pages, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size")
        )
    return int(pages * size)


def percentile(answers: Sequence[Answer], which: int) -> float:
    """Of the times of answers, in milliseconds."""
    return float(np.percentile([answer.seconds * 1000 for answer in answers], which))


def growth(parts: Sequence[Part]) -> dict[str, float]:
    """By how many MB each process grew after the first part."""
    return {name: parts[-1].memory[name] - parts[0].memory[name] for name in parts[0].memory}


def _table_of_parts(parts: Sequence[Part]) -> Table:
    title = f"{_VISITORS} visitors, {_VISITORS * _EACH} messages, {_AT_ONCE} at once"
    table = Table(title=title, title_justify="left")
    names = list(parts[0].memory)
    for column in ("messages", "errors", "a second", "p50 ms", "p95 ms", *(f"{name} MB" for name in names)):
        table.add_column(column, justify="right")
    done = 0
    for part in parts:
        done += len(part.answers)
        speed = len(part.answers) / part.seconds
        times = (percentile(part.answers, 50), percentile(part.answers, 95))
        memory = (f"{part.memory[name]:.0f}" for name in names)
        table.add_row(str(done), str(part.errors), f"{speed:.1f}", *(f"{one:.0f}" for one in times), *memory)
    grown = growth(parts)
    table.add_row("growth after the first row", "", "", "", "", *(f"{grown[name]:+.1f}" for name in names))
    return table


def _table_of_floods(floods: Sequence[Flood]) -> Table:
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
        table.add_row(one.name or "nothing", *times, str(one.errors), sent)
    return table


if __name__ == "__main__":
    main()
