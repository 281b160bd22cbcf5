"""Asks each contender the same questions, in runs of alternating order."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.side_by_side.contenders import (
    BRIEF,
    FLOOR,
    FLOOR_COMMIT,
    QUIET,
    Contender,
    Running,
)
from benchmarks.side_by_side.figures import percentile
from benchmarks.side_by_side.workers import Worker, worker
from commands.evaluation.data import DEVELOPMENT, read_messages
from kalm.understanding import KNOWLEDGE

SENDERS = (1, 4, 16, 64)
"""How many ask at once."""

BRIEF_SENDERS = (16,)
"""For those of whom less is measured."""

PLACES = {10: (2, 20), 100: (90, 110), 400: (382, 400)}
"""A message of a long conversation, and the first and last of those of which the median is taken for it. The
first and the last place have the same questions: one that needs the meaning of the sentence takes longer."""

_WARM_UP = 20
_QUICKER_FLOOR = 4
"""By how much shorter the floors are asked at once: they answer so much that it tells as much."""

_SEED = 5


@dataclass(frozen=True)
class Plan:
    """How much is asked.

    Attributes:
        messages: one at a time.
        seconds: that senders ask at once, for each number of senders.
        longest: messages of the long conversation.
    """

    messages: int
    seconds: float
    longest: int = max(PLACES)


class UnansweredError(Exception):
    """Something was not answered where everything must be; the message says what and by whom."""


def questions_for_all() -> list[str]:
    """The development set in one fixed order: danger and small talk among it."""
    texts = [message.text for message in read_messages(DEVELOPMENT)]
    random.Random(_SEED).shuffle(texts)
    return texts


def answered_questions() -> list[str]:
    """Questions of it that a passage answers, in one fixed order."""
    messages = read_messages(DEVELOPMENT)
    texts = [message.text for message in messages if message.sections and message.intent in KNOWLEDGE]
    random.Random(_SEED).shuffle(texts)
    return texts


def long_conversation(messages: int) -> list[str]:
    """Questions that a passage answers; at the first and the last of :data:`PLACES` the same.

    Args:
        messages: how many.
    """
    (first, end), *_, (again, last) = PLACES.values()
    questions = answered_questions()
    repeated, others = questions[: end - first + 1], questions[end - first + 1 :]
    said = _first(others, max(messages, last))
    for start in (first, again):
        said[start - 1 : start - 1 + len(repeated)] = repeated
    return said[:messages]


def order(contenders: Sequence[str], run: int) -> list[str]:
    """The contenders in the order of a run, so that none is always the first, or always behind the same.

    Args:
        contenders: all of them.
        run: from 0.
    """
    start = run * 2 % len(contenders)
    turned = [*contenders[start:], *contenders[:start]]
    return turned[::-1] if run % 2 else turned


def run_all(
    contenders: Mapping[str, Contender], runs: int, plan: Plan, folder: Path, say: Callable[[str], None]
) -> list[dict[str, Any]]:
    """Measure every contender in every run.

    Args:
        contenders: by name.
        runs: how many.
        plan: how much is asked.
        folder: for logs and databases.
        say: told of each step.

    Returns:
        One mapping for each contender and run, of what JSON can hold: see :func:`measure`.
    """
    found = []
    for run in range(runs):
        for name in order(list(contenders), run):
            say(f"run {run + 1} of {runs}: {name}")
            with TemporaryDirectory(prefix="run-", dir=folder) as own, contenders[name](Path(own)) as running:
                environment = {**os.environ, **QUIET}
                with worker("asking", Path(own) / "asking.log", environment) as asker:
                    measured = measure(name, running, asker, plan, f"run{run}")
            found.append({"contender": name, "run": run + 1, **measured})
    return found


def measure(name: str, running: Running, asker: Worker, plan: Plan, prefix: str) -> dict[str, Any]:
    """Ask one contender everything.

    Returns:
        Milliseconds of each message "idle", MB by process, milliseconds of processor a message, the
        "throughput" by number of senders, and the medians of the long "conversation".

    Raises:
        UnansweredError: a message that came by itself was not answered.
    """
    questions = questions_for_all()

    def ask(way: str, tag: str, **arguments: Any) -> dict[str, Any]:
        asked: dict[str, Any] = asker.ask(
            {"address": running.address, "prefix": f"{prefix}-{tag}", "way": way, "with": arguments}
        )
        return asked

    _all_answered(name, ask("one_by_one", "warm", questions=_first(questions[::-1], _WARM_UP)))
    before = running.processor()
    idle = _all_answered(name, ask("one_by_one", "idle", questions=_first(questions, plan.messages)))
    processor = (running.processor() - before) / plan.messages * 1000
    measured: dict[str, Any] = {
        "ready": running.seconds_to_ready,
        "idle": idle["milliseconds"],
        "by_action": idle["by_action"] / plan.messages,
        "processor": processor,
        "memory": running.memory(),
    }
    is_floor = name in (FLOOR, FLOOR_COMMIT)
    seconds = plan.seconds / _QUICKER_FLOOR if is_floor else plan.seconds
    measured["throughput"] = {
        str(senders): _throughput(
            ask("at_once", f"at-once-{senders}", questions=questions, senders=senders, seconds=seconds),
            seconds,
        )
        for senders in (BRIEF_SENDERS if name in BRIEF else SENDERS)
    }
    if name in BRIEF:
        return measured
    if not is_floor:
        long = long_conversation(plan.longest)
        said = _all_answered(name, ask("in_one_conversation", "long", questions=long))
        measured["conversation"] = around_places(said["milliseconds"])
        measured["each_of_conversation"] = said["milliseconds"]
    measured["memory_afterwards"] = running.memory()
    measured["memory_beside"] = running.extra_memory()
    return measured


def around_places(milliseconds: Sequence[float]) -> dict[str, float]:
    """Medians around the messages of :data:`PLACES`, those that the conversation came to.

    Args:
        milliseconds: of each message of one conversation, in its order.
    """
    return {
        str(place): median(milliseconds[first - 1 : last])
        for place, (first, last) in PLACES.items()
        if len(milliseconds) >= last
    }


def _throughput(answers: Mapping[str, Any], seconds: float) -> dict[str, float]:
    return {
        "rate": answers["in_time"] / seconds,
        "p95": percentile(answers["milliseconds"], 95),
        "unanswered": len(answers["unanswered"]),
    }


def _all_answered(name: str, answers: dict[str, Any]) -> dict[str, Any]:
    if answers["unanswered"]:
        missing = "\n".join(answers["unanswered"][:5])
        raise UnansweredError(f"{name}: {len(answers['unanswered'])} messages were not answered:\n{missing}")
    return answers


def _first(questions: Sequence[str], count: int) -> list[str]:
    """So many of the questions, from the beginning again where there are too few."""
    times = -(-count // len(questions))
    return (list(questions) * times)[:count]
