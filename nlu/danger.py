"""Danger goes before whatever else a message seems to be."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message

from kalm.understanding import Understanding


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class DangerFirst(GraphComponent, IntentClassifier):
    """Makes a suspected danger the intent, also over small talk and over the fallback.

    Stands last in the pipeline. The rule when danger is suspected is in :mod:`kalm.understanding`.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DangerFirst:
        """A new component; there is nothing to train."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Change ``intent`` of each message in which danger is suspected."""
        for message in messages:
            understanding = Understanding.of_ranking(message.get("intent_ranking") or [])
            danger = understanding.suspected_danger
            if danger is not None:
                confidence = understanding.ranking[danger]
                message.set(
                    INTENT, {"name": danger, PREDICTED_CONFIDENCE_KEY: confidence}, add_to_output=True
                )
        return messages
