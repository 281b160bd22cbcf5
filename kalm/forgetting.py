"""What is kept of a conversation, in words, and the question whether to erase it."""

from __future__ import annotations

from dataclasses import replace

from kalm.conversation import Conversation
from kalm.danger_replies import danger_message
from kalm.fixed_replies import Answer, as_suggestions, closed, say
from kalm.reply import Kind
from kalm.sentences import sentences


def privacy(conversation: Conversation) -> Answer:
    """Tell what is kept, who reads it and where more stands, with a button to have this erased."""
    return _say(sentences().privacy, conversation, sentences().forget_wish)


def ask_to_erase(conversation: Conversation) -> Answer:
    """Ask whether to erase this conversation; a danger comes first."""
    return _asking(sentences().forget, conversation)


def not_sure(conversation: Conversation) -> Answer:
    """Tell that nothing is erased yet, and ask once more: "goed om te weten" is no yes."""
    return _asking(sentences().forget_not_sure, conversation)


def erased(receipt: str, conversation: Conversation) -> Answer:
    """Tell that the conversation is being erased, with the receipt number."""
    return _say(sentences().erased.format(receipt=receipt), conversation)


def kept(conversation: Conversation) -> Answer:
    """Tell that nothing is erased."""
    return _say(sentences().forget_kept, conversation)


def not_yet(answer: Answer) -> Answer:
    """An answer to something else, told to who was asked whether to erase; in danger it stays as it is."""
    if answer.reply.kind in (Kind.EMERGENCY, Kind.CRISIS) or answer.conversation.is_in_danger:
        return answer
    message = f"{sentences().forget_not_yet} {answer.reply.message}".strip()
    return replace(answer, reply=replace(answer.reply, message=message))


def _asking(message: str, conversation: Conversation) -> Answer:
    return _say(
        message,
        conversation,
        sentences().forget_yes,
        sentences().forget_no,
        choices=sentences().clarify_choices,
    )


def _say(message: str, conversation: Conversation, *buttons: str, choices: str = "") -> Answer:
    if conversation.is_in_danger:
        message = f"{danger_message(conversation)} {message}"
    return say(
        Kind.PRIVACY, message, closed(conversation), choices=choices, suggestions=as_suggestions(buttons)
    )
