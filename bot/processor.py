"""Handles a message as Rasa does, with Kalm's runner and Kalm's way to the action server."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rasa.core.actions.action import Action, RemoteAction
from rasa.core.processor import MessageProcessor
from rasa.engine import loader
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.trackers import DialogueStateTracker

from bot.actions import KalmRemoteAction
from bot.runner import InOrderRunner


class KalmProcessor(MessageProcessor):
    """Rasa's processor."""

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, InOrderRunner]:
        model = Path(model_path)
        with TemporaryDirectory() as folder:
            metadata, runner = loader.load_predict_graph_runner(
                Path(folder), model, LocalModelStorage, InOrderRunner
            )
        return model.name, metadata, runner

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> tuple[Action, Any]:
        """The next action, with the prediction that it comes from.

        Raises:
            rasa.core.policies.policy.ActionLimitReached: there were too many.
        """
        action, prediction = super().predict_next_with_tracker_if_should(tracker)
        if isinstance(action, RemoteAction):
            action = KalmRemoteAction(action.name(), self.action_endpoint)
        return action, prediction
