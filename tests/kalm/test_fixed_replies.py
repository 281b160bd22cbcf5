from __future__ import annotations

from dataclasses import replace

import pytest

from kalm.conversation import Conversation
from kalm.fixed_replies import capabilities, empty, failure, too_long
from kalm.reply import Disclaimer, Reply

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


def test_what_kalm_can_do_keeps_what_was_talked_about() -> None:
    assert capabilities(TALKED).conversation == replace(TALKED, introduced=True)
