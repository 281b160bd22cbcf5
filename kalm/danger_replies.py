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
    says_it_is_back,
    says_it_is_settled,
    says_it_was_misread,
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
    # "Ik heb 112 gebeld" sounds of danger to the classifier, and is talk about it.
    is_new = sign is not None and sign.name != conversation.danger
    if not is_new and conversation.danger_open and remark_in(text) is not None:
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
    before = conversation if conversation.is_in_danger else conversation.without_danger()
    sign = _with_intent(sign, kind, before)
    name = sign.name if sign else kind.value
    began = replace(
        closed(before),
        danger_at=conversation.at,
        danger_open=True,
        needs_help=before.needs_help or (sign is not None and sign.needs_help),
        was_crisis=before.was_crisis or kind is Kind.CRISIS,
    )
    if before.danger_open and sign is None and kind is Kind.EMERGENCY:
        # No rule says what it is: that must not sound milder than what was said before.
        return say(kind, f"{sentences().danger_grows} {danger_message(began)}", began)
    is_same = name == before.danger or (sign is None and kind is Kind.CRISIS)
    if is_same and before.danger_open and before.danger_kind == (sign.kind if sign else kind.value):
        return _again("", began)  # a danger told again is no talk about it
    kind = Kind(sign.kind) if sign else kind
    began = replace(began, danger=name, danger_kind=kind.value, danger_told=0)
    return say(kind, danger_message(began), began)


def _with_intent(sign: DangerSign | None, kind: Kind, before: Conversation) -> DangerSign | None:
    """The sign, or that of too much taken on purpose where the two were told in two messages."""
    signs = (sign, _sign_of(before))
    taken = next((one for one in signs if one is not None and one.on_purpose), None)
    if taken is None or not (kind is Kind.CRISIS or before.was_crisis):
        return sign
    return danger_rules().named(taken.on_purpose)


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
    # Who needs a doctor hears of 112 first, whatever else is the matter.
    by_sign = sign is not None and (sign.of_another or sign.needs_help)
    is_visitors_own = kind is Kind.CRISIS and not by_sign
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
    if kind is Kind.CRISIS:
        message = sentences().withheld_crisis
    elif conversation.needs_help:
        message = sentences().withheld_needs_help
    else:
        message = sentences().withheld_emergency
    return say(kind, message, closed(conversation))


def settled(text: str, conversation: Conversation) -> Answer | None:
    """The answer to "it is over" after a danger; None for any other message."""
    after_crisis = conversation.was_crisis
    if not conversation.is_in_danger or not says_it_is_settled(text, after_crisis):
        return None
    if conversation.needs_help and not (says_help_has_been(text) or says_it_was_misread(text)):
        return say(Kind.EMERGENCY, sentences().needs_help, closed(conversation))
    after = closed(conversation.settled())
    if after_crisis:
        return say(Kind.CLARIFY, sentences().settled_crisis, after)
    return say(Kind.CLARIFY, sentences().settled_emergency, after)


def back(text: str, conversation: Conversation) -> Answer | None:
    """The numbers again, for a danger of today that was over and is not; None for any other message."""
    if not conversation.danger_over or not says_it_is_back(text):
        return None
    again = closed(conversation.back_in_danger())
    return say(Kind(again.danger_kind), danger_message(again), again)


def privacy(conversation: Conversation) -> Answer:
    """Forget what was talked about and tell what is kept; a danger comes first, and is not forgotten."""
    kept = conversation.only_danger()
    message = sentences().privacy
    if kept.is_in_danger:
        message = f"{danger_message(kept)} {message}"
    return say(Kind.PRIVACY, message, kept)


def _sign_of(conversation: Conversation) -> DangerSign | None:
    return danger_rules().named(conversation.danger)
