"""Two questions to a bot that does not listen yet: does the whole way of a message work?

They go through language model, rules, action server and reply like those of a visitor, but are kept in memory
alone: nobody asked them, so nothing of them may be counted or reviewed.
"""

from __future__ import annotations

import asyncio

import httpx
from rasa.core.agent import Agent

from channels.readiness import ask, is_answer
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
    if not is_answer(await ask(agent, sentences().starters[0])):
        return Reason.NO_ANSWER
    help_ = await ask(agent, DANGER)
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
