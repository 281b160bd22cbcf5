"""``GET /live`` and ``GET /ready`` of the bot server, for what starts it, watches it or sends it visitors.

Live means that the process answers at all. Ready means that a question was answered a moment ago on the whole
way of a message: understood by the model, answered by the action server, and the store could be written.
Nothing of that question is kept. Whoever asks may be a stranger, so all who ask at once share one question,
and they learn nothing but what is missing.
"""

from __future__ import annotations

import asyncio
import copy
import uuid
from enum import Enum
from typing import Any

import httpx
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from channels.store_look import StoreLook
from kalm import logs
from kalm.reply import Kind
from kalm.sentences import sentences
from kalm.settings import settings
from storage.conversations import Conversations

WITHIN = 5.0
"""Seconds in which all of it must be done."""

SERVERS_WITHIN = 2.0
"""Seconds of those that the database and the action server get to say that they are there."""

FRESH = 1.0
"""Seconds that an outcome is told to others who ask."""


class Missing(Enum):
    """Why visitors cannot be answered, as whoever asks hears it."""

    NO_MODEL = "no model is loaded"
    NO_STORE = "the database cannot be read and written"
    NO_ACTIONS = "the action server does not answer"
    NO_ANSWER = "a question got no answer from the articles"
    SLOW_ANSWER = f"a question was not answered within {WITHIN:.0f} seconds"


async def ask(agent: Agent, question: str) -> dict[str, Any]:
    """The data of the reply to a question that nobody asked, of which nothing is kept.

    Args:
        agent: with a model; visitors may use it meanwhile.
        question: what is asked.

    Returns:
        The payload of the last reply; empty when there is none.
    """
    collector = CollectingOutputChannel()
    message = UserMessage(question, collector, f"canary-{uuid.uuid4().hex}", input_channel="rest")
    processor = copy.copy(agent.processor)  # the same model, another store
    processor.tracker_store = InMemoryTrackerStore(agent.domain)
    try:
        await processor.handle_message(message)
    except Exception as error:
        logs.failure("a canary question failed", error)
        return {}
    found = [said["custom"] for said in collector.messages if "custom" in said]
    return found[-1] if found and isinstance(found[-1], dict) else {}


def is_answer(payload: dict[str, Any]) -> bool:
    """Whether a reply to a starter is as it should be: an answer with a passage and the disclaimer."""
    is_one = payload.get("kind") == Kind.ANSWER.value
    return bool(is_one and payload.get("passages") and payload.get("disclaimer"))


class Readiness:
    """Finds out what is missing, once for all who ask at the same moment."""

    def __init__(self, known: Conversations) -> None:
        """Take the conversations, whose store is looked at."""
        self._store = StoreLook(known)
        self._client: httpx.AsyncClient | None = None
        self._looking: asyncio.Task[Missing | None] | None = None
        self._ended = 0.0
        self._last: Missing | None = None

    async def what_is_missing(self, agent: Agent | None) -> Missing | None:
        """Why visitors cannot be answered; None when they can.

        Args:
            agent: Rasa's; None when there is none.
        """
        now = asyncio.get_running_loop().time()
        if self._looking is None or (self._looking.done() and now - self._ended >= FRESH):
            self._looking = asyncio.ensure_future(self._look(agent))
        # Whoever hangs up does not end it for the others.
        return await asyncio.shield(self._looking)

    async def close(self) -> None:
        """Close what is open."""
        if self._client is not None:
            await self._client.aclose()

    async def _look(self, agent: Agent | None) -> Missing | None:
        try:
            missing = await self._missing(agent)
        except Exception as error:  # an editor's file that cannot be read, for example
            logs.failure("the readiness could not be found out", error)
            missing = Missing.NO_ANSWER
        self._ended = asyncio.get_running_loop().time()
        if missing is not None and missing is not self._last:
            logs.alarm("not ready for visitors", reason=missing.name.lower())
        elif missing is None and self._last is not None:
            logs.note("ready for visitors again")
        self._last = missing
        return missing

    async def _missing(self, agent: Agent | None) -> Missing | None:
        if agent is None or not agent.is_ready():
            return Missing.NO_MODEL
        began = asyncio.get_running_loop().time()
        has_store, has_actions = await asyncio.gather(self._store_answers(), self._actions_answer())
        if not has_store:
            return Missing.NO_STORE
        if not has_actions:
            return Missing.NO_ACTIONS
        left = began + WITHIN - asyncio.get_running_loop().time()
        try:
            answer = await asyncio.wait_for(ask(agent, sentences().starters[0]), left)
        except asyncio.TimeoutError:
            return Missing.SLOW_ANSWER
        return None if is_answer(answer) else Missing.NO_ANSWER

    async def _store_answers(self) -> bool:
        try:
            return not await asyncio.wait_for(self._store.what_is_missing(), SERVERS_WITHIN)
        except asyncio.TimeoutError:
            return False

    async def _actions_answer(self) -> bool:
        if self._client is None:  # making one takes longer than all the rest
            fresh = httpx.Limits(max_keepalive_connections=0)
            self._client = httpx.AsyncClient(timeout=SERVERS_WITHIN, limits=fresh, trust_env=False)
        try:
            return (await self._client.get(f"{settings().actions_url}/health")).status_code == 200
        except httpx.HTTPError:
            return False


def routes(known: Conversations) -> Blueprint:
    """The two routes.

    Args:
        known: the conversations.
    """
    made = Blueprint("kalm_readiness")
    readiness = Readiness(known)

    @made.listener("after_server_stop")
    async def close(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        await readiness.close()

    @made.route("/live", methods=["GET", "HEAD"])
    async def live(request: Request) -> HTTPResponse:
        return _told(200, {"status": "live"})

    @made.route("/ready", methods=["GET", "HEAD"])
    async def ready(request: Request) -> HTTPResponse:
        missing = await readiness.what_is_missing(getattr(request.app.ctx, "agent", None))
        if missing is not None:
            return _told(503, {"status": "not ready", "reason": missing.value})
        return _told(200, {"status": "ready"})

    return made


def _told(status: int, what: dict[str, str]) -> HTTPResponse:
    return response.json(what, status=status, headers={"Cache-Control": "no-store"})
