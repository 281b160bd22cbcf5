"""What is kept of a conversation, in words, and erasing it when the visitor says so once more."""

from __future__ import annotations

import re

from kalm.choosing import pointed_at
from kalm.conversation import Conversation
from kalm.danger_replies import danger_message
from kalm.fixed_replies import Answer, as_suggestions, closed, say
from kalm.language import normalise
from kalm.reply import Kind
from kalm.sentences import sentences

_CHOICES = 2
_WORDS = re.compile(r"\w+")
_BEFORE_AN_ORDER = {
    *("ja", "jazeker", "jawel", "ok", "oke", "okay"),
    *("graag", "doe", "dan", "maar", "alsjeblieft"),
}
_ORDERS = {"wis", "wissen", "wist", "verwijder", "verwijderen", "vergeet", "delete"}
_TAKES_BACK = {"nee", "niet", "niks", "niets", "geen", "nog", "eerst", "later", "waarom", "als"}
"""With one of these among the words it is no clear yes."""


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
    """Whether an answer to :func:`privacy` is a clear yes.

    Pressed, chosen by number, said ("ja", "ja, vergeet alles") or ordered ("wis het"); asking who can read
    it is none.

    Args:
        text: what the visitor typed.
        intent: what it was understood as.
    """
    if text.strip() == sentences().privacy_yes:
        return True
    words = _WORDS.findall(normalise(text))
    if _TAKES_BACK & {*words}:
        return False
    orders = next((word for word in words if word not in _BEFORE_AN_ORDER), "") in _ORDERS
    return intent == "affirm" or orders or pointed_at(text, _CHOICES) == 0


def refuses_to_erase(text: str, intent: str) -> bool:
    """Whether an answer to :func:`privacy` is a no; arguments as for :func:`agrees_to_erase`."""
    return text.strip() == sentences().privacy_no or intent == "deny" or pointed_at(text, _CHOICES) == 1


def _after_danger(message: str, conversation: Conversation) -> str:
    return f"{danger_message(conversation)} {message}" if conversation.is_in_danger else message
