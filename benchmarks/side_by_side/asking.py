"""Asks a bot over REST, in a process of its own: one at a time, many at once, or in one long conversation.

Run by :mod:`benchmarks.side_by_side.speed` as a worker. Each way gives milliseconds per message, from sending
it until its whole answer is there, and the messages that were not answered.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import aiohttp

from benchmarks.side_by_side.stock_actions import DISCLAIMER
from benchmarks.side_by_side.workers import answer_parent

MESSAGES_OF_A_VISITOR = 5
"""After so many a sender of those at once begins a new conversation, as another visitor would."""

_PATIENCE = 120.0


@dataclass
class Answers:
    """What came of messages.

    Attributes:
        milliseconds: of each message, answered or not, in the order in which they ended.
        in_time: how many were answered within the window, for messages at once.
        by_action: how many were answered by a custom action.
        unanswered: what came instead of an answer: an error, nothing, an apology.
    """

    milliseconds: list[float] = field(default_factory=list)
    in_time: int = 0
    by_action: int = 0
    unanswered: list[str] = field(default_factory=list)


def fault_of(status: int, replies: Any, headers: Sequence[str] = ()) -> str | None:
    """What is wrong with what came; None for an answer.

    Args:
        status: of HTTP.
        replies: the body.
        headers: names of the headers.
    """
    if status != 200:
        return f"status {status}"
    if not isinstance(replies, list) or not replies:
        return "no reply"
    if any(name.lower() == "retry-after" for name in headers):
        return "asked too often"
    for reply in replies:
        if not (reply.get("text") or reply.get("custom")):
            return "an empty reply"
        if (reply.get("custom") or {}).get("kind") == "failure":
            return "an apology"
    return None


def is_by_action(replies: Any) -> bool:
    """Whether a custom action answered: Kalm's leave a payload, the stock bot's its disclaimer."""
    return any(one.get("custom") or str(one.get("text", "")).endswith(DISCLAIMER) for one in replies)


class Asker:
    """Sends messages to one bot."""

    def __init__(self, session: aiohttp.ClientSession, address: str, prefix: str) -> None:
        """Ask under names of senders that nobody else uses.

        Args:
            session: whose connections are used.
            address: of the webhook.
            prefix: of the names.
        """
        self._session = session
        self._address = address
        self._names = (f"{prefix}-{number}" for number in itertools.count())

    async def ask(self, sender: str, question: str, answers: Answers) -> None:
        """Send a message and note what came of it."""
        started = time.perf_counter()
        replies: Any = None
        try:
            body = {"sender": sender, "message": question}
            async with self._session.post(self._address, json=body) as response:
                replies = await response.json()
                fault = fault_of(response.status, replies, list(response.headers))
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            fault = type(error).__name__
        answers.milliseconds.append((time.perf_counter() - started) * 1000)
        if fault is None:
            answers.by_action += is_by_action(replies)
        else:
            answers.unanswered.append(f"{fault}: {question}")

    async def one_by_one(self, questions: Sequence[str]) -> Answers:
        """Ask each question as a new visitor."""
        answers = Answers()
        for question in questions:
            await self.ask(next(self._names), question, answers)
        return answers

    async def in_one_conversation(self, questions: Sequence[str]) -> Answers:
        """Ask all questions as one visitor."""
        answers, sender = Answers(), next(self._names)
        for question in questions:
            await self.ask(sender, question, answers)
        return answers

    async def at_once(self, questions: Sequence[str], senders: int, seconds: float) -> Answers:
        """Let so many senders ask without pause; what was sent in time is waited for."""
        answers = Answers()
        waiting = itertools.cycle(questions)
        deadline = time.perf_counter() + seconds

        async def work() -> None:
            while True:
                sender = next(self._names)
                for _ in range(MESSAGES_OF_A_VISITOR):
                    if time.perf_counter() >= deadline:
                        return
                    before = len(answers.unanswered)
                    await self.ask(sender, next(waiting), answers)
                    is_answered = len(answers.unanswered) == before
                    answers.in_time += is_answered and time.perf_counter() <= deadline

        await asyncio.gather(*(work() for _ in range(senders)))
        return answers


async def _carry_out(plan: dict[str, Any]) -> Answers:
    """Ask as a plan says: "way" is the name of a method of :class:`Asker`, "with" its arguments."""
    timeout = aiohttp.ClientTimeout(total=_PATIENCE)
    async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0)) as session:
        asker = Asker(session, plan["address"], plan["prefix"])
        answers: Answers = await getattr(asker, plan["way"])(**plan["with"])
        return answers


def _answer(plan: dict[str, Any]) -> dict[str, Any]:
    return asdict(asyncio.run(_carry_out(plan)))


if __name__ == "__main__":
    answer_parent(_answer)
