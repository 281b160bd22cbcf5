from __future__ import annotations

import pytest

from kalm.answering import Answering
from kalm.conversation import Conversation
from kalm.reply import Kind
from kalm.small_talk import asked_in_small_talk
from kalm.understanding import Understanding


@pytest.mark.parametrize("text", ["dank je wel voor alles", "ok", "dus dat mag", "fijn die gel", ""])
def test_small_talk_asks_nothing(asking: Answering, text: str) -> None:
    assert asked_in_small_talk(text, Understanding(), Conversation(), asking) is None


def test_a_decision_in_it_is_referred_and_what_is_sold_is_answered(asking: Answering) -> None:
    decided = asked_in_small_talk("ok dus dat mag dan", Understanding(), Conversation(), asking)
    assert decided is not None
    assert decided.reply.kind is Kind.REFERRAL
    sold = asked_in_small_talk("zeg eens eerlijk helpt jullie gel", Understanding(), Conversation(), asking)
    assert sold is not None
    assert sold.reply.kind is not Kind.REFERRAL
