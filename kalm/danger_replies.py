"""What Kalm says in danger, while it lasts, and when it is over. Works without index and articles."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from kalm.conversation import Conversation
from kalm.dangers import Dangers
from kalm.fixed_replies import Answer, closed, say
from kalm.reply import Kind
from kalm.safety import (
    DangerSign,
    danger_in_pieces,
    look_for_danger,
    says_help_has_been,
    says_it_is_back,
    says_it_is_settled,
    says_it_was_misread,
)
from kalm.safety.during import MESSAGE, answer_during, remark_in
from kalm.sentences import sentences

logger = logging.getLogger(__name__)

T = TypeVar("T")

NO_SIGNS: tuple[DangerSign, ...] = ()


def danger(kind: Kind, text: str, conversation: Conversation) -> Answer:
    """An emergency or a crisis: who to call, and nothing else.

    Args:
        kind: of the intent, for a danger that only the classifier saw.
        text: what the visitor typed; its danger signs say which message is right.
        conversation: what was said before.
    """
    signs = _guarded(lambda: look_for_danger(text).signs, NO_SIGNS)
    names = [sign.name for sign in signs]
    if names:
        return _begin(names, conversation)
    remark = _guarded(lambda: remark_in(text), None)
    is_open = conversation.is_in_danger and conversation.danger_open
    if is_open and remark is not None and remark.sounds_of_danger:
        # "Ik heb 112 gebeld" sounds of danger to the classifier, and is talk about it.
        return _again(text, closed(_with(conversation, kind)))
    return _begin([kind.value], conversation)


def danger_told_in_pieces(before: str, text: str, conversation: Conversation) -> Answer | None:
    """The reply to a danger that messages in a row give together; None when they do not.

    Args:
        before: what the visitor typed last.
        text: what the visitor typed now.
        conversation: what was said before.
    """
    sign = danger_in_pieces(before, text)
    return None if sign is None else _begin([sign.name], conversation)


def _begin(names: Iterable[str], conversation: Conversation) -> Answer:
    told = Dangers.of(names)
    before = Dangers.of(_still(told, conversation))
    all_dangers = Dangers.of((*before.names, *told.names))
    is_open = conversation.is_in_danger and conversation.danger_open
    began = replace(
        closed(conversation),
        dangers=all_dangers.names,
        danger_at=conversation.at,
        danger_open=True,
        danger_told=conversation.danger_told if is_open else 0,
        danger_over=False,
    )
    if not told.signs and before.names:
        began = _with(replace(began, dangers=before.names), told.kind)
        if told.kind is Kind.EMERGENCY:
            # No rule says what it is: that must not sound milder than what was said before.
            message = f"{sentences().danger_grows} {Dangers.of(began.dangers).message}"
            return say(Dangers.of(began.dangers).kind, message, began)
    if is_open and set(began.dangers) == set(before.names):
        return _again("", began)  # a danger told again is no talk about it
    began = replace(began, danger_told=0)
    if all_dangers.taken_on_purpose or (all_dangers.has_emergency and not told.has_emergency):
        return say(all_dangers.kind, all_dangers.message, began)
    message = told.message
    if all_dangers.has_crisis and not told.has_crisis:
        message = f"{message} {sentences().also_crisis}"
    return say(told.kind, message, began)


def _still(told: Dangers, conversation: Conversation) -> tuple[str, ...]:
    """What was told before and counts beside a new danger.

    What is over counts no more, but for too much that was taken beside a wish to die, in whichever order.
    """
    if not conversation.danger_over:
        return conversation.dangers
    together = Dangers.of((*conversation.dangers, *told.names))
    is_one_of_them = told.has_crisis or any(sign.on_purpose for sign in told.signs)
    return conversation.dangers if together.taken_on_purpose and is_one_of_them else ()


def _with(conversation: Conversation, kind: Kind) -> Conversation:
    """The conversation in which a danger of this kind was told, where none of that kind was."""
    dangers = Dangers.of(conversation.dangers)
    has_kind = dangers.has_crisis if kind is Kind.CRISIS else dangers.has_emergency
    return conversation if has_kind else replace(conversation, dangers=(*conversation.dangers, kind.value))


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
    dangers = Dangers.of(conversation.dangers)
    in_crisis = dangers.is_visitors_crisis
    answer = _guarded(lambda: answer_during(text, in_crisis, conversation.danger_told), MESSAGE)
    message = answer.replace(MESSAGE, dangers.message)
    if dangers.has_crisis and "113" not in message:
        message = f"{message} {sentences().also_crisis}"
    if asked_who:
        message = f"{sentences().introduction} {message}"
    return say(dangers.kind, message, replace(conversation, danger_told=conversation.danger_told + 1))


def danger_message(conversation: Conversation) -> str:
    """What is said about the dangers that the conversation is about."""
    return Dangers.of(conversation.dangers).message


def after_danger(conversation: Conversation) -> str:
    """What stands before the first other answer while a danger is not over."""
    has_crisis = Dangers.of(conversation.dangers).has_crisis
    return sentences().after_crisis if has_crisis else sentences().after_emergency


def withheld(conversation: Conversation) -> Answer:
    """Instead of an answer about magnesium or products, while a danger is not over."""
    dangers = Dangers.of(conversation.dangers)
    if dangers.needs_help:
        message = sentences().withheld_needs_help.format(danger=dangers.message)
    elif dangers.has_crisis:
        message = sentences().withheld_crisis
    else:
        message = sentences().withheld_emergency
    return say(dangers.kind, message, closed(conversation))


def settled(text: str, conversation: Conversation) -> Answer | None:
    """The answer to "it is over" after a danger; None for any other message."""
    if not conversation.is_in_danger:
        return None
    dangers = Dangers.of(conversation.dangers)
    if not says_it_is_settled(text, dangers.has_crisis, dangers.is_of_another):
        return None
    if dangers.needs_help and not (says_help_has_been(text) or says_it_was_misread(text)):
        message = sentences().needs_help.format(danger=dangers.message)
        return say(dangers.kind, message, closed(conversation))
    after = closed(conversation.settled())
    if dangers.has_crisis:
        return say(Kind.CLARIFY, sentences().settled_crisis, after)
    return say(Kind.CLARIFY, sentences().settled_emergency, after)


def back(text: str, conversation: Conversation) -> Answer | None:
    """The numbers again, for a danger of today that was over and is not; None for any other message."""
    if not conversation.danger_over or not says_it_is_back(text):
        return None
    again = closed(conversation.back_in_danger())
    dangers = Dangers.of(again.dangers)
    return say(dangers.kind, dangers.message, again)


def privacy(conversation: Conversation) -> Answer:
    """Forget what was talked about and tell what is kept; a danger comes first, and is not forgotten."""
    if not conversation.is_in_danger:
        return say(Kind.PRIVACY, sentences().privacy, Conversation(at=conversation.at))
    kept = conversation.only_danger()
    message = f"{danger_message(kept)} {sentences().privacy} {sentences().privacy_but_danger}"
    return say(Kind.PRIVACY, message, kept)


def _guarded(look: Callable[[], T], otherwise: T) -> T:
    """What the rules say; whoever is in danger gets an answer also when they fail."""
    try:
        return look()
    except Exception as error:
        logger.error("the rules for danger failed with %s; the general texts are said", type(error).__name__)
        return otherwise
