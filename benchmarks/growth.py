"""``python -m benchmarks.growth``: messages a second of one and of two bots, and what each message costs.

The real servers on PostgreSQL, which reaches the disk with each commit; the channel of the website. Sixteen
visitors at once ask one question after the other, each of a conversation of five messages, spread evenly over
the bots. What sends the messages runs on the same machine, so its processor is told too.
"""

from __future__ import annotations

import asyncio
import os
import platform
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import psutil
import sqlalchemy as sa
from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import make_url

from benchmarks.kalm_on_website import Answer, Kalm, Visitor, errors, kalm_on_website, new_client, questions
from benchmarks.postgresql import postgresql
from benchmarks.servers import end_by_exception

_BOTS = (1, 2)
_AT_ONCE = 16
_VISITORS, _EACH = 300, 5
_WARM_UP = 40
"""Visitors that are not measured."""

_SEED = 11


@dataclass(frozen=True)
class Measured:
    """One number of bots.

    Attributes:
        answers: of each message.
        seconds: that all took.
        processor: seconds of each process, of PostgreSQL and of what sent the messages.
        memory: of each process in MB.
        database: by how many bytes it grew.
    """

    answers: Sequence[Answer]
    seconds: float
    processor: dict[str, float]
    memory: dict[str, float]
    database: int


def main() -> None:
    """Measure and print the tables."""
    end_by_exception()
    load = os.getloadavg()[0]
    with postgresql() as server:
        measured = {bots: _measure(server, bots) for bots in _BOTS}
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load before {load:.1f}"
    console = Console(width=130)
    console.print(f"{machine}, {date.today()}")
    console.print(_table(measured))
    for bots, one in measured.items():
        memory = ", ".join(f"{name} {size:.0f}" for name, size in one.memory.items())
        console.print(f"MB with {bots}: {memory}")


def _measure(server: str, bots: int) -> Measured:
    name = f"kalm_{bots}"
    engine = sa.create_engine(server.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))

    def size() -> int:
        with engine.connect() as connection:
            return int(connection.execute(sa.text(f"SELECT pg_database_size('{name}')")).scalar_one())

    with ExitStack() as stack:
        stack.callback(engine.dispose)
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="kalm-growth-")))
        kalm = stack.enter_context(kalm_on_website(folder, server.format(name=name), bots))
        asyncio.run(_talk(kalm, range(_WARM_UP)))
        before, size_before, started = _processor(kalm, server), size(), time.perf_counter()
        answers = asyncio.run(_talk(kalm, range(_WARM_UP, _WARM_UP + _VISITORS)))
        seconds, after = time.perf_counter() - started, _processor(kalm, server)
        used = {name: after[name] - before[name] for name in after}
        return Measured(answers, seconds, used, kalm.memory(), size() - size_before)


async def _talk(kalm: Kalm, numbers: range) -> list[Answer]:
    """Whole conversations, some at once; each message goes to another bot than the one before it."""
    waiting, answers = iter(numbers), []
    texts = questions(len(numbers) * _EACH, _SEED)

    async def work() -> None:
        for number in waiting:
            visitor, first = Visitor(number), (number - numbers.start) * _EACH
            for place, text in enumerate(texts[first : first + _EACH]):
                bot = kalm.bots[(number + place) % len(kalm.bots)]
                answers.append(await visitor.ask(client, bot, text))

    async with new_client() as client:
        await asyncio.gather(*(work() for _ in range(_AT_ONCE)))
    return answers


def _processor(kalm: Kalm, server: str) -> dict[str, float]:
    """Seconds of processor so far: of the servers, of PostgreSQL, of this process."""
    postgres = psutil.Process(
        int(_folder_of(server).joinpath("data", "postmaster.pid").read_text().split()[0])
    )
    # Its own time, that of what it started and that has ended, and that of what it started and goes on.
    used = sum(postgres.cpu_times()[:4]) + sum(sum(one.cpu_times()[:4]) for one in postgres.children())
    return {**kalm.processor(), "PostgreSQL": used, "sender": sum(os.times()[:2])}


def _folder_of(server: str) -> Path:
    """Where a server listens, and has its files."""
    return Path(str(make_url(server.format(name="postgres")).query["host"]))


def _table(measured: dict[int, Measured]) -> Table:
    title = f"{_VISITORS} conversations of {_EACH} messages, {_AT_ONCE} visitors at once, PostgreSQL"
    table = Table(title=title, title_justify="left")
    for column in ("bots", "errors", "a second", "p50 ms", "p95 ms"):
        table.add_column(column, justify="right")
    for column in ("bots", "actions", "web", "PostgreSQL", "sender"):
        table.add_column(f"CPU ms a message: {column}", justify="right")
    table.add_column("bytes a conversation", justify="right")
    for bots, one in measured.items():
        count = len(one.answers)
        times = np.percentile([answer.seconds * 1000 for answer in one.answers], (50, 95))
        of_bots = sum(seconds for name, seconds in one.processor.items() if name.startswith("bot "))
        others = [one.processor[name] for name in ("actions", "web", "PostgreSQL", "sender")]
        table.add_row(
            str(bots),
            str(errors(one.answers)),
            f"{count / one.seconds:.1f}",
            *(f"{taken:.0f}" for taken in times),
            *(f"{seconds * 1000 / count:.1f}" for seconds in (of_bots, *others)),
            f"{one.database / _VISITORS:.0f}",
        )
    return table


if __name__ == "__main__":
    main()
