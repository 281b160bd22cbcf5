"""What Kalm says around a conversation, where a channel has no screen of its own to say it on: WhatsApp."""

from __future__ import annotations

from kalm import fixed_replies
from kalm.conversation import Conversation
from kalm.fixed_replies import say
from kalm.reply import Kind, Reply, Suggestion
from kalm.said import text_hash
from kalm.sentences import sentences

AGREES = "toestemming:"
"""Start of what a pressed "yes" sends; the hash of the text that was agreed to follows."""

REFUSES = "geen-toestemming"
"""What a pressed "no" sends."""


def consent_hash() -> str:
    """Which text one agrees to now: it changes with the text, and with the days in it."""
    return text_hash(sentences().consent_whatsapp)


def ask_consent() -> Reply:
    """That this is a chatbot and what is kept, and the question whether that is fine, with whom to call."""
    said = sentences()
    message = "\n".join((said.consent_whatsapp, said.consent_waiting, said.danger_line))
    yes = Suggestion(said.consent_agree, f"{AGREES}{consent_hash()}")
    return _reply(Kind.PRIVACY, message, yes, Suggestion(said.consent_refuse, REFUSES))


def ask_consent_again() -> Reply:
    """For who answers something else than yes or no, with whom to call."""
    said = sentences()
    yes = Suggestion(said.consent_agree, f"{AGREES}{consent_hash()}")
    message = "\n".join((said.consent_unclear, said.danger_line))
    return _reply(Kind.PRIVACY, message, yes, Suggestion(said.consent_refuse, REFUSES))


def refused() -> Reply:
    """For who does not agree."""
    return _reply(Kind.PRIVACY, sentences().consent_refused)


def stopped(has_conversation: bool, in_danger: bool = False) -> Reply:
    """That Kalm stops.

    Args:
        has_conversation: then also how to erase what is kept.
        in_danger: then also whom to call.
    """
    said = sentences()
    message = said.stopped if has_conversation else said.stopped_nothing
    if in_danger:
        message = f"{message}\n{said.danger_line}"
    erase = [Suggestion(said.forget_wish, said.forget_wish)] if has_conversation else []
    return _reply(Kind.PRIVACY, message, *erase)


def stopped_before() -> Reply:
    """For who writes again after a stop, and may need help."""
    return _reply(Kind.PRIVACY, f"{sentences().stopped_before}\n{sentences().danger_line}")


def erased(receipt: str) -> Reply:
    """That the conversation is erased; "" for the receipt number when there was none."""
    said = sentences()
    return _reply(Kind.PRIVACY, said.erased.format(receipt=receipt) if receipt else said.nothing_kept)


def handoff() -> Reply:
    """How to reach a person."""
    return fixed_replies.handoff(Conversation(introduced=True)).reply


def welcome() -> Reply:
    """What Kalm can do, with questions to start from."""
    return fixed_replies.capabilities(Conversation(introduced=True)).reply


def cannot_listen() -> Reply:
    """For a voice message."""
    return _reply(Kind.NO_ANSWER, sentences().cannot_listen)


def cannot_see() -> Reply:
    """For a photo or a film."""
    return _reply(Kind.NO_ANSWER, sentences().cannot_see)


def cannot_read() -> Reply:
    """For anything else without words."""
    return _reply(Kind.NO_ANSWER, sentences().cannot_read)


def _reply(kind: Kind, message: str, *suggestions: Suggestion) -> Reply:
    # The long disclaimer says what these sentences say themselves.
    conversation = Conversation(disclaimed=True, introduced=True)
    return say(kind, message, conversation, suggestions=suggestions).reply
