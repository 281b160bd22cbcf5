from __future__ import annotations

from dataclasses import replace

import pytest

from kalm.conversation import Conversation
from kalm.fixed_replies import (
    Answer,
    capabilities,
    danger,
    danger_again,
    danger_message,
    empty,
    failure,
    handoff,
    is_in_danger,
    privacy,
    settled,
    too_long,
    with_starters,
    withheld,
)
from kalm.reply import Disclaimer, Kind, Reply
from kalm.sentences import sentences

NEW = Conversation()
TALKED = Conversation(
    disclaimed=True, topic="ijzer", question="ijzer", shown=("ijzer#tekort",), latest=1, answers=2
)


@pytest.mark.parametrize(
    "reply", [failure(), empty(), too_long(500)], ids=lambda reply: str(reply.kind.value)
)
def test_replies_without_conversation_carry_the_long_disclaimer(reply: Reply) -> None:
    assert reply.disclaimer is Disclaimer.LONG
    assert reply.disclaimer.text in reply.text


def test_too_long_names_the_limit() -> None:
    assert "500 tekens" in too_long(500).text


def test_crisis_and_emergency_name_their_own_numbers() -> None:
    assert "113" in danger(Kind.CRISIS, "", NEW).reply.message
    assert "112" in danger(Kind.EMERGENCY, "", NEW).reply.message


@pytest.mark.parametrize(
    "answer", [danger(Kind.CRISIS, "", TALKED), handoff(TALKED)], ids=["crisis", "handoff"]
)
def test_after_what_is_no_answer_nothing_older_can_be_cited(answer: Answer) -> None:
    assert (answer.conversation.shown, answer.conversation.question) == ((), "")
    assert answer.conversation.topic == TALKED.topic


def test_what_kalm_can_do_keeps_what_was_talked_about() -> None:
    assert capabilities(TALKED).conversation == replace(TALKED, introduced=True)


def test_forgetting_leaves_nothing() -> None:
    assert privacy(TALKED).conversation == NEW


@pytest.mark.parametrize("kind", [Kind.CRISIS, Kind.EMERGENCY])
def test_forgetting_after_danger_says_the_numbers_first_and_forgets_all_but_the_danger(kind: Kind) -> None:
    before = danger(kind, "", TALKED).conversation
    answer = privacy(before)
    assert answer.reply.message.startswith(danger_message(before))
    assert answer.reply.message.endswith(sentences().privacy)
    assert is_in_danger(answer.conversation)
    assert (answer.conversation.topic, answer.conversation.shown) == ("", ())


@pytest.mark.parametrize("kind", [Kind.CRISIS, Kind.EMERGENCY])
def test_danger_is_repeated_until_another_question_is_answered(kind: Kind) -> None:
    conversation = danger(kind, "", NEW).conversation
    for _ in range(9):
        repeated = danger_again(conversation)
        assert repeated is not None
        assert (repeated.reply.kind, repeated.reply.message) == (kind, danger(kind, "", NEW).reply.message)
        conversation = repeated.conversation
    assert danger_again(replace(conversation, danger_open=False)) is None


def test_without_danger_nothing_is_repeated() -> None:
    assert danger_again(NEW) is None
    assert danger_again(Conversation(danger="weg", danger_kind="weg", danger_open=True)) is None


def test_the_message_is_that_of_the_sign_and_of_the_kind_where_no_rule_saw_it() -> None:
    by_rule = danger(Kind.EMERGENCY, "mijn kuit is plots dik, rood en warm", NEW)
    assert "trombose" in by_rule.reply.message
    assert (by_rule.conversation.danger, by_rule.conversation.danger_kind) == ("trombose", "emergency")
    assert danger(Kind.EMERGENCY, "wat geen regel kent", NEW).reply.message == sentences().emergency
    again = danger_again(by_rule.conversation)
    assert again is not None
    assert again.reply.message == by_rule.reply.message


@pytest.mark.parametrize("kind", [Kind.CRISIS, Kind.EMERGENCY])
def test_a_visitor_who_says_it_is_over_is_believed_and_told_whom_to_call(kind: Kind) -> None:
    conversation = danger(kind, "", TALKED).conversation
    answer = settled("het gaat weer goed", conversation)
    assert answer is not None
    assert not is_in_danger(answer.conversation)
    assert "112" in answer.reply.message
    assert answer.reply.suggestions == ()
    assert settled("waar moet ik heen", conversation) is None
    assert settled("het is opgelost", NEW) is None


@pytest.mark.parametrize("kind", [Kind.CRISIS, Kind.EMERGENCY])
def test_in_danger_nothing_to_buy_is_suggested(kind: Kind) -> None:
    conversation = danger(kind, "", NEW).conversation
    offered = with_starters(Kind.CLARIFY, "Wat wil je weten?", conversation).reply
    assert offered.suggestions
    assert not any("magnesium" in suggestion.payload.lower() for suggestion in offered.suggestions)
    assert "magnesium" not in withheld(conversation).reply.text.lower()
