"""``python -m benchmarks.extension_points``: what each part of ``bot/`` wins beside Rasa's own.

Rasa's way and Kalm's take turns, in this process. Needs ``make train``.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from statistics import median
from typing import Any

import structlog
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from rich.console import Console
from rich.table import Table

from bot.action_endpoint import ActionEndpoint
from bot.actions import KalmRemoteAction
from bot.agent import KalmAgent
from kalm import release
from kalm.settings import LOOPBACK

_ROUNDS = 300
_QUESTION = "hallo"  # words are enough for it: what the runner costs would drown in the meaning
_ACTION = "action_answer_question"
_MESSAGES = 8
"""Of the conversation that an action is told of: as many as the live tracker keeps."""

Ask = Callable[[], Awaitable[Any]]


def main() -> None:
    """Measure and print the table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    taken = asyncio.run(_measure())
    table = Table(title=f"Milliseconds, medians of {_ROUNDS}", title_justify="left")
    table.add_column("what")
    for column in ("Rasa", "Kalm"):
        table.add_column(column, justify="right")
    for name, (theirs, ours) in taken.items():
        table.add_row(name, f"{theirs:.2f}", f"{ours:.2f}")
    Console().print(table)


async def _measure() -> dict[str, tuple[float, float]]:
    model = release.current().model
    stock, kalm = Agent.load(str(model)), KalmAgent()
    kalm.load_model(model)
    tracker = _conversation()
    found = {
        "pipeline (parse)": await _in_turn(*(_parse(agent) for agent in (stock, kalm))),
        "runner and rules (first prediction)": await _in_turn(
            *(_predict(agent, tracker) for agent in (stock, kalm))
        ),
        "schema of the answer": await _in_turn(*(_check(kind) for kind in (RemoteAction, KalmRemoteAction))),
        "what an action is told": await _in_turn(
            _tell(RemoteAction, {}, tracker, kalm),
            _tell(KalmRemoteAction, {"enable_selective_domain": True}, tracker, kalm),
        ),
    }
    server = await asyncio.start_server(_answer, LOOPBACK, 0)
    address = f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}/webhook"
    own = ActionEndpoint(address)
    try:
        found["connection to the action server"] = await _in_turn(_call(EndpointConfig(address)), _call(own))
    finally:
        await own.close()
        server.close()
    return found


async def _in_turn(theirs: Ask, ours: Ask) -> tuple[float, float]:
    """Milliseconds of both, medians."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(_ROUNDS):
        for ask, times in zip((theirs, ours), taken, strict=True):
            started = time.perf_counter()
            await ask()
            times.append((time.perf_counter() - started) * 1000)
    return median(taken[0]), median(taken[1])


def _parse(agent: Agent) -> Ask:
    return lambda: agent.parse_message(_QUESTION)


def _predict(agent: Agent, tracker: DialogueStateTracker) -> Ask:
    async def ask() -> None:
        agent.processor._predict_next_with_tracker(tracker)

    return ask


def _check(kind: type[RemoteAction]) -> Ask:
    answer = {
        "events": [{"event": "slot", "name": "conversation", "value": {}, "timestamp": None}],
        "responses": [{"text": "antwoord", "custom": {"kind": "answer"}}],
    }

    async def ask() -> None:
        kind(_ACTION, None)._validate_action_result(answer)

    return ask


def _tell(
    kind: type[RemoteAction], options: dict[str, Any], tracker: DialogueStateTracker, agent: Agent
) -> Ask:
    endpoint = EndpointConfig("http://localhost/webhook", **options)

    async def ask() -> None:
        json.dumps(kind(_ACTION, endpoint)._action_call_format(tracker, agent.domain))

    return ask


def _call(endpoint: EndpointConfig) -> Ask:
    return lambda: endpoint.request(json={}, method="post", timeout=300)


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            await reader.readuntil(b"\r\n\r\n{}")
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def _conversation() -> DialogueStateTracker:
    tracker = DialogueStateTracker("a" * 32, ())
    ranking = [{"name": "ask_rls", "confidence": 0.1}] * 10
    intent = {"name": "ask_rls", "confidence": 0.9}
    parsed = {"text": _QUESTION, "intent": intent, "entities": [], "intent_ranking": ranking}
    for number in range(_MESSAGES):
        tracker.update(ActionExecuted("action_listen"))
        tracker.update(UserUttered(_QUESTION, intent, [], parsed))
        if number < _MESSAGES - 1:
            tracker.update(ActionExecuted(_ACTION))
            tracker.update(
                BotUttered("antwoord " * 60, {"custom": {"kind": "answer", "text": "woord " * 90}})
            )
            tracker.update(SlotSet("conversation", {}))
    return tracker


if __name__ == "__main__":
    main()
