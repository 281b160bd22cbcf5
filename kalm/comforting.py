"""A kind word before an answer, or instead of "I find nothing", to whoever tells of something heavy."""

from __future__ import annotations

from dataclasses import replace

from kalm.conversation import Conversation
from kalm.fixed_replies import Answer, say
from kalm.reply import Kind
from kalm.safety.comfort import Comfort, comfort_for

_BEFORE = frozenset({Kind.ANSWER, Kind.CLARIFY, Kind.REFERRAL, Kind.HANDOFF})
_INSTEAD = frozenset({Kind.NO_ANSWER, Kind.OUT_OF_SCOPE})


def comforted(text: str, answer: Answer, may_be_crisis: bool = False) -> Answer:
    """The answer with a kind word, where the message asks for one; in danger the answer stays as it is.

    Args:
        text: what the visitor typed.
        answer: to it.
        may_be_crisis: the classifier suspects more, so that whom to call is named beside an answer too.
    """
    comfort = None if answer.conversation.is_in_danger else comfort_for(text)
    if comfort is None or answer.reply.kind not in _BEFORE | _INSTEAD:
        return answer
    if answer.reply.kind in _BEFORE:
        support = f" {comfort.support}" if may_be_crisis else ""
        message = f"{comfort.word}{support} {answer.reply.message}".strip()
    else:
        message = f"{comfort.word} {comfort.support}"
    reply = replace(answer.reply, message=message)
    if answer.reply.kind in _INSTEAD and not comfort.suggests:
        reply = replace(reply, suggestions=(), choices="")
    return replace(answer, reply=reply)


def comfort_reply(text: str, conversation: Conversation) -> Answer | None:
    """The kind word alone, for a message to which there is only small talk; None where it asks for none."""
    comfort: Comfort | None = None if conversation.is_in_danger else comfort_for(text)
    if comfort is None:
        return None
    return say(Kind.OUT_OF_SCOPE, f"{comfort.word} {comfort.support}", conversation)
