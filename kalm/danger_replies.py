"""What Kalm says in danger, while it lasts, and when it is over. Works without index and articles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kalm.conversation import Conversation
from kalm.dangers import Dangers
from kalm.fixed_replies import Answer, closed, failure, say
from kalm.reply import Kind, Reply
from kalm.safety import (
    danger_in_pieces,
    look_for_danger,
    says_help_has_been,
    says_it_is_back,
    says_it_is_settled,
    says_it_was_misread,
)
from kalm.safety.during import MESSAGE, answer_during, remark_in
from kalm.safety.fallback import unless_it_fails
from kalm.sentences import sentences


def danger(kind: Kind, text: str, conversation: Conversation) -> Answer:
    """An emergency or a crisis: who to call, and nothing else.

    Args:
        kind: of the intent, for a danger that only the classifier saw.
        text: what the visitor typed; its danger signs say which message is right.
        conversation: what was said before.
    """
    found = unless_it_fails(look_for_danger, text)
    if found is not None and found.signs:
        return _begin([sign.name for sign in found.signs], conversation)
    remark = unless_it_fails(remark_in, text)
    is_open = conversation.is_in_danger and conversation.danger_open
    if is_open and remark is not None and remark.sounds_of_danger:
        # "Ik heb 112 gebeld" sounds of danger to the classifier, and is talk about it.
        dangers = Dangers.of(conversation.dangers).joined(Dangers.of([kind.value]))
        return _again(text, replace(closed(conversation), dangers=dangers.names))
    return _begin([kind.value], conversation)


def apology(text: str) -> Reply:
    """For when Kalm itself fails: who tells of danger hears whom to call, anybody else that it went wrong.

    Args:
        text: what the visitor typed.
    """
    return in_danger(text) or failure()


def in_danger(text: str) -> Reply | None:
    """Whom to call, for a text that tells of danger by itself; None for any other.

    Args:
        text: what the visitor typed.
    """
    found = unless_it_fails(look_for_danger, text)
    if found is None or not found.signs:
        return None
    return _begin([sign.name for sign in found.signs], Conversation()).reply


def done_in_crisis(text: str, conversation: Conversation) -> Answer | None:
    """The reply to a visitor in a crisis who tells that it is done: "ik heb alles geslikt". Else None."""
    dangers = Dangers.of(conversation.dangers)
    if not conversation.is_in_danger or not dangers.has_crisis or dangers.is_of_another:
        return None
    remark = unless_it_fails(remark_in, text)
    return _begin([remark.becomes], conversation) if remark is not None and remark.becomes else None


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
    before = _still(told, conversation)
    together = before.joined(told)
    is_open = conversation.is_in_danger and conversation.danger_open
    adds_nothing = is_open and together.names == before.names
    began = replace(
        closed(conversation),
        dangers=together.names,
        danger_at=conversation.at,
        danger_open=True,
        danger_told=conversation.danger_told if adds_nothing else 0,
        danger_over=False,
    )
    has_no_sign = not (told.emergencies or told.crises)
    if before.names and has_no_sign and told.has_emergency:
        # No rule says what it is: that must not sound milder than what was said before.
        return say(together.kind, f"{sentences().danger_grows} {together.message}", began)
    if adds_nothing:
        return _again("", began)  # a danger told again is no talk about it
    if together.on_purpose is not None or (together.has_emergency and not told.has_emergency):
        return say(together.kind, together.message, began)
    also = together.has_crisis and not told.has_crisis
    message = f"{told.message} {sentences().also_crisis}" if also else told.message
    return say(told.kind, message, began)


def _still(told: Dangers, conversation: Conversation) -> Dangers:
    """What was told before and counts beside a new danger.

    What is over counts no more, but for too much that was taken beside a wish to die, in whichever order.
    """
    before = Dangers.of(conversation.dangers)
    if not conversation.danger_over:
        return before
    makes_one = before.on_purpose is None and told.on_purpose is None and before.joined(told).on_purpose
    return before if makes_one else Dangers.of(())


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
    answer = unless_it_fails(answer_during, text, in_crisis, conversation.danger_told)
    message = (answer or MESSAGE).replace(MESSAGE, dangers.message)
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


def danger_is_back(text: str, conversation: Conversation) -> Answer | None:
    """The numbers again, for a danger of today that was over and is not; None for any other message."""
    if not conversation.danger_over or not says_it_is_back(text):
        return None
    again = closed(conversation.back_in_danger())
    dangers = Dangers.of(again.dangers)
    return say(dangers.kind, dangers.message, again)
