from __future__ import annotations

import asyncio
import json
import logging
import time
from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import base, knowledge, safety, talk
from actions.base import KalmAction, ReplyingAction
from kalm import logs
from kalm.answering import Answering
from kalm.articles import Passage
from kalm.conversation import Conversation
from kalm.danger_replies import danger
from kalm.fixed_replies import Answer
from kalm.reply import Disclaimer, Kind, Reply
from kalm.sentences import sentences
from kalm.settings import ROOT

ACTIONS = [
    found()
    for module in (knowledge, safety, talk)
    for found in vars(module).values()
    if isinstance(found, type) and issubclass(found, Action) and found.__module__ == module.__name__
]
REPLYING = [action for action in ACTIONS if isinstance(action, ReplyingAction)]
SMALL_TALK = {"utter_glad", "utter_go_on", "utter_fine"}
WAITING = Conversation(question="Wat is een ijzertekort?", shown=("ijzer#tekort",))
ASKED = {"custom": {"question": "Heeft dit je geholpen?"}}
OFFERED = {
    "custom": {
        "message": sentences().clarify,
        "suggestions": [{"title": "x", "payload": f"Wat is {subject}?"} for subject in ("rls", "ijzer")],
    }
}
CANARY = "mijn-geheime-kanarie"

all_actions = pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name())
replying_actions = pytest.mark.parametrize("action", REPLYING, ids=lambda action: action.name())

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
slots = st.one_of(
    json_values,
    st.dictionaries(st.sampled_from(sorted(Conversation().to_slot())), json_values),
    st.just(WAITING.to_slot()),
)
rankings = st.one_of(
    json_values,
    st.lists(
        st.fixed_dictionaries(
            {
                "name": st.sampled_from(["ask_rls", "out_of_scope", "report_crisis", "nlu_fallback"]),
                "confidence": st.floats(0, 1),
            }
        ),
        max_size=3,
    ),
)


def assert_safe(messages: list[dict[str, Any]]) -> None:
    """Each message is either small talk by name or a whole reply with its disclaimer."""
    assert len(messages) == 1
    for message in messages:
        if message.get("response"):
            assert message["response"] in SMALL_TALK
            assert not message["text"]
            assert not message["custom"]
            continue
        assert "geen medisch advies" in message["text"]
        assert all(line.strip() for line in message["text"].splitlines())
        payload = json.loads(json.dumps(message["custom"], allow_nan=False))
        kind = Kind(payload["kind"])
        assert payload["disclaimer"].strip()
        if kind in (Kind.CRISIS, Kind.EMERGENCY):
            assert (payload["passages"], payload["suggestions"]) == ([], [])


def break_answering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make everything that Kalm can say fail with an error that quotes the visitor."""

    def fail(*_: object) -> Answer:
        raise ValueError(f"cannot read {CANARY}")

    for name in [name for name in vars(Answering) if not name.startswith("_")]:
        monkeypatch.setattr(Answering, name, fail)
    for module, name in ((safety, "danger"), (talk, "handoff"), (talk, "capabilities"), (talk, "privacy")):
        monkeypatch.setattr(module, name, fail)


@all_actions
@settings(deadline=None, max_examples=12)
@given(text=st.text(max_size=40) | json_values, slot=slots, ranking=rankings)
def test_no_action_speaks_without_disclaimer(
    run: Any, action: Action, text: object, slot: object, ranking: object
) -> None:
    for said in ((), (ASKED,), (OFFERED,)):
        messages, events = run(action, text, slot, ranking, said)
        assert_safe(messages)
        json.dumps(events)


@pytest.mark.parametrize("kind", [Kind.CRISIS, Kind.EMERGENCY])
@all_actions
def test_after_danger_every_action_stays_with_it_but_those_that_decide_themselves(
    run: Any, action: KalmAction, kind: Kind
) -> None:
    slot = danger(kind, "", Conversation(at=int(time.time()))).conversation.to_slot()
    messages, events = run(action, "1", slot, (), (OFFERED,))
    if action.breaks_off_danger:
        assert action.name() in (
            "action_answer_question",
            "action_forget",
            "action_respond_to_crisis",
            "action_respond_to_emergency",
        )
    else:
        assert messages[0]["custom"]["kind"] == kind.value
        (kept,) = [event["value"] for event in events]
        assert kept["danger_open"] is True


@replying_actions
def test_failing_action_apologises_with_the_disclaimer(
    run: Any, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_answering(monkeypatch)
    messages, events = run(action, "iets", WAITING.to_slot(), (), (OFFERED,))
    assert_safe(messages)
    assert messages[0]["custom"]["kind"] == Kind.FAILURE.value
    assert not any(event["name"] == "conversation" for event in events)


@replying_actions
def test_failure_log_never_holds_the_visitors_text_or_the_errors_message(
    run: Any, action: Action, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    break_answering(monkeypatch)
    slot = replace(WAITING, question=f"vraag over {CANARY}", topic=CANARY).to_slot()
    with caplog.at_level(logging.DEBUG):
        run(action, f"ik heet {CANARY}", slot, (), (OFFERED,))
    (record,) = [record for record in caplog.records if record.name == logs.__name__]
    assert action.name() in record.getMessage()
    assert "ValueError" in record.getMessage()
    assert CANARY not in caplog.text
    assert record.exc_info is None


def test_missing_index_is_an_apology_and_is_tried_again(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from kalm import release

    def none_yet() -> None:
        raise release.ReleaseError("run 'make train'")

    base.answering.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(release, "load_index", none_yet)
        messages, _ = run(knowledge.AnswerQuestion(), "Wat is een ijzertekort?")
        assert messages[0]["custom"]["kind"] == Kind.FAILURE.value
    messages, _ = run(
        knowledge.AnswerQuestion(), "Wat is een ijzertekort?", None, [{"name": "ask_rls", "confidence": 0.9}]
    )
    assert messages[0]["custom"]["kind"] == Kind.ANSWER.value


def test_reply_that_cannot_be_written_out_is_an_apology_too(run: Any, passages: tuple[Passage, ...]) -> None:
    class Broken(ReplyingAction):
        def name(self) -> str:
            return "action_broken"

        def answer(self, tracker: Tracker, conversation: Conversation) -> Answer:
            undated = replace(passages[0], updated="onbekend")  # the text cannot tell this date
            return Answer(Reply(Kind.ANSWER, Disclaimer.LONG, passages=(undated,)), conversation)

    messages, _ = run(Broken())
    assert_safe(messages)
    assert messages[0]["custom"]["kind"] == Kind.FAILURE.value


def test_domain_lists_exactly_these_actions() -> None:
    domain = yaml.safe_load((ROOT / "domain" / "conversation.yml").read_text(encoding="utf-8"))
    assert sorted(domain["actions"]) == sorted(action.name() for action in ACTIONS)


def test_small_talk_used_by_actions_stands_in_the_domain_without_payload() -> None:
    responses = yaml.safe_load((ROOT / "domain" / "responses.yml").read_text(encoding="utf-8"))["responses"]
    for name in SMALL_TALK:
        assert all(variant.keys() == {"text"} for variant in responses[name])


def typed(*messages: tuple[str, float]) -> list[dict[str, Any]]:
    return [{"event": "user", "text": text, "timestamp": at} for text, at in messages]


@pytest.mark.parametrize(("second", "kind"), [(110.0, "emergency"), (10_000.0, "no_answer")])
def test_danger_in_two_messages_counts_while_they_are_one_story(second: float, kind: str) -> None:
    events = typed(("ik heb pijn", 100.0), ("op mijn borst", second))
    dispatcher = CollectingDispatcher()
    tracker = Tracker("x", {}, {"text": "op mijn borst"}, events, False, None, {}, None)
    asyncio.run(knowledge.AnswerQuestion().run(dispatcher, tracker, {}))
    (message,) = dispatcher.messages
    assert message["custom"]["kind"] == kind


def test_small_talk_leaves_room_for_a_kind_word(run: Any) -> None:
    messages, _ = run(talk.SmallTalk(), "mijn man is overleden, dag")
    assert "verdrietig" in messages[0]["text"]
    messages, _ = run(talk.SmallTalk(), "dag")
    assert messages[0]["response"]


def test_who_tells_of_a_loss_rejects_no_answer(run: Any) -> None:
    messages, _ = run(knowledge.AnswerDifferently(), "helaas een miskraam gehad")
    assert "verdrietig" in messages[0]["text"]
    assert messages[0]["custom"]["kind"] == "out_of_scope"


def test_a_danger_that_was_over_and_is_back_goes_before_whatever_was_understood(run: Any) -> None:
    first = danger(Kind.EMERGENCY, "ik heb een brandwond met blaren", Conversation(at=int(time.time())))
    slot = replace(first.conversation, danger_open=False).settled().to_slot()
    messages, events = run(knowledge.AnswerQuestion(), "het is weer terug", slot)
    assert messages[0]["custom"]["kind"] == "emergency"
    assert events[0]["value"]["danger_over"] is False


def test_a_condition_that_is_over_is_forgotten(run: Any) -> None:
    slot = Conversation(at=int(time.time()), conditions=("zwangerschap",)).to_slot()
    _, events = run(talk.HandOver(), "ik ben niet meer zwanger, kan ik iemand spreken", slot)
    assert events[0]["value"]["conditions"] == []
