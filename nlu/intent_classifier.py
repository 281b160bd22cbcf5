"""The intent of a message, by :class:`kalm.intents.IntentCascade`."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from kalm.embedding import embedder
from kalm.intents import IntentCascade
from kalm.privacy.masking import without_labels
from kalm.understanding import NLU_FALLBACK
from nlu.danger import DANGER_SIGN

_RANKING = 10

SURE_OF_PICTURES = 0.6
"""Least probability for a message without a word: a thumb says yes, a burning leg could be anything."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DutchIntentClassifier(GraphComponent, IntentClassifier):
    """Rasa's way to Kalm's own classifiers."""

    def __init__(
        self,
        model_storage: ModelStorage,
        resource: Resource,
        classifier: IntentCascade | None = None,
    ) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._classifier = classifier

    @staticmethod
    def required_packages() -> list[str]:
        """Packages Rasa looks for before training."""
        return ["sklearn", "spacy", "simplemma"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DutchIntentClassifier:
        """A new component, not trained yet."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DutchIntentClassifier:
        """The component as it was trained."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, IntentCascade.load(folder, embedder()))

    def train(self, training_data: TrainingData) -> Resource:
        """Train on all intent examples and keep the result in the model."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        self._classifier = IntentCascade.train(
            [example.get(TEXT) for example in examples],
            [example.get(INTENT) for example in examples],
            embedder(),
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._classifier.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set ``intent`` and ``intent_ranking`` of each message that the gate for danger let pass."""
        assert self._classifier is not None
        for message in messages:
            if message.get(DANGER_SIGN) is not None:
                continue
            text = without_labels(message.get(TEXT) or "")
            probabilities = self._classifier.probabilities(text)
            best = np.argsort(-probabilities)[:_RANKING]
            ranking = [
                {"name": self._classifier.labels[place], "confidence": float(probabilities[place])}
                for place in best
            ]
            intent = ranking[0]
            if not any(letter.isalnum() for letter in text) and ranking[0]["confidence"] < SURE_OF_PICTURES:
                intent = {"name": NLU_FALLBACK, "confidence": 1.0}
            message.set("intent", intent, add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages
