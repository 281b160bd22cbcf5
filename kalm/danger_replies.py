"""What Kalm says in danger, while it lasts, and when it is over. Works without index and articles."""

from __future__ import annotations

from dataclasses import replace

from kalm.conversation import Conversation
from kalm.fixed_replies import Answer, closed, say
from kalm.reply import Kind
from kalm.safety import (
    DangerSign,
    danger_in,
    danger_in_pieces,
    danger_rules,
    says_help_has_been,
    says_it_is_settled,
)
from kalm.safety.during import MESSAGE, answer_during, remark_in
from kalm.sentences import sentences


def danger(kind: Kind, text: str, conversation: Conversation) -> Answer:
    """An emergency or a crisis: who to call, and nothing else.

    Args:
        kind: of the intent, for a danger that only the classifier saw.
        text: what the visitor typed; its danger sign says which message is right.
        conversation: what was said before.
    """
    sign = danger_in(text)
    if sign is None and conversation.danger_open and remark_in(text) is not None:
        # "Ik heb 112 gebeld" sounds of danger to the classifier, and is talk about it.
        return _again(text, closed(conversation))
    return _begin(sign, kind, conversation)


def danger_told_in_pieces(before: str, text: str, conversation: Conversation) -> Answer | None:
    """The reply to a danger that two messages in a row give together; None when they do not.

    Args:
        before: what the visitor typed last.
        text: what the visitor typed now.
        conversation: what was said before.
    """
    sign = danger_in_pieces(before, text)
    return None if sign is None else _begin(sign, Kind(sign.kind), conversation)


def _begin(sign: DangerSign | None, kind: Kind, conversation: Conversation) -> Answer:
    kind = Kind(sign.kind) if sign else kind
    name = sign.name if sign else kind.value
    began = replace(
        closed(conversation),
        danger_at=conversation.at,
        danger_open=True,
        needs_help=conversation.needs_help or (sign is not None and sign.needs_help),
        was_crisis=conversation.was_crisis or kind is Kind.CRISIS,
    )
    is_same = name == conversation.danger or (sign is None and kind is Kind.CRISIS)
    if is_same and kind.value == conversation.danger_kind and conversation.danger_open:
        return _again("", began)  # a danger told again is no talk about it
    began = replace(began, danger=name, danger_kind=kind.value, danger_told=0)
    return say(kind, danger_message(began), began)


def danger_again(text: str, conversation: Conversation, asked_who: bool = False) -> Answer | None:
    """What fits whatever is said after a danger that is not clearly another question.

    "Moet ik wachten tot morgen", "ze nemen niet op" and "doei" are about the danger too. None when there
    was none, or when another question was answered since.

    Args:
        text: what the visitor typed.
        conversation: what was said before.
        asked_who: the visitor asks whether this is a person, and must get an honest answer first.
    """
    if not conversation.is_in_danger or not conversation.danger_open:
        return None
    return _again(text, closed(conversation), asked_who)


def _again(text: str, conversation: Conversation, asked_who: bool = False) -> Answer:
    sign = _sign_of(conversation)
    kind = Kind(conversation.danger_kind)
    is_visitors_own = kind is Kind.CRISIS and not (sign is not None and sign.of_another)
    answer = answer_during(text, is_visitors_own, conversation.danger_told)
    message = answer.replace(MESSAGE, danger_message(conversation))
    if asked_who:
        message = f"{sentences().introduction} {message}"
    return say(kind, message, replace(conversation, danger_told=conversation.danger_told + 1))


def danger_message(conversation: Conversation) -> str:
    """What is said about the danger that the conversation is about."""
    sign = _sign_of(conversation)
    if sign is not None:
        return sign.message
    return sentences().crisis if conversation.danger_kind == Kind.CRISIS.value else sentences().emergency


def withheld(conversation: Conversation) -> Answer:
    """Instead of an answer about magnesium or products, while a danger is not over."""
    kind = Kind(conversation.danger_kind)
    message = sentences().withheld_crisis if kind is Kind.CRISIS else sentences().withheld_emergency
    return say(kind, message, closed(conversation))


def settled(text: str, conversation: Conversation) -> Answer | None:
    """The answer to "it is over" after a danger; None for any other message."""
    after_crisis = conversation.was_crisis
    if not conversation.is_in_danger or not says_it_is_settled(text, after_crisis):
        return None
    if conversation.needs_help and not says_help_has_been(text):
        return say(Kind.EMERGENCY, sentences().needs_help, closed(conversation))
    after = closed(conversation.settled())
    if after_crisis:
        return say(Kind.CLARIFY, sentences().settled_crisis, after)
    return say(Kind.CLARIFY, sentences().settled_emergency, after)


def privacy(conversation: Conversation) -> Answer:
    """Forget what was talked about and tell what is kept; a danger comes first, and is not forgotten."""
    kept = conversation.only_danger()
    message = sentences().privacy
    if kept.is_in_danger:
        message = f"{danger_message(kept)} {message}"
    return say(Kind.PRIVACY, message, kept)


def _sign_of(conversation: Conversation) -> DangerSign | None:
    return next((sign for sign in danger_rules().signs if sign.name == conversation.danger), None)
