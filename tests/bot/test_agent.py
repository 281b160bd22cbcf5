"""The agent of the bot server does what Rasa's own does, with the model that was trained."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.utils import AvailableEndpoints

from bot import agent as module
from bot.actions import KalmRemoteAction
from bot.agent import KalmAgent, load_on_start
from bot.runner import InOrderRunner

TEXTS = ("wat is rls", "hoi", "ik krijg geen lucht", "helpt magnesium tegen hoofdpijn", "?", "🦵🔥", "")


@pytest.mark.parametrize("text", TEXTS)
def test_a_message_is_understood_as_rasas_own_agent_understands_it(
    kalm: KalmAgent, stock: Agent, text: str
) -> None:
    assert asyncio.run(kalm.parse_message(text)) == asyncio.run(stock.parse_message(text))


@pytest.mark.parametrize("text", TEXTS)
def test_the_same_action_follows(kalm: KalmAgent, stock: Agent, text: str) -> None:
    async def next_action(agent: Any) -> tuple[str, float, type]:
        tracker = await agent.processor.log_message(UserMessage(text, sender_id="a" * 32))
        action, prediction = agent.processor.predict_next_with_tracker_if_should(tracker)
        return action.name(), prediction.max_confidence, type(action)

    (ours, confidence, way), (theirs, *of_theirs) = (
        asyncio.run(next_action(agent)) for agent in (kalm, stock)
    )
    assert (ours, confidence) == (theirs, of_theirs[0])
    assert way is KalmRemoteAction
    assert isinstance(kalm.processor.graph_runner, InOrderRunner)


def test_a_model_that_cannot_be_loaded_leaves_an_agent_that_is_not_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(module.logs, "failure", lambda event, error: told.append(event))
    broken = tmp_path / "kalm-1.tar.gz"
    broken.write_bytes(b"no model")
    app = SimpleNamespace(ctx=SimpleNamespace())
    asyncio.run(load_on_start(broken, AvailableEndpoints(), cast(Any, app), cast(Any, None)))
    assert not app.ctx.agent.is_ready()
    assert told == ["the model could not be loaded"]
