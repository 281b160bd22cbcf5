from __future__ import annotations

import pytest

from kalm.conversation import Conversation
from kalm.fixed_replies import (
    DANGER_AGAIN,
    Answer,
    capabilities,
    danger,
    danger_again,
    empty,
    failure,
    handoff,
    privacy,
    too_long,
)
from kalm.reply import Disclaimer, Kind, Reply

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
    assert "113" in danger(Kind.CRISIS, NEW).reply.message
    assert "112" in danger(Kind.EMERGENCY, NEW).reply.message


@pytest.mark.parametrize("answer", [danger(Kind.CRISIS, TALKED), handoff(TALKED)], ids=["crisis", "handoff"])
def test_after_what_is_no_answer_nothing_older_can_be_cited(answer: Answer) -> None:
    assert (answer.conversation.shown, answer.conversation.question) == ((), "")
    assert answer.conversation.topic == TALKED.topic


def test_what_kalm_can_do_keeps_what_was_talked_about() -> None:
    assert capabilities(TALKED).conversation == TALKED


def test_forgetting_leaves_nothing() -> None:
    assert privacy().conversation == NEW


@pytest.mark.parametrize("kind", [Kind.CRISIS, Kind.EMERGENCY])
def test_danger_is_repeated_but_not_for_ever(kind: Kind) -> None:
    conversation = danger(kind, NEW).conversation
    for _ in range(DANGER_AGAIN):
        repeated = danger_again(conversation)
        assert repeated is not None
        assert (repeated.reply.kind, repeated.reply.message) == (kind, danger(kind, NEW).reply.message)
        conversation = repeated.conversation
    assert danger_again(conversation) is None


def test_without_danger_nothing_is_repeated() -> None:
    assert danger_again(NEW) is None
    assert danger_again(Conversation(danger="weg", danger_left=3)) is None
