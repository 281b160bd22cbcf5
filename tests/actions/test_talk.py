from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.safety import RespondToCrisis
from actions.talk import Confirm, Decline, ExplainCapabilities, Forget, HandOver, SmallTalk
from kalm.conversation import Conversation
from kalm.danger_replies import danger
from kalm.privacy.receipts import RECEIPT
from kalm.reply import Kind
from kalm.sentences import sentences

ASKED = {"text": "...", "custom": {"kind": "answer", "question": "Heeft dit je geholpen?"}}
ANSWERED = {"text": "...", "custom": {"kind": "answer", "question": ""}}
SMALL_TALK = {"text": "Fijn om te horen. Wil je nog iets weten?", "custom": {}}
SLOT = Conversation(
    disclaimed=True,
    topic="Wat weet je over ijzer?",
    question="ijzer",
    shown=("ijzer#eten",),
    answers=3,
    introduced=True,
    at=int(time.time()),
).to_slot()


def values(events: list[dict[str, Any]]) -> dict[str, Any]:
    return {event["name"]: event["value"] for event in events}


def test_yes_to_the_helped_question_is_kept(run: Any) -> None:
    messages, events = run(Confirm(), "ja", SLOT, (), [ANSWERED, ASKED])
    assert messages[0]["response"] == "utter_glad"
    assert values(events)["helped"] is True


def test_no_to_the_helped_question_is_kept_and_brings_another_answer(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kalm.answering.MAYBE_FROM", 0.0)
    messages, events = run(Decline(), "nee", SLOT, (), [ASKED])
    assert messages[0]["custom"]["kind"] == "answer"
    assert messages[0]["custom"]["passages"][0]["id"] != "ijzer#eten"
    assert values(events)["helped"] is False
    assert values(events)["conversation"]["rejections"] == 1


# After "Heeft dit je geholpen?" - "ja" - "Fijn om te horen. Wil je nog iets weten?" a "nee" is no judgement.
@pytest.mark.parametrize("said", [[], [ANSWERED], [SMALL_TALK], [ASKED, ANSWERED], [ASKED, SMALL_TALK]])
@pytest.mark.parametrize(("action", "response"), [(Confirm(), "utter_go_on"), (Decline(), "utter_fine")])
def test_yes_and_no_to_anything_else_are_small_talk_that_judges_nothing(
    run: Any, action: Action, response: str, said: list[dict[str, Any]]
) -> None:
    messages, events = run(action, "ja", SLOT, (), said)
    assert [message["response"] for message in messages] == [response]
    assert not messages[0]["custom"]
    assert "helped" not in values(events)


def test_capabilities_keep_what_was_talked_about(run: Any) -> None:
    messages, events = run(ExplainCapabilities(), "", SLOT)
    assert messages[0]["custom"]["kind"] == "clarify"
    assert values(events)["conversation"] | {"at": 0} == SLOT | {"at": 0}


def test_after_a_person_was_offered_no_older_answer_is_cited(run: Any) -> None:
    messages, events = run(HandOver(), "", SLOT)
    after = values(events)["conversation"]
    assert messages[0]["custom"]["kind"] == "handoff"
    assert (after["shown"], after["question"]) == ([], "")
    assert after["topic"] == SLOT["topic"]


def test_no_to_a_choice_of_subjects_means_none_of_these(run: Any) -> None:
    asked = {"text": "x", "custom": {"message": sentences().clarify, "question": ""}}
    messages, _ = run(Decline(), "nee", SLOT, (), [asked])
    assert messages[0]["custom"]["kind"] in ("answer", "clarify", "handoff")


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("message", [sentences().clarify, sentences().which])
def test_yes_to_a_choice_takes_the_only_one_or_asks_which(run: Any, message: str, count: int) -> None:
    offered = [{"title": "x", "payload": "Wat is een ijzertekort?"}] * count
    asked = {"text": "x", "custom": {"message": message, "question": "", "suggestions": offered}}
    messages, _ = run(Confirm(), "ja", SLOT, (), [asked])
    assert messages[0]["custom"]["kind"] == ("answer" if count == 1 else "clarify")


def test_yes_to_a_single_question_is_about_that_one_whatever_came_before_it(run: Any) -> None:
    offered = [{"title": "x", "payload": "Wat is een ijzertekort?"}]
    referred = {"text": "x", "custom": {"kind": "referral", "choices": "Dit:", "suggestions": offered}}
    messages, _ = run(Confirm(), "ja graag", SLOT, (), [referred])
    assert messages[0]["custom"]["passages"][0]["id"] == "ijzer#tekort"


def test_only_a_clear_request_is_a_request_to_be_forgotten(run: Any) -> None:
    slot = Conversation(at=int(time.time()), conditions=("zwangerschap",)).to_slot()
    ranking = [{"name": "forget_me", "confidence": 0.45}, {"name": "out_of_scope", "confidence": 0.3}]
    _, events = run(Forget(), "wil weg van hier", slot, ranking)
    assert values(events)["conversation"]["conditions"] == ["zwangerschap"]


FORGET = [{"name": "forget_me", "confidence": 0.9}]


def test_forgetting_is_asked_first_and_nothing_is_lost_yet(run: Any) -> None:
    messages, events = run(Forget(), "vergeet mij", SLOT, FORGET)
    assert messages[0]["custom"]["kind"] == "privacy"
    assert values(events)["conversation"]["topic"] == SLOT["topic"]
    assert "erasure" not in values(events)


@pytest.mark.parametrize("action", [Confirm(), Forget(), SmallTalk(), HandOver()])
def test_the_button_erases_whatever_it_is_taken_for(run: Any, action: Action) -> None:
    asked, _ = run(Forget(), "vergeet mij", SLOT, FORGET)
    messages, events = run(action, sentences().forget_yes, SLOT, FORGET, asked)
    receipt = values(events)["erasure"]
    assert RECEIPT.fullmatch(receipt)
    assert receipt in messages[0]["text"]
    assert len(messages) == len(events) == 1


def test_yes_erases_also_in_danger(run: Any) -> None:
    in_danger = Conversation.from_slot(SLOT, SLOT["at"])
    slot = danger(Kind.CRISIS, "ik wil niet meer leven", in_danger).conversation.to_slot()
    asked, _ = run(Forget(), "vergeet mij", slot, FORGET)
    messages, events = run(Confirm(), sentences().forget_yes, slot, FORGET, asked)
    assert "113" in messages[0]["text"]
    assert values(events)["erasure"]


@pytest.mark.parametrize("action", [Decline(), Forget()])
def test_no_erases_nothing(run: Any, action: Action) -> None:
    asked, _ = run(Forget(), "vergeet mij", SLOT, FORGET)
    messages, events = run(action, sentences().forget_no, SLOT, FORGET, asked)
    assert messages[0]["custom"]["message"] == sentences().forget_kept
    assert "erasure" not in values(events)


def test_what_sounds_like_a_yes_erases_nothing_and_is_asked_again(run: Any) -> None:
    asked, _ = run(Forget(), "vergeet mij", SLOT, FORGET)
    messages, events = run(Confirm(), "goed om te weten", SLOT, (), asked, intent="affirm")
    assert "erasure" not in values(events)
    assert messages[0]["custom"]["message"] == sentences().forget_not_sure


def test_what_is_kept_is_told_without_asking_to_erase_it(run: Any) -> None:
    messages, _ = run(Forget(), "ik wil inzage in mijn gegevens", SLOT, FORGET)
    assert messages[0]["custom"]["message"] == sentences().privacy
    messages, events = run(Confirm(), "ja", SLOT, (), messages)
    assert messages[0]["custom"]["message"] == sentences().forget
    assert "erasure" not in values(events)


def test_a_question_in_place_of_yes_or_no_is_answered_and_nothing_is_erased(run: Any) -> None:
    asked, _ = run(Forget(), "vergeet mij", SLOT, FORGET)
    messages, events = run(HandOver(), "ik wil iemand spreken", SLOT, (), asked)
    message = messages[0]["custom"]["message"]
    assert message.startswith(sentences().forget_not_yet)
    assert message.endswith(sentences().handoff)
    assert "erasure" not in values(events)
    later, events = run(Confirm(), sentences().forget_yes, SLOT, (), [*asked, *messages])
    assert "erasure" not in values(events)
    assert sentences().forget_not_yet not in (later[0]["text"] or "")


@pytest.mark.parametrize("text", ["[naam]", "[naam], [telefoonnummer]"])
def test_who_types_only_a_name_hears_that_it_is_not_needed(run: Any, text: str) -> None:
    messages, _ = run(HandOver(), text, SLOT)
    assert messages[0]["custom"]["message"] == sentences().only_masked
    messages, _ = run(HandOver(), "?!", SLOT)
    assert messages[0]["custom"]["message"] == sentences().handoff


def test_a_yes_with_danger_in_it_erases_nothing(run: Any) -> None:
    asked, _ = run(Forget(), "vergeet mij", SLOT, FORGET)
    _, events = run(RespondToCrisis(), "verwijder alles, ik wil niet meer leven", SLOT, (), asked)
    assert "erasure" not in values(events)
    _, events = run(Confirm(), "ja en ik heb ineens pijn op de borst", SLOT, (), asked)
    assert "erasure" not in values(events)


@pytest.mark.parametrize(
    "text", ["ik kan niet meer", "het hoeft zo niet meer", "laat mij maar niet meer wakker worden"]
)
def test_danger_in_a_no_goes_before_it(run: Any, text: str) -> None:
    asked, _ = run(Forget(), "vergeet mij", SLOT, FORGET)
    messages, _ = run(RespondToCrisis(), text, SLOT, (), asked)
    assert messages[0]["custom"]["kind"] == "crisis"


def test_the_same_order_sent_twice_erases_nothing(run: Any) -> None:
    asked, _ = run(Forget(), "vergeet mij", SLOT, FORGET)
    messages, events = run(Forget(), "vergeet mij", SLOT, FORGET, asked, typed="Vergeet mij")
    assert "erasure" not in values(events)
    assert messages[0]["custom"]["message"] == sentences().forget_not_sure
    _, events = run(Forget(), "vergeet mij", SLOT, FORGET, asked, typed="wat weet je van mij")
    assert "erasure" in values(events)


@pytest.mark.parametrize("text", ["hoe lang bewaren jullie dit", "wie leest dit"])
def test_what_is_kept_is_told_also_to_who_was_asked_whether_to_erase(run: Any, text: str) -> None:
    asked, _ = run(Forget(), "vergeet mij", SLOT, FORGET)
    messages, _ = run(Forget(), text, SLOT, FORGET, asked, intent="forget_me")
    assert messages[0]["custom"]["message"] == f"{sentences().forget_not_yet} {sentences().privacy}"


def test_small_talk_in_place_of_an_answer_says_that_nothing_is_erased(run: Any) -> None:
    asked, _ = run(Forget(), "vergeet mij", SLOT, FORGET)
    messages, _ = run(SmallTalk(), "ben je eigenlijk wel een echt mens", SLOT, (), asked)
    assert messages[0]["introduction"].startswith(sentences().forget_not_yet)


def test_a_yes_to_something_else_erases_nothing(run: Any) -> None:
    asked, _ = run(Forget(), "vergeet mij", SLOT, FORGET)
    _, events = run(Confirm(), sentences().forget_yes, SLOT, (), [*asked, ASKED])
    assert "erasure" not in values(events)


@pytest.mark.parametrize("intent", ["greet", "goodbye", "thank", "bot_challenge", "give_feedback_positive"])
def test_small_talk_has_its_own_response_for_each_intent(intent: str) -> None:
    dispatcher = CollectingDispatcher()
    tracker = Tracker("x", {}, {"intent": {"name": intent}}, [], False, None, {}, "action_listen")
    asyncio.run(SmallTalk().run(dispatcher, tracker, {}))
    assert [message["response"] for message in dispatcher.messages] == [SmallTalk.RESPONSES[intent]]


@pytest.mark.parametrize("action", [Confirm(), Decline(), SmallTalk()], ids=["yes", "no", "small talk"])
@pytest.mark.parametrize("slot", [None, "kapot", Conversation().to_slot()], ids=["empty", "damaged", "new"])
def test_the_first_small_talk_of_a_conversation_says_that_kalm_is_a_chatbot(
    run: Any, action: Action, slot: object
) -> None:
    messages, events = run(action, "ja", slot, (), [])
    assert messages[0]["introduction"].strip() == sentences().introduction
    after = values(events)["conversation"]
    assert after["introduced"] is True
    messages, events = run(action, "ja", after, (), [])
    assert messages[0]["introduction"] == ""


def test_a_condition_told_in_small_talk_is_remembered(run: Any) -> None:
    _, events = run(SmallTalk(), "hoi ik ben zwanger", SLOT)
    assert values(events)["conversation"]["conditions"] == ["zwangerschap"]


@pytest.mark.parametrize("action", [Confirm(), Decline(), SmallTalk()], ids=["yes", "no", "small talk"])
@pytest.mark.parametrize("kind", ["crisis", "emergency"])
def test_yes_or_no_after_danger_gets_the_number_again(run: Any, action: Action, kind: str) -> None:
    slot = Conversation(
        disclaimed=True,
        dangers=(kind,),
        danger_at=int(time.time()),
        danger_open=True,
        at=int(time.time()),
    ).to_slot()
    messages, _ = run(action, "ja", slot, (), [{"text": "...", "custom": {"kind": kind, "question": ""}}])
    assert messages[0]["custom"]["kind"] == kind


@pytest.mark.parametrize(
    ("action", "text"),
    [(SmallTalk(), "zeg eens eerlijk helpt jullie gel"), (Decline(), "nee maar ik neem de gel")],
)
def test_small_talk_agrees_to_nothing_about_what_is_sold(run: Any, action: Action, text: str) -> None:
    messages, _ = run(action, text, SLOT)
    assert not messages[0].get("response")
    assert "geen medisch advies" in messages[0]["text"]


@pytest.mark.parametrize("action", [SmallTalk(), Confirm(), Decline()])
def test_small_talk_agrees_to_no_decision(run: Any, action: Action) -> None:
    messages, _ = run(action, "ok dus dat mag dan", SLOT)
    assert messages[0]["custom"]["kind"] == "referral"


def test_small_talk_stays_small_talk(run: Any) -> None:
    messages, _ = run(SmallTalk(), "dank je wel voor alles", SLOT)
    assert messages[0]["response"]
