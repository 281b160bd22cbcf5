from __future__ import annotations

import asyncio
import json
from typing import Any

import numpy as np
import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from actions.knowledge import AnswerQuestion
from actions.tracker import text_before
from bot import actions as module
from bot.actions import EVENTS, KalmRemoteAction
from kalm.embedding import DIMENSIONS, lately
from kalm.meaning_along import FIELD
from kalm.text_cache import forget_texts

ENDPOINT = EndpointConfig("http://127.0.0.1:1/webhook", enable_selective_domain=True)
DOMAIN = Domain.empty()


def conversation(messages: int) -> DialogueStateTracker:
    tracker = DialogueStateTracker("a" * 32, ())
    for number in range(messages):
        tracker.update(UserUttered(f"vraag {number}", {"name": "ask_rls"}))
        for event in (ActionExecuted("action_answer_question"), BotUttered("antwoord", {"custom": {}})):
            tracker.update(event)
        tracker.update(SlotSet("conversation", {}))
        tracker.update(ActionExecuted("action_listen"))
    return tracker


def call(of: type[RemoteAction], tracker: DialogueStateTracker) -> dict[str, Any]:
    called: dict[str, Any] = of("action_answer_question", ENDPOINT)._action_call_format(tracker, DOMAIN)
    return called


def test_a_short_conversation_is_told_as_rasa_tells_it() -> None:
    tracker = conversation(3)
    assert call(KalmRemoteAction, tracker) == call(RemoteAction, tracker)


def test_of_a_long_one_the_last_events_are_told_and_all_else() -> None:
    tracker = conversation(30)
    told, whole = call(KalmRemoteAction, tracker), call(RemoteAction, tracker)
    assert told["tracker"].pop("events") == whole["tracker"].pop("events")[-EVENTS:]
    assert told == whole
    assert len(tracker.events) == 150


def test_an_action_is_told_as_far_as_it_looks_back() -> None:
    """When each message is a word or two, it reads two of them before the last."""
    tracker = conversation(30)
    tracker.update(UserUttered("vraag 30", {"name": "ask_rls"}))
    before = [
        text_before(Tracker.from_dict(call(of, tracker)["tracker"]))
        for of in (KalmRemoteAction, RemoteAction)
    ]
    assert before == ["vraag 28 vraag 29"] * 2


SLOT = {"event": "slot", "timestamp": None, "name": "a", "value": 1}


@pytest.mark.parametrize(
    "answer",
    [
        {"events": [], "responses": []},
        {"events": [SLOT]},
        {"events": [SLOT, {**SLOT, "value": None, "timestamp": 1.5}], "responses": [{"text": "a"}]},
        {"events": [{"event": "followup", "name": "a"}], "responses": []},
    ],
)
def test_a_good_answer_is_taken(answer: dict[str, Any]) -> None:
    for of in (RemoteAction, KalmRemoteAction):
        assert of("a", ENDPOINT)._validate_action_result(answer)


def test_an_answer_of_kalms_actions_is_not_compared_with_all_that_an_answer_may_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dispatcher = CollectingDispatcher()
    tracker = Tracker.from_dict({"sender_id": "a", "latest_message": {"text": "wat is rls"}, "events": []})
    events = asyncio.run(AnswerQuestion().run(dispatcher, tracker, {}))
    answer = json.loads(json.dumps(ActionExecutor._create_api_response(events, dispatcher.messages)))
    assert answer["events"]
    assert answer["responses"]
    monkeypatch.setattr(module, "_of_all_events", pytest.fail)
    assert KalmRemoteAction("a", ENDPOINT)._validate_action_result(answer)


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {"responses": "a"},
        {"events": [{"event": "what"}]},
        {"events": "a", "responses": []},
        {"events": [SLOT], "responses": ["a"]},
        {"events": [SLOT, "a"], "responses": []},
        {"events": [{**SLOT, "timestamp": "now"}], "responses": []},
        {"events": [{**SLOT, "timestamp": True}], "responses": []},
        {"events": [{"event": "slot", "name": "a"}], "responses": []},
        {"events": [{"event": "slot", "value": 1}], "responses": []},
        {"events": [{**SLOT, "name": 1}], "responses": []},
        {"events": [{**SLOT, "metadata": "a"}], "responses": []},
        {"events": [SLOT], "responses": {}},
    ],
)
def test_what_rasa_refuses_is_refused(answer: Any) -> None:
    for of in (RemoteAction, KalmRemoteAction):
        with pytest.raises(ValidationError):
            of("a", ENDPOINT)._validate_action_result(answer)


def test_the_meaning_that_the_classifier_found_goes_along_for_the_search() -> None:
    tracker = conversation(1)
    tracker.update(UserUttered("mijn naam is [naam] wat is rls", {"name": "ask_rls"}))
    forget_texts()
    assert FIELD not in call(KalmRemoteAction, tracker)
    lately.put("mijn naam is  wat is rls", np.zeros(DIMENSIONS, dtype=np.float32))
    assert call(KalmRemoteAction, tracker)[FIELD]["text"] == "mijn naam is  wat is rls"
    forget_texts()
