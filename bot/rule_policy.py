"""Rasa's rules, each looked up once.

For each message ``RulePolicy`` compares the conversation with all rules three times: by the text, by the
intent, and once more after the action. Each time it plays the conversation again from its beginning, and
copies what comes of it for a log that nobody writes. Kalm's rules are of one turn, and ask for nothing but
its intent and its actions: what Rasa found for those once it would find again. Whatever else happens in a
conversation is left to Rasa.

Measured (1 December 2026, ``benchmarks.extension_points``): 0.71 -> 0.03 ms for the first of two predictions,
with what :mod:`bot.runner` wins of it.

A model is trained with Rasa's own policy, and loaded with this one.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

Found = tuple[Any, Any, bool]
"""As ``RulePolicy`` gives it: an action, the rule that it comes from, and whether a form was interrupted."""

Turn = tuple[str, ...]
"""The intent of a message, and the actions since."""

_MOST_STATES = 2
"""Of a rule of one turn: after the message, and after the action."""


class OneTurnRulePolicy(RulePolicy):
    """Rasa's policy; where a rule asks for more than intent and actions it is no quicker than Rasa's."""

    _found: dict[Turn, Found] | None = None
    """What Rasa found for a turn; None where there are other rules."""

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> OneTurnRulePolicy:
        """The policy as it was trained."""
        policy: OneTurnRulePolicy = super().load(config, model_storage, resource, execution_context, **kwargs)
        if all(map(_is_of_one_turn, policy.lookup.get(RULES, {}))):
            policy._found = {}
        return policy

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> Found:
        turn = _turn_of(tracker)
        if self._found is not None and turn is not None:
            if use_text_for_last_user_input:  # no rule asks for a text
                return None, None, False
            if turn in self._found:
                return self._found[turn]
        found: Found = super()._find_action_from_rules(tracker, domain, use_text_for_last_user_input)
        if self._found is not None and turn is not None and found[0] is not None:
            self._found[turn] = found
        return found


def with_quick_rules(schema: GraphSchema) -> GraphSchema:
    """The graph of a trained model, with this policy in the place of Rasa's."""
    return GraphSchema(
        {
            name: replace(node, uses=OneTurnRulePolicy) if node.uses is RulePolicy else node
            for name, node in schema.nodes.items()
        }
    )


def _is_of_one_turn(rule: str) -> bool:
    states = json.loads(rule)
    return len(states) <= _MOST_STATES and all(
        state.get(USER) == states[0].get(USER)
        and state.keys() == {USER, PREVIOUS_ACTION}
        and state[USER].keys() == {INTENT}
        and state[PREVIOUS_ACTION].keys() == {ACTION_NAME}
        and (state[PREVIOUS_ACTION][ACTION_NAME] == ACTION_LISTEN_NAME) == (place == 0)
        for place, state in enumerate(states)
    )


def _turn_of(tracker: DialogueStateTracker) -> Turn | None:
    """The turn that a conversation is in; None when it is in none, or something else happened in it."""
    if tracker.active_loop_name:
        return None
    actions: list[str] = []
    intent = None
    for event in reversed(tracker.events):
        if isinstance(event, ActionExecuted) and event.action_name:
            if intent is not None:
                return (intent, *actions) if event.action_name == ACTION_LISTEN_NAME else None
            actions.append(str(event.action_name))
        elif isinstance(event, UserUttered) and intent is None and event.intent.get("name"):
            intent = str(event.intent["name"])
        elif not _says_nothing_of_rules(event):
            return None
    return None


def _says_nothing_of_rules(event: Event) -> bool:
    if isinstance(event, DefinePrevUserUtteredFeaturization):
        return not event.use_text_for_featurization
    return isinstance(event, (BotUttered, SlotSet))
