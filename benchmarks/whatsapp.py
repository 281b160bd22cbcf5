"""``python -m benchmarks.whatsapp``: how soon a message is acknowledged, and how soon answered.

The real servers, a stand-in of Meta, SQLite and, where it is installed, PostgreSQL; both reach the disk with
each commit. Webhooks are posted at fixed moments, whether or not the ones before were acknowledged, and each
time counts from its moment, so that a server that stands still cannot hide it. The databases take turns, so
that a busy machine hits them alike. No two questions close to each other are the same: the servers remember
for a while what they made of a text.
"""

from __future__ import annotations

import asyncio
import os
import platform
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import httpx
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.kalm_on_whatsapp import Kalm, kalm_on_whatsapp, webhook
from benchmarks.postgresql import NoPostgreSQLError, postgresql
from benchmarks.servers import end_by_exception
from commands.evaluation.data import DEVELOPMENT, read_messages

_ROUNDS = 3
_PERCENTILES = (50, 95, 99, 100)
_SECONDS = 20
_POSTS_WHILE_STOPPED = 50
"""A second."""

_POSTS_WHILE_ANSWERING = 10
"""A second."""

_ALONE, _QUESTIONS_ALONE = 3, 20
_TOGETHER, _QUESTIONS_TOGETHER = 20, 10
_NOT_ANSWERED_AFTER = 60.0


@dataclass(frozen=True)
class Measured:
    """One round of one measurement.

    Attributes:
        milliseconds: of each message.
        refused: posts that got another answer than 200, or none.
        answered: messages a second, from the first post until the last reply; None where nothing is answered.
    """

    milliseconds: Sequence[float]
    refused: int = 0
    answered: float | None = None


def main() -> None:
    """Measure and print the table."""
    end_by_exception()
    load = os.getloadavg()[0]
    rounds: dict[tuple[str, str], list[Measured]] = {}
    with ExitStack() as stack:
        running = [stack.enter_context(kalm_on_whatsapp(*one)) for one in _databases(stack)]
        for kalm in running:
            _answer_alone(kalm)  # the first questions load what the later ones find loaded
        for round_number in range(_ROUNDS):
            for name, measure in _MEASUREMENTS.items():
                if round_number and name in _ONCE:
                    continue
                for kalm in running:
                    rounds.setdefault((name, kalm.name), []).append(measure(kalm))
                    kalm.forget_waiting()
    Console(width=140).print(_table(rounds, load))


def _databases(stack: ExitStack) -> Iterator[tuple[str, Path, str]]:
    """Name, folder for Kalm and address of each."""
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="kalm-benchmark-")))
    addresses = {"SQLite": f"sqlite:///{folder / 'SQLite' / 'kalm.db'}"}
    with suppress(NoPostgreSQLError):
        addresses["PostgreSQL"] = stack.enter_context(postgresql()).format(name="postgres")
    for name, address in addresses.items():
        (folder / name).mkdir()
        yield name, folder / name, address


def _acknowledge_stopped(kalm: Kalm) -> Measured:
    visitors = kalm.new_visitors(_POSTS_WHILE_STOPPED * _SECONDS)
    with kalm.without_actions():
        return asyncio.run(_post_evenly(kalm, visitors, _POSTS_WHILE_STOPPED))


def _acknowledge_answering(kalm: Kalm) -> Measured:
    visitors = kalm.new_visitors(_POSTS_WHILE_ANSWERING * _SECONDS)
    started = perf_counter()
    measured = asyncio.run(_post_evenly(kalm, visitors, _POSTS_WHILE_ANSWERING))
    kalm.graph.wait_until(lambda: len(kalm.graph.sent) >= len(visitors), _NOT_ANSWERED_AFTER)
    replies = kalm.graph.sent
    return Measured(measured.milliseconds, measured.refused, len(replies) / (replies[-1].at - started))


async def _post_evenly(kalm: Kalm, visitors: Sequence[str], per_second: int) -> Measured:
    posts = [webhook(visitor, text) for visitor, text in zip(visitors, cycle(_questions()), strict=False)]
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(timeout=_NOT_ANSWERED_AFTER, limits=limits) as client:
        started = perf_counter() + 0.1

        async def post(number: int) -> tuple[float, int]:
            moment = started + number / per_second
            await asyncio.sleep(moment - perf_counter())
            body, headers = posts[number]
            try:
                status = (await client.post(kalm.address, content=body, headers=headers)).status_code
            except httpx.HTTPError:
                status = 0
            return (perf_counter() - moment) * 1000, status

        answers = await asyncio.gather(*(post(number) for number in range(len(posts))))
    return Measured([taken for taken, _ in answers], sum(status != 200 for _, status in answers))


def _answer_alone(kalm: Kalm) -> Measured:
    questions = iter(_questions())
    taken = []
    for visitor in kalm.new_visitors(_ALONE):
        taken += _ask(kalm, visitor, list(islice(questions, _QUESTIONS_ALONE)))
    return Measured(taken)


def _answer_together(kalm: Kalm) -> Measured:
    visitors = kalm.new_visitors(_TOGETHER)
    questions = cycle(_questions()[_ALONE * _QUESTIONS_ALONE :])
    asked = [list(islice(questions, _QUESTIONS_TOGETHER)) for _ in visitors]
    started = perf_counter()
    with ThreadPoolExecutor(_TOGETHER) as threads:
        each = list(threads.map(_ask, [kalm] * _TOGETHER, visitors, asked))
    taken = [milliseconds for one in each for milliseconds in one]
    return Measured(taken, answered=len(taken) / (perf_counter() - started))


def _ask(kalm: Kalm, visitor: str, questions: Sequence[str]) -> list[float]:
    """Milliseconds from each post until its reply reaches the stand-in; one question after the other."""
    taken = []
    for question in questions:
        started = perf_counter()
        taken.append((kalm.ask(visitor, question).at - started) * 1000)
    return taken


def _questions() -> list[str]:
    return [message.text for message in read_messages(DEVELOPMENT) if message.sections]


_MEASUREMENTS: dict[str, Callable[[Kalm], Measured]] = {
    f"acknowledged, {_POSTS_WHILE_STOPPED}/s, none answered": _acknowledge_stopped,
    f"acknowledged, {_POSTS_WHILE_ANSWERING}/s, all answered": _acknowledge_answering,
    "answered, one after the other": _answer_alone,
    f"answered, {_TOGETHER} visitors at once": _answer_together,
}
_ONCE = tuple(_MEASUREMENTS)[2:]


def _table(rounds: dict[tuple[str, str], list[Measured]], load: float) -> Table:
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load before {load:.1f}"
    explained = f"median of {_ROUNDS} rounds, with the least and the most; answering once"
    title = f"Messages of WhatsApp, milliseconds\n{machine}, {date.today()}\n{explained}"
    table = Table(title=title, title_justify="left")
    table.add_column("until", no_wrap=True)
    table.add_column("database")
    for percentile in _PERCENTILES:
        table.add_column("longest" if percentile == 100 else f"p{percentile}", justify="right")
    table.add_column("not 200", justify="right")
    table.add_column("answers/s", justify="right")
    for (name, database), measured in rounds.items():
        figures = np.array([np.percentile(one.milliseconds, _PERCENTILES) for one in measured])
        answered = [one.answered for one in measured if one.answered is not None]
        table.add_row(
            name,
            database,
            *(_spread(column, ".0f") for column in figures.T.tolist()),
            str(sum(one.refused for one in measured)),
            _spread(answered, ".1f") if answered else "",
        )
    return table


def _spread(values: Sequence[float], form: str) -> str:
    if len(values) == 1:
        return f"{values[0]:{form}}"
    return f"{median(values):{form}} ({min(values):{form}}-{max(values):{form}})"


if __name__ == "__main__":
    main()
