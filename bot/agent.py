"""Rasa's agent with Kalm's processor, and how the bot server loads it."""

from __future__ import annotations

from asyncio import AbstractEventLoop
from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.lock_store import LockStore
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from sanic import Sanic

from bot.processor import KalmProcessor
from kalm import logs


class KalmAgent(Agent):
    """Rasa's agent, for one model that it keeps."""

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """Load a model.

        Raises:
            Exception: whatever Rasa or a component raises for a model that it cannot load.
        """
        self.processor = KalmProcessor(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=self.action_endpoint,
            generator=self.nlg,
        )
        self.domain = self.processor.domain
        self.tracker_store.domain = self.domain
        self.nlg.responses = self.domain.responses
        self._set_fingerprint(fingerprint)


async def load_on_start(
    model: Path, endpoints: AvailableEndpoints, app: Sanic, loop: AbstractEventLoop
) -> None:
    """Give the bot server its agent, before it listens.

    Args:
        model: the trained model, a ``.tar.gz``.
        endpoints: what ``endpoints.yml`` names.
        app: the server; where the model cannot be loaded, its agent is not ready.
        loop: that it runs in.
    """
    app.ctx.agent = KalmAgent(
        tracker_store=TrackerStore.create(endpoints.tracker_store),
        lock_store=LockStore.create(endpoints.lock_store),
        action_endpoint=endpoints.action,
    )
    try:
        app.ctx.agent.load_model(model)
    except Exception as error:
        logs.failure("the model could not be loaded", error)
