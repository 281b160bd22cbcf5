"""What a visitor wants erased: from asking to be forgotten to the yes or no that follows.

By rules, and narrow ones: what is erased cannot come back, and who says no must be believed.
"""

from __future__ import annotations

import re
from enum import Enum

from kalm.choosing import pointed_at
from kalm.sentences import sentences
from kalm.yes import is_thumbs_up, plain_words

_ORDER = re.compile(
    r"\b((wis|verwijde?r|vergeet|delete|schrap|vernietig|haal|gooi|veeg|maak)\b"
    r"(?! (je|jij|u|ik|niet|niks|niets)\b)"
    r"|(mag|moet|kan|mogen|moeten) (\w+ )?(weg|eruit|verdwijnen)|weg met"
    r"|(niet|niks|niets) (bewaren|opslaan|onthouden)|ik wil (\w+ ){0,9}(gewist|verwijderd|weg|vergeten)"
    r"|art(ikel)? ?17|forget me|erase|reset|trek .{0,40}toestemming|toestemming in\w*)\b"
)
"""Who says so wants it done, whatever else is asked beside it."""

_ERASING = re.compile(
    r"\b(wissen|gewist|verwijd\w*|verge+t\w*|vegee+t\w*|delete\w*|weg(halen|doen|gooien|vegen|laten)?|eruit|leeg|opruimen)\b"
)
_ASKING = re.compile(
    r"^(en |maar |hoi |goede\w+ )?(hoe|wat|wa|waar)\b"
    r"|\b(wanneer|hoelang|hoe lang|hoeveel|waarom|wie|wordt|worden|krijgt|terughalen|terug)\b"
    r"|\bis (dit|dat|het|alles)\b"
)
"""Who says so wants to know something; erasing is offered below the answer."""

_YES = {
    *("ja", "jazeker", "jawel", "jep", "jup", "yep", "yes", "zeker", "graag", "akkoord", "doe"),
    *("natuurlijk", "tuurlijk", "uiteraard", "absoluut", "wis", "eerste", "1"),
}
_YES_ALONE = {
    *("ok", "oke", "okay", "oki", "goed", "prima", "ok prima", "oke prima", "mag", "j", "y", "alles weg"),
    *("ja ik weet het zeker", "ik weet het zeker", "ja alles moet weg", "ge moogt het wissen", "ja ge moogt"),
    *("dat wil ik wel", "vind ik goed", "ik wil graag dat u het wist", "ik wil dat je dit gesprek wist"),
    *("is goed", "oke is goed", "dat is goed", "dat is prima", "dat mag", "dat mag wel"),
    *("liever wel", "ga je gang", "zeker weten", "ja zeker weten"),
}
"""Clear as the whole of an answer only: "ok dan weet ik dat" and "ik wil liever weg" are none."""

_ORDERS = {"wis", "wissen", "verwijder", "verwijderen", "vergeet", "delete"}
_WHAT_IS_FORGOTTEN = {"mij", "me", "alles", "gesprek", "gegevens", "berichten"}
_BESIDE_A_YES = {
    *_YES,
    *_ORDERS,
    *_WHAT_IS_FORGOTTEN,
    *("ok", "oke", "prima", "goed", "is", "dat", "het", "dit", "de", "mijn"),
    *("chat", "helemaal", "wil", "ik", "maar", "dan", "wel", "even", "nu"),
    *("hoor", "gewoon", "dank", "bedankt", "je", "u", "aub", "svp", "alsjeblieft", "alstublieft"),
    *("asjeblieft", "meneer", "mevrouw", "allez", "heel", "das", "da", "mag", "meteen", "zeg"),
    *("nummer", "optie"),
}
"""Nothing else may stand in a yes: "ok dan weet ik dat" and "1 vraag" are none."""

_IS_NO_YES = re.compile(
    r"^(is|wil|mag|kan|kun|ga|zal|moet)\b|\b(wis|verwijder|vergeet|doe) (je|u|ik)\b|\bmag (ik|dat|het)\b"
    r"|\bik (vergeet|verwijder|wis)\b"
)
"""Asks without a question mark ("wil je alles wissen"), or tells something ("ik vergeet alles")."""

_GLAD = re.compile("[👍👌✅🙏🙂😊😀❤♥\U0001f3fb-\U0001f3ff\ufe0f✔🆗]")
_PICTURE = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff]")

_NOTHING = {"niet", "niks", "niets", "nooit", "geen"}
_NO = {*_NOTHING, "nee", "neen", "stop", "laat"}
_BESIDE_A_NO = {
    *_BESIDE_A_YES,
    *_NO,
    *("iets", "hoeft", "hoef", "toch", "wacht", "staan", "zitten", "wist", "gewist", "zo", "er"),
    *("moet", "moest", "sorry"),
}
_CHATTER = {"affirm", "thank", "greet", "goodbye", "give_feedback_positive"}
_LONGEST_CHATTER = 4
"""Words of a message that asks nothing: "dank je, maar wat is ferritine" has more."""

_DOUBT = {"ik", "weet", "het", "niet", "nog", "twijfel", "even"}

_WANTS_TO_KNOW = re.compile(
    r"^(en )?(wat gebeurt|wat houdt|wat als ik|waarom|hoezo|geen idee|krijg ik|wis (je|jij|u))"
    r"|^(ja|ok|oke) maar$"
)
"""About erasing itself: what it means is told, and it is asked once more."""


class Wish(Enum):
    """What an answer to :func:`kalm.forgetting.ask_to_erase` says."""

    ERASE = "a clear yes; what is erased cannot come back"
    KEEP = "a no"
    UNCLEAR = "neither, and it asks nothing else"
    SOMETHING_ELSE = "it is no answer to that"


def wants_erasing(text: str) -> bool:
    """Whether a message about privacy asks to erase, and not what is kept, how long or who reads it."""
    plain = " ".join(plain_words(text))
    return bool(_ORDER.search(plain) or (_ERASING.search(plain) and not _ASKING.search(plain)))


def wish_of(text: str, intent: str) -> Wish:
    """What an answer to :func:`kalm.forgetting.ask_to_erase` says, pressed, chosen, said or ordered.

    Args:
        text: what the visitor typed.
        intent: what it was understood as.
    """
    words = plain_words(text)
    if text.strip() == sentences().forget_yes:
        return Wish.ERASE
    if text.strip() == sentences().forget_no or pointed_at(text, count=2) == 1:
        return Wish.KEEP
    if _WANTS_TO_KNOW.search(" ".join(words)):
        return Wish.UNCLEAR
    if _is_yes(text, words) or (" ".join(words) in _YES_ALONE and not _asks_or_doubts(text)):
        return Wish.ERASE
    if "?" not in text and _is_no(words, intent):
        return Wish.KEEP
    return Wish.UNCLEAR if _is_unclear(text, words, intent) else Wish.SOMETHING_ELSE


def asks_to_be_asked(text: str) -> bool:
    """Whether an answer to :func:`kalm.forgetting.privacy` takes up its offer to erase."""
    is_button = text.strip() == sentences().forget_wish
    return is_button or pointed_at(text, count=1) == 0 or _is_yes(text, plain_words(text))


def _asks_or_doubts(text: str) -> bool:
    """Whether it has a question mark, breaks off, or has a picture that is not a glad one."""
    return "?" in text or "..." in text or "…" in text or bool(_PICTURE.search(_GLAD.sub("", text)))


def _is_yes(text: str, words: list[str]) -> bool:
    if is_thumbs_up(text):
        return True
    if _asks_or_doubts(text) or _forgets_nothing(words) or _IS_NO_YES.search(" ".join(words)):
        return False
    return not {*_YES, *_ORDERS}.isdisjoint(words) and _BESIDE_A_YES.issuperset(words)


def _is_no(words: list[str], intent: str) -> bool:
    if _takes_itself_back(words):
        return False
    says_no = ("maar" in words and _forgets_nothing(words)) or not _NO.isdisjoint(words)
    return (says_no and _BESIDE_A_NO.issuperset(words)) or intent == "deny"


def _forgets_nothing(words: list[str]) -> bool:
    """Whether nothing is named after "vergeet": "vergeet het maar" means "never mind"."""
    return "vergeet" in words and _WHAT_IS_FORGOTTEN.isdisjoint(words)


def _takes_itself_back(words: list[str]) -> bool:
    """Says no and yes: "nee wis het", "laat niks staan"."""
    nothing = not _NOTHING.isdisjoint(words)
    ordered = not {"nee", "neen"}.isdisjoint(words) and not _ORDERS.isdisjoint(words) and not nothing
    return ordered or ("laat" in words and nothing)


def _is_unclear(text: str, words: list[str], intent: str) -> bool:
    if _takes_itself_back(words) and _BESIDE_A_NO.issuperset(words):
        return True
    if intent == "forget_me":
        return wants_erasing(text)
    doubts = not {"weet", "twijfel"}.isdisjoint(words) and _DOUBT.issuperset(words)
    return doubts or (intent in _CHATTER and len(words) <= _LONGEST_CHATTER)
