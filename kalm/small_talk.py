"""A question in what sounds like small talk: "zeg eens eerlijk, helpt jullie gel"."""

from __future__ import annotations

from kalm.answering import Answering
from kalm.conversation import Conversation
from kalm.fixed_replies import Answer
from kalm.notice import is_about_what_is_sold
from kalm.safety.personal import is_personal_decision
from kalm.understanding import Understanding

SHORTEST_QUESTION = 4
"""Words from which a message that sounds like small talk may ask something."""


def asked_in_small_talk(
    text: str, understanding: Understanding, conversation: Conversation, answering: Answering
) -> Answer | None:
    """The answer where a decision is asked for, or what the shop sells is named; None without either.

    "Fijn om te horen" would read as a yes.

    Args:
        text: what the visitor typed.
        understanding: what the intent classifier made of it.
        conversation: what was said before.
        answering: gives the answer.
    """
    if len(text.split()) < SHORTEST_QUESTION:
        return None
    if is_personal_decision(text):
        return answering.referral(text, understanding, conversation)
    if is_about_what_is_sold((), text):
        return answering.answer(text, understanding, conversation)
    return None
