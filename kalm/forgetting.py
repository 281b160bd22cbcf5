"""What is kept of a conversation, in words, and erasing it when the visitor says so once more."""

from __future__ import annotations

from kalm.conversation import Conversation
from kalm.danger_replies import danger_message
from kalm.fixed_replies import Answer, as_suggestions, closed, say
from kalm.reply import Kind
from kalm.sentences import sentences


def privacy(conversation: Conversation) -> Answer:
    """Tell what is kept, and ask whether to erase this conversation; a danger comes first."""
    choices = (sentences().privacy_yes, sentences().privacy_no)
    return say(
        Kind.PRIVACY,
        _after_danger(sentences().privacy, conversation),
        closed(conversation),
        choices=sentences().privacy_choices,
        suggestions=as_suggestions(choices),
    )


def erased(receipt: str, conversation: Conversation) -> Answer:
    """Tell that the conversation is being erased, with the receipt number."""
    message = sentences().erased.format(receipt=receipt)
    return say(Kind.PRIVACY, _after_danger(message, conversation), closed(conversation))


def kept(conversation: Conversation) -> Answer:
    """Tell that nothing is erased."""
    return say(Kind.PRIVACY, _after_danger(sentences().privacy_kept, conversation), closed(conversation))


def agrees_to_erase(text: str, intent: str) -> bool:
    """Whether an answer to :func:`privacy` is a clear yes; asking the same again is none."""
    return text.strip() == sentences().privacy_yes or intent == "affirm"


def refuses_to_erase(text: str, intent: str) -> bool:
    """Whether an answer to :func:`privacy` is a no."""
    return text.strip() == sentences().privacy_no or intent == "deny"


def _after_danger(message: str, conversation: Conversation) -> str:
    return f"{danger_message(conversation)} {message}" if conversation.is_in_danger else message
