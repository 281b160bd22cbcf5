"""The model that was trained, as Kalm's agent and as Rasa's own loads it."""

from __future__ import annotations

import pytest
from rasa.core.agent import Agent

from bot.agent import KalmAgent
from kalm import release


@pytest.fixture(scope="session")
def kalm() -> KalmAgent:
    agent = KalmAgent()
    agent.load_model(release.current().model)
    return agent


@pytest.fixture(scope="session")
def stock() -> Agent:
    return Agent.load(str(release.current().model))
