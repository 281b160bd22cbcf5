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

_WORDS = re.compile(r"\w+")
_YES = {
    *("ja", "jazeker", "jawel", "jep", "yes", "zeker", "graag", "akkoord", "doe"),
    *("natuurlijk", "wis", "eerste", "1"),
}
_ORDERS = {"wis", "wissen", "verwijder", "verwijderen", "vergeet", "delete"}
_WHAT_IS_FORGOTTEN = {"mij", "me", "alles", "gesprek", "gegevens", "berichten"}
_BESIDE_A_YES = {
    *_YES,
    *_ORDERS,
    *_WHAT_IS_FORGOTTEN,
    *("ok", "oke", "prima", "goed", "is", "dat", "het", "dit", "de", "mijn"),
    *("chat", "helemaal", "weg", "wil", "ik", "maar", "dan", "wel", "even", "nu"),
    *("hoor", "gewoon", "dank", "je", "u", "aub", "alsjeblieft", "alstublieft"),
    *("nummer", "optie"),
}
"""Nothing else may stand in a yes: "ok dan weet ik dat" and "1 vraag" are none."""


def privacy(conversation: Conversation) -> Answer:
    """Tell what is kept, and ask whether to erase this conversation; a danger comes first."""
    return _offering(sentences().privacy, conversation)


def _offering(message: str, conversation: Conversation) -> Answer:
    choices = (sentences().privacy_yes, sentences().privacy_no)
    return say(
        Kind.PRIVACY,
        _after_danger(message, conversation),
        closed(conversation),
        choices=sentences().clarify_choices,
        suggestions=as_suggestions(choices),
    )


def erased(receipt: str, conversation: Conversation) -> Answer:
    """Tell that the conversation is being erased, with the receipt number."""
    message = sentences().erased.format(receipt=receipt)
    return say(Kind.PRIVACY, _after_danger(message, conversation), closed(conversation))


def kept(conversation: Conversation) -> Answer:
    """Tell that nothing is erased."""
    return say(Kind.PRIVACY, _after_danger(sentences().privacy_kept, conversation), closed(conversation))


def not_sure(conversation: Conversation) -> Answer:
    """Tell that nothing is erased yet, and ask once more: "goed om te weten" is no yes."""
    return _offering(sentences().privacy_not_sure, conversation)


def agrees_to_erase(text: str) -> bool:
    """Whether an answer to :func:`privacy` is a clear yes; what is erased cannot come back.

    Pressed, chosen by number, said ("ja graag") or ordered ("wis het maar"). Whatever else sounds like a
    yes is none.
    """
    words = _WORDS.findall(normalise(text))
    says_yes = not {*_YES, *_ORDERS}.isdisjoint(words)
    # "Vergeet het maar" means "never mind".
    is_dropped = "vergeet" in words and not _WHAT_IS_FORGOTTEN.intersection(words)
    is_clear = says_yes and not is_dropped and "?" not in text and _BESIDE_A_YES.issuperset(words)
    return text.strip() == sentences().privacy_yes or is_clear


def refuses_to_erase(text: str, intent: str) -> bool:
    """Whether an answer to :func:`privacy` is a no: pressed, chosen by number or said.

    Args:
        text: what the visitor typed.
        intent: what it was understood as.
    """
    pressed = text.strip() == sentences().privacy_no
    return pressed or intent == "deny" or pointed_at(text, count=2) == 1


def _after_danger(message: str, conversation: Conversation) -> str:
    return f"{danger_message(conversation)} {message}" if conversation.is_in_danger else message
