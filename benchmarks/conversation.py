"""``python -m benchmarks.conversation``: how a long conversation slows down, with each way of keeping it.

One visitor sends 400 messages: the questions of the development set that articles answer, over and over.
Rasa's own agent handles them in this process, with the trained model, the rules and a real action server;
only the tracker store differs. The stores take turns, block by block, so that a busy machine hits them alike.
"""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx
import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.utils.endpoints import EndpointConfig
from rich.console import Console
from rich.table import Table

from commands.environment import rasa_environment
from commands.evaluation.data import DEVELOPMENT, read_messages
from kalm import release
from kalm.settings import ROOT, settings
from storage.migrate import migrate
from storage.tracker_store import KalmTrackerStore
from storage.turn import turn

_MESSAGES = 400
_BLOCK = 5
_AROUND = {"10": range(2, 22), "100": range(90, 110), "200": range(190, 210), "400": range(380, 400)}
_PORT = 15055


def main() -> None:
    """Measure and print the table."""
    with TemporaryDirectory() as folder:
        taken = asyncio.run(_measure(Path(folder)))
    table = Table(
        title=f"One conversation of {_MESSAGES} messages, median milliseconds around message ...",
        title_justify="left",
    )
    table.add_column("tracker store")
    for name in (*_AROUND, "400 / 10"):
        table.add_column(name, justify="right")
    for name, times in taken.items():
        medians = {around: median(times[number] for number in numbers) for around, numbers in _AROUND.items()}
        ratio = medians["400"] / medians["10"]
        table.add_row(name, *(f"{value:.1f}" for value in medians.values()), f"{ratio:.2f}")
    Console().print(table)


async def _measure(folder: Path) -> dict[str, list[float]]:
    answered = [message.text for message in read_messages(DEVELOPMENT) if message.sections]
    questions = list(islice(cycle(answered), _MESSAGES))
    agents = {name: _agent(store) for name, store in _stores(folder).items()}
    taken: dict[str, list[float]] = {name: [] for name in agents}
    async with _action_server():
        for start in range(0, _MESSAGES, _BLOCK):
            for name, agent in agents.items():
                for question in questions[start : start + _BLOCK]:
                    taken[name].append(await _ask(agent, question))
    return taken


def _stores(folder: Path) -> dict[str, TrackerStore]:
    address = f"sqlite:///{folder / 'kalm.db'}"
    migrate(address)
    os.environ["KALM_DATABASE"] = address
    settings.cache_clear()
    return {
        "Rasa, in memory": InMemoryTrackerStore(None),
        "Rasa, SQLite": SQLTrackerStore(None, dialect="sqlite", db=str(folder / "rasa.db")),
        "Kalm, SQLite": KalmTrackerStore(None),
    }


def _agent(store: TrackerStore) -> Agent:
    actions = EndpointConfig(url=f"http://127.0.0.1:{_PORT}/webhook")
    return Agent.load(str(release.current().model), tracker_store=store, action_endpoint=actions)


async def _ask(agent: Agent, question: str) -> float:
    output = CollectingOutputChannel()
    started = time.perf_counter()
    with turn():
        await agent.handle_message(UserMessage(question, output, "a" * 32, input_channel="rest"))
    assert output.messages, "nothing was answered, so the time means nothing"
    return (time.perf_counter() - started) * 1000


@asynccontextmanager
async def _action_server() -> AsyncIterator[None]:
    environment = {**rasa_environment(), "KALM_ACTIONS_PORT": str(_PORT)}
    server = subprocess.Popen([sys.executable, "-m", "commands.serve", "actions"], cwd=ROOT, env=environment)
    try:
        async with httpx.AsyncClient() as client:
            for _ in range(600):
                try:
                    await client.get(f"http://127.0.0.1:{_PORT}/health")
                    break
                except httpx.HTTPError:
                    await asyncio.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    os.environ.update(rasa_environment())
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    main()
