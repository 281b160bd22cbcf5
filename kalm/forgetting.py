"""What is kept of a conversation, in words, and erasing it when the visitor says so once more."""

from __future__ import annotations

import re
from dataclasses import replace

from kalm.choosing import pointed_at
from kalm.conversation import Conversation
from kalm.danger_replies import danger_message
from kalm.fixed_replies import Answer, as_suggestions, closed, say
from kalm.language import normalise
from kalm.reply import Kind
from kalm.sentences import sentences

_WORDS = re.compile(r"\w+")
_ERASING = re.compile(
    r"\b(wis|wissen|gewist|veeg|leeg|verwijd\w*|verge+t\w*|delete\w*|forget|erase|reset|schrap\w*|vernietig\w*"
    r"|weg(halen|doen|gooien|vegen|laten|poetsen)?|haal .* uit|trek .* toestemming|toestemming in\w*)\b"
)
_ASKING = re.compile(
    r"^(en |maar )?(wanneer|hoe|hoelang|wat|wa|wie|waar|waarom|wordt|worden|word|krijgt|kan iemand)\b"
)
"""Who begins like this wants to know something; erasing is offered below the answer."""

_YES = {
    *("jazeker", "jawel", "jep", "jup", "yep", "yes", "zeker", "graag", "akkoord", "doe", "liever", "gang"),
    *("natuurlijk", "tuurlijk", "uiteraard", "absoluut", "wis", "eerste", "1"),
}
_LONG_YES = re.compile("ja+h?")
_YES_ALONE = {"ok", "oke", "okay", "oki", "goed", "prima", "is goed", "dat is goed", "dat mag", "mag", "j"}
"""Clear as the whole of an answer only: "ok dan weet ik dat" is none."""

_THUMBS_UP = re.compile("[👍👌✅][\U0001f3fb-\U0001f3ff]?")
_ORDERS = {"wis", "wissen", "verwijder", "verwijderen", "vergeet", "delete"}
_WHAT_IS_FORGOTTEN = {"mij", "me", "alles", "gesprek", "gegevens", "berichten"}
_BESIDE_A_YES = {
    *_YES,
    *_ORDERS,
    *_WHAT_IS_FORGOTTEN,
    *("ok", "oke", "prima", "goed", "is", "dat", "het", "dit", "de", "mijn", "mag"),
    *("chat", "helemaal", "weg", "wil", "ik", "maar", "dan", "wel", "even", "nu"),
    *("hoor", "gewoon", "dank", "je", "u", "uw", "ga", "aub", "alsjeblieft", "alstublieft"),
    *("nummer", "optie"),
}
"""Nothing else may stand in a yes: "ok dan weet ik dat" and "1 vraag" are none."""

_NO = {"nee", "neen", "niet", "niks", "niets", "nooit", "geen", "stop", "laat"}
_BESIDE_A_NO = {
    *_BESIDE_A_YES,
    *_NO,
    *("iets", "hoeft", "hoef", "toch", "wacht", "staan", "zitten", "wist", "gewist", "meer", "zo", "er"),
    *("kan", "moet", "moest", "sorry", "bedankt"),
}
_DOUBT = {"ik", "weet", "het", "niet", "nog", "twijfel", "even"}
_CHATTER = {"affirm", "thank", "greet", "goodbye", "give_feedback_positive", "forget_me"}
"""Intents that ask nothing, so that erasing is asked once more."""


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
    if answer.reply.kind in (Kind.PRIVACY, Kind.EMERGENCY, Kind.CRISIS) or answer.conversation.is_in_danger:
        return answer
    message = f"{sentences().forget_not_yet} {answer.reply.message}".strip()
    return replace(answer, reply=replace(answer.reply, message=message))


def wants_erasing(text: str) -> bool:
    """Whether a message about privacy asks to erase, and not what is kept, how long or who reads it."""
    plain = normalise(text)
    return bool(_ERASING.search(plain)) and not _ASKING.match(plain)


def agrees_to_erase(text: str) -> bool:
    """Whether an answer to :func:`ask_to_erase` is a clear yes; what is erased cannot come back.

    Pressed, chosen by number, said ("ja graag") or ordered ("wis het maar"). Whatever else sounds like a
    yes is none.
    """
    words = _words(text)
    # "Vergeet het maar" means "never mind".
    if "?" in text or ("vergeet" in words and _WHAT_IS_FORGOTTEN.isdisjoint(words)):
        return False
    is_alone = " ".join(words) in _YES_ALONE or _THUMBS_UP.fullmatch(text.strip()) is not None
    is_clear = not {*_YES, *_ORDERS, "ja"}.isdisjoint(words) and {*_BESIDE_A_YES, "ja"}.issuperset(words)
    return is_alone or is_clear


def refuses_to_erase(text: str, intent: str) -> bool:
    """Whether an answer to :func:`ask_to_erase` is a no: pressed, chosen by number or said.

    Args:
        text: what the visitor typed.
        intent: what it was understood as.
    """
    words = _words(text)
    if "?" in text:
        return False
    is_dropped = {"vergeet", "maar"}.issubset(words) and _WHAT_IS_FORGOTTEN.isdisjoint(words)
    says_no = (is_dropped or not _NO.isdisjoint(words)) and {*_BESIDE_A_NO, "ja"}.issuperset(words)
    return says_no or intent == "deny" or pointed_at(text, count=2) == 1


def is_chatter(text: str, intent: str) -> bool:
    """Whether an answer to :func:`ask_to_erase` is neither yes nor no, and asks nothing else either."""
    return intent in _CHATTER or {"weet", "ik", "het", "niet", "nog", "twijfel", "even"}.issuperset(
        _words(text)
    )


def _words(text: str) -> list[str]:
    """The words without accents; a long "jaaa" is "ja"."""
    return ["ja" if _LONG_YES.fullmatch(word) else word for word in _WORDS.findall(normalise(text))]


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
