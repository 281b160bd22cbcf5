"""What is remembered of the rules is what Rasa finds, for every intent, in every conversation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    FollowupAction,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.agent import KalmAgent
from bot.rule_policy import OneTurnRulePolicy, with_quick_rules
from bot.runner import InOrderRunner

LISTEN = ActionExecuted("action_listen")
OTHER_RULES = {
    "two turns": [
        {"prev_action": {"action_name": "action_listen"}, "user": {"intent": "ask_rls"}},
        {"prev_action": {"action_name": "action_answer_question"}, "user": {"intent": "ask_rls"}},
        {"prev_action": {"action_name": "action_listen"}, "user": {"intent": "thank"}},
    ],
    "two messages": [
        {"prev_action": {"action_name": "action_listen"}, "user": {"intent": "ask_rls"}},
        {"prev_action": {"action_name": "action_listen"}, "user": {"intent": "thank"}},
    ],
    "two intents": [
        {"prev_action": {"action_name": "action_listen"}, "user": {"intent": "ask_rls"}},
        {"prev_action": {"action_name": "action_refer"}, "user": {"intent": "thank"}},
    ],
    "a slot": [
        {
            "prev_action": {"action_name": "action_listen"},
            "user": {"intent": "ask_rls"},
            "slots": {"helped": [1.0]},
        }
    ],
    "an entity": [
        {
            "prev_action": {"action_name": "action_listen"},
            "user": {"intent": "ask_rls", "entities": ["product"]},
        }
    ],
    "a text": [{"prev_action": {"action_name": "action_listen"}, "user": {"text": "hoi"}}],
    "no message": [{"prev_action": {"action_name": "action_listen"}}],
    "a form": [
        {
            "prev_action": {"action_name": "action_listen"},
            "user": {"intent": "ask_rls"},
            "active_loop": {"name": "form"},
        }
    ],
}


@pytest.fixture
def policy(kalm: KalmAgent) -> Iterator[OneTurnRulePolicy]:
    found: OneTurnRulePolicy = policy_of(kalm)
    before = dict(found._found or {})
    yield found
    found._found = before


def policy_of(agent: Any) -> Any:
    runner = agent.processor.graph_runner
    nodes = runner._nodes if isinstance(runner, InOrderRunner) else runner._instantiated_nodes
    return next(node._component for node in nodes.values() if isinstance(node._component, RulePolicy))


def said(intent: str) -> UserUttered:
    product = {"entity": "product", "value": "magnesium", "start": 0, "end": 9}
    return UserUttered("magnesium", {"name": intent, "confidence": 0.9}, [product])


def answered(action: str) -> list[Event]:
    return [ActionExecuted(action), BotUttered("antwoord"), SlotSet("helped", True)]


def conversation(*events: Event) -> DialogueStateTracker:
    tracker = DialogueStateTracker("a" * 32, ())
    for event in events:
        tracker.update(event)
    return tracker


def find(policy: RulePolicy, events: Sequence[Event], agent: Any, by_text: bool = False) -> Any:
    return policy._find_action_from_rules(conversation(*events), agent.domain, by_text)


def test_the_model_is_loaded_with_it(kalm: KalmAgent, stock: Agent) -> None:
    assert type(policy_of(kalm)) is OneTurnRulePolicy
    assert policy_of(kalm)._found is not None
    assert type(policy_of(stock)) is RulePolicy
    schema = stock.processor.model_metadata.predict_schema
    assert with_quick_rules(schema).nodes.keys() == schema.nodes.keys()


def test_each_intent_leads_where_rasa_leads(kalm: KalmAgent, stock: Agent) -> None:
    rules = policy_of(stock).lookup[RULES]
    intents = {json.loads(rule)[-1]["user"]["intent"] for rule in rules}
    assert len(intents) > 20
    predictions = 0
    for intent in sorted(intents):
        for before in ([], [LISTEN, said("greet"), *answered("action_small_talk")]):
            events = [*before, LISTEN, said(intent)]
            for _ in range(2):
                ours, theirs = (
                    agent.processor._predict_next_with_tracker(conversation(*events))
                    for agent in (kalm, stock)
                )
                predictions += 1
                assert ours.probabilities == theirs.probabilities
                assert ours.is_end_to_end_prediction == theirs.is_end_to_end_prediction
                assert ours.is_no_user_prediction == theirs.is_no_user_prediction
                action = kalm.domain.action_names_or_texts[ours.probabilities.index(max(ours.probabilities))]
                events += answered(action)
            assert action == "action_listen"
    assert predictions == 4 * len(intents)


def test_rasa_is_asked_once(
    kalm: KalmAgent, policy: OneTurnRulePolicy, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    of_rasa = RulePolicy._find_action_from_rules

    def count(self: Any, tracker: Any, domain: Any, by_text: bool) -> Any:
        asked.append(by_text)
        return of_rasa(self, tracker, domain, by_text)

    monkeypatch.setattr(RulePolicy, "_find_action_from_rules", count)
    policy._found = {}
    found = [
        find(policy, [*before, LISTEN, said("ask_rls")], kalm, by_text)
        for before in ([], [LISTEN, said("thank"), *answered("action_small_talk")])
        for by_text in (True, False)
    ]
    assert asked == [False]
    assert [one[0] for one in found] == [None, "action_answer_question"] * 2


@pytest.mark.parametrize(
    "events",
    [
        [LISTEN],
        [LISTEN, said("ask_rls"), ActiveLoop("form")],
        [LISTEN, said("ask_rls"), FollowupAction("action_refer")],
        [LISTEN, said("ask_rls"), ActionExecuted("action_answer_question"), ActionReverted()],
        [LISTEN, UserUttered("magnesium")],
        [said("ask_rls")],
        [LISTEN, said("thank"), ActionExecuted("action_refer"), said("ask_rls")],
        [LISTEN, said("ask_rls"), DefinePrevUserUtteredFeaturization(True)],
        [LISTEN, ActiveLoop(None), said("ask_rls")],
        [LISTEN, said("no_such_intent")],
        [LISTEN, said("ask_rls"), ActionExecuted("action_small_talk"), ActionExecuted("action_refer")],
    ],
)
def test_whatever_is_no_plain_turn_is_rasas(
    kalm: KalmAgent, stock: Agent, policy: OneTurnRulePolicy, events: list[Event]
) -> None:
    policy._found = {}
    for by_text in (True, False):
        ours, theirs = (find(policy_of(agent), events, agent, by_text) for agent in (kalm, stock))
        assert ours[0] == theirs[0]
        assert ours[2] == theirs[2]
    assert policy._found == {}


def test_two_actions_of_a_turn_are_another_turn_than_one(
    kalm: KalmAgent, stock: Agent, policy: OneTurnRulePolicy
) -> None:
    one = [LISTEN, said("ask_rls"), *answered("action_answer_question")]
    two = [LISTEN, said("ask_rls"), *answered("action_small_talk"), *answered("action_answer_question")]
    for events, action in ((one, "action_listen"), (two, None), (one, "action_listen")):
        assert [find(policy_of(agent), events, agent)[0] for agent in (kalm, stock)] == [action] * 2


@pytest.mark.parametrize("rule", OTHER_RULES)
def test_with_other_rules_it_is_rasas(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Loaded(OneTurnRulePolicy):
        def __init__(self, rules: dict[str, str]) -> None:
            self.lookup = {RULES: rules}

    plain = [{"prev_action": {"action_name": "action_listen"}, "user": {"intent": "ask_rls"}}]
    for rules, remembers in (([plain], True), ([plain, OTHER_RULES[rule]], False)):
        made = Loaded({json.dumps(one): "action_refer" for one in rules})
        monkeypatch.setattr(
            RulePolicy, "load", classmethod(lambda cls, *arguments, _made=made, **others: _made)
        )
        loaded = Loaded.load({}, *[None] * 3)  # type: ignore[arg-type]
        assert (loaded._found is not None) == remembers
