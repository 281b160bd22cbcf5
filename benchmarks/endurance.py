"""``python -m benchmarks.endurance``: 20,000 messages of 1,000 visitors.

Ends with code 1 when something was not answered, or when a process grew by over 50 MB.

The real servers on SQLite; the channel of the website. All visitors say their first message, then all their
second, so that a thousand conversations go on at once and each is read back from the database. The memory of
each process is looked at after each tenth part of the messages. What sends them runs on the same machine.
"""

from __future__ import annotations

import asyncio
import os
import platform
import sqlite3
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from rich.console import Console
from rich.table import Table

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

_VISITORS, _EACH, _AT_ONCE = 1000, 20, 8
_PARTS = 10
"""The first one is the warm-up."""

MOST_GROWTH = 50.0
"""MB that a process may grow after the warm-up."""

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


def main() -> None:
    """Measure and print the tables."""
    end_by_exception()
    load = os.getloadavg()[0]
    with TemporaryDirectory(prefix="kalm-endurance-") as name:
        folder = Path(name)
        with kalm_on_website(folder, f"sqlite:///{folder / 'kalm.db'}") as kalm:
            parts = asyncio.run(endure(kalm, _VISITORS, _EACH, _PARTS))
            size = database_size(folder)
    console = Console(width=130)
    console.print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {date.today()}")
    console.print(f"load before {load:.1f}, after {os.getloadavg()[0]:.1f}")
    console.print(_table_of_parts(parts))
    each = size / _VISITORS
    console.print(
        f"database: {size / 1e6:.1f} MB, {each:.0f} bytes a conversation, {each / _EACH:.0f} a message"
    )
    if beyond := _beyond(parts):
        sys.exit("; ".join(beyond))


def _beyond(parts: Sequence[Part]) -> list[str]:
    """What was asked and is not so."""
    found = []
    if lost := sum(errors(part.answers) for part in parts):
        found.append(f"{lost} messages got no answer, or an apology")
    for name, grown in growth(parts).items():
        if grown > MOST_GROWTH:
            found.append(f"{name} grew by {grown:.0f} MB, and {MOST_GROWTH:.0f} are allowed")
    return found


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


def database_size(folder: Path) -> int:
    """Bytes of SQLite's database, with what is in its log."""
    with sqlite3.connect(folder / "kalm.db") as connection:
        pages, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size")
        )
    return int(pages * size)


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
        table.add_row(
            str(done), str(errors(part.answers)), f"{speed:.1f}", *(f"{one:.0f}" for one in times), *memory
        )
    grown = growth(parts)
    table.add_row("growth after the first row", "", "", "", "", *(f"{grown[name]:+.1f}" for name in names))
    return table


if __name__ == "__main__":
    main()
