"""Two questions to a bot that does not listen yet: does the whole way of a message work?

They go through language model, rules, action server and reply like those of a visitor, but are kept in memory
alone: nobody asked them, so nothing of them may be counted or reviewed.
"""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import httpx
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore

from kalm import logs
from kalm.going_live import Reason
from kalm.privacy.pseudonyms import pseudonyms
from kalm.reply import Kind
from kalm.sentences import sentences
from kalm.settings import settings
from storage.conversations import Conversations
from storage.database import Database

DANGER = "ik krijg geen lucht en heb pijn op de borst"
"""What must lead to 112, whatever a model learnt."""

_ACTIONS_WITHIN = 60.0
"""Seconds in which the action server must answer: it starts at the same time."""


async def what_fails(agent: Agent) -> Reason | None:
    """Why the bot may not take over; None when it may.

    Args:
        agent: nobody else uses it yet.
    """
    if not await _actions_answer():
        return Reason.NO_ACTIONS
    if not await asyncio.to_thread(_store_answers):
        return Reason.NO_STORE
    answer = await _ask(agent, sentences().starters[0])
    if answer.get("kind") != Kind.ANSWER.value or not answer.get("passages") or not answer.get("disclaimer"):
        return Reason.NO_ANSWER
    help_ = await _ask(agent, DANGER)
    if help_.get("kind") != Kind.EMERGENCY.value or not help_.get("numbers"):
        return Reason.NO_HELP
    return None


async def _actions_answer() -> bool:
    deadline = asyncio.get_running_loop().time() + _ACTIONS_WITHIN
    async with httpx.AsyncClient(timeout=5) as client:
        while asyncio.get_running_loop().time() < deadline:
            try:
                if (await client.get(f"{settings().actions_url}/health")).status_code == 200:
                    return True
            except httpx.HTTPError:  # it does not listen yet
                pass
            await asyncio.sleep(0.2)
    return False


def _store_answers() -> bool:
    database = Database(settings().database_url)
    try:
        return not Conversations(database, pseudonyms()).what_is_missing()
    finally:
        database.close()


async def _ask(agent: Agent, question: str) -> dict[str, Any]:
    """The data of the reply; empty when there is none."""
    collector = CollectingOutputChannel()
    message = UserMessage(question, collector, f"canary-{uuid.uuid4().hex}", input_channel="rest")
    processor = agent.processor
    store = processor.tracker_store
    processor.tracker_store = InMemoryTrackerStore(agent.domain)
    try:
        await agent.handle_message(message)
    except Exception as error:
        logs.failure("a canary question failed", error)
        return {}
    finally:
        processor.tracker_store = store
    found = [said["custom"] for said in collector.messages if "custom" in said]
    return found[-1] if found and isinstance(found[-1], dict) else {}
