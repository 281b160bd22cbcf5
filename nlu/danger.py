"""Danger goes before whatever else a message seems to be: the rules first, the classifier's doubt last."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from kalm.safety import Found, look_for_danger
from kalm.safety.comfort import comfort_for
from kalm.safety.conditions import conditions_over
from kalm.safety.fallback import unless_it_fails
from kalm.understanding import INTENT_OF_DANGER, NLU_FALLBACK, Understanding

DANGER_SIGN = "danger_sign"
"""Name of the sign that the gate found; whoever comes after it leaves such a message as it is."""


def _found(text: str) -> Found:
    """What the rules make of a text; nothing when they fail, so that the classifier still looks."""
    return unless_it_fails(look_for_danger, text) or Found((), taken_back=False)


class _Untrained(GraphComponent, IntentClassifier):
    """A classifier that is made of rules."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> _Untrained:
        """A new component; there is nothing to train."""
        return cls()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class DangerGate(_Untrained):
    """Finds danger by the rules of ``data/safety``. Stands before the classifier."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent of each message that gives a danger sign."""
        for message in messages:
            sign = _found(message.get(TEXT) or "").sign
            if sign is not None:
                intent = {INTENT_NAME_KEY: INTENT_OF_DANGER[sign.kind], PREDICTED_CONFIDENCE_KEY: 1.0}
                message.set(INTENT, intent, add_to_output=True)
                message.set("intent_ranking", [intent], add_to_output=True)
                message.set(DANGER_SIGN, sign.name, add_to_output=True)
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SuspectedDanger(_Untrained):
    """Makes a danger that the classifier suspects the intent, also over small talk and over the fallback.

    Stands last in the pipeline: a second net below the rules. What is suspected is decided in
    :mod:`kalm.understanding`.
    """

    def process(self, messages: list[Message]) -> list[Message]:
        """Change the intent of each message in which danger is suspected, or wrongly seemed so."""
        for message in messages:
            if message.get(DANGER_SIGN) is not None:
                continue
            understanding = Understanding.of_ranking(message.get("intent_ranking") or [])
            present = (message.get(INTENT) or {}).get("name")
            if not understanding.leaves_danger_open(present):
                continue
            # "Ik ben niet meer zwanger" sounds like "ik ben niet meer" to the classifier.
            text = message.get(TEXT) or ""
            is_over = bool(unless_it_fails(conditions_over, text))
            intent = understanding.intent_after_danger(
                present,
                taken_back=is_over or _found(text).taken_back,
                has_kind_word=unless_it_fails(comfort_for, text) is not None,
            )
            if intent is not None:
                confidence = 1.0 if intent == NLU_FALLBACK else understanding.ranking[intent]
                message.set(
                    INTENT,
                    {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: confidence},
                    add_to_output=True,
                )
        return messages
