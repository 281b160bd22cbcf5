"""What somebody wants around a conversation: agree to it, stop it, begin again, erase it, or a person.

By rules, and narrow ones: who is asked may only be taken to agree by a clear yes (GDPR art. 4(11)); and
"stop" must always work.
"""

from __future__ import annotations

import re
from enum import Enum

from kalm.sentences import sentences
from kalm.yes import is_thumbs_up, plain_words

_YES = {
    *("ja", "jazeker", "jawel", "yes", "zeker"),
    *("akkoord", "ok", "oke", "okay", "prima", "goed"),
}
_BESIDE_A_YES = {
    *_YES,
    *("dat", "is", "het", "vind", "ik", "hoor", "graag", "natuurlijk", "tuurlijk", "best", "wel"),
    *("mag", "helemaal", "aub", "alsjeblieft", "alstublieft", "dan"),
}
_ASKS = re.compile(r"^(is|mag) (dat|het|ik)\b|^vindt? (je|u)\b")
_NO_PROBLEM = ["geen", "probleem"]
_NO = {"nee", "neen", "liever", "no"}
_DENIALS = {*_NO, "niet", "geen"}
_BESIDE_A_NO = {
    *_DENIALS,
    *("dank", "je", "u", "bedankt", "hoor", "dat", "wil", "ik", "akkoord", "toch"),
}
_CLEAR = {"ja", "jazeker", "jawel", "akkoord"}
_THANKS = re.compile(r" (dank (je|u)( wel)?|dankjewel|dankuwel|bedankt)$")
_DO_IT = re.compile(r" doe maar$")
_LONGER_YES = {"ik ga akkoord", "ja ik ga akkoord", "ik ga ermee akkoord", "ja ik ga ermee akkoord"}
_STOP = {
    *("stop", "stoppen", "hou op", "houd op", "stop met berichten", "stop met sturen", "stop dit gesprek"),
    *("afmelden", "meld me af", "uitschrijven", "schrijf me uit"),
}
_START = {"start", "begin", "starten", "beginnen", "hervat", "start opnieuw", "begin opnieuw"}
_PERSON = {"medewerker", "mens", "een medewerker", "een mens", "ik wil een medewerker", "ik wil een mens"}
_PERSON_WISH = re.compile(
    r"^(een )?med\w{0,3}erke?r$"
    r"|\b(medewerker|mens|iemand van jullie|jullie)\b.*\b(spreken|bellen|bereik\w*|contact)\b"
    r"|\b(spreken|bellen|bereik\w*|contact)\b.*\b(medewerker|mens|jullie)\b|^ik wil iemand spreken$"
)
_ERASE = {"vergeet mij", "vergeet me", "wis alles", "wis mijn gesprek", "wis het gesprek"}
_BESIDE_AN_ORDER = {
    *("aub", "a", "u", "b", "svp", "alsjeblieft", "alstublieft", "please", "graag", "nu", "maar"),
    *("even", "ermee", "hoor", "direct", "meteen", "nou", "hier", "mee"),
}
"""Words around an order that change nothing about it. "Ik wil stoppen" is none: that may be with life."""


class Wish(Enum):
    """What a whole message says."""

    AGREE = "a clear yes"
    REFUSE = "a no"
    STOP = "stop answering"
    START = "begin again"
    PERSON = "a person, please"
    ERASE = "erase the conversation"
    OTHER = "something else"


def wish_of(text: str) -> Wish:
    """What a whole message says to a question for consent, or as an order.

    Args:
        text: as it was typed, or the title of a button.
    """
    words = plain_words(text)
    plain = " ".join(word for word in words if word not in _BESIDE_AN_ORDER)
    for known, wish in ((_STOP, Wish.STOP), (_START, Wish.START), (_PERSON, Wish.PERSON)):
        if plain in known:
            return wish
    if _PERSON_WISH.search(plain):
        return Wish.PERSON
    if text.strip() in (sentences().forget_wish, sentences().forget_yes) or plain in _erasing():
        return Wish.ERASE
    if _agrees(text, words):
        return Wish.AGREE
    if words and not _NO.isdisjoint(words) and _BESIDE_A_NO.issuperset(words) and "?" not in text:
        return Wish.REFUSE
    return Wish.OTHER


def _agrees(text: str, words: list[str]) -> bool:
    if text.strip() == sentences().consent_agree or is_thumbs_up(text):
        return True
    if words == _NO_PROBLEM or " ".join(words) in _LONGER_YES:
        return True
    if "?" in text or _ASKS.search(" ".join(words)) or not _DENIALS.isdisjoint(words):
        return False
    plain = _DO_IT.sub("", " ".join(words))
    if not _CLEAR.isdisjoint(words):  # "ok bedankt" may thank for anything
        plain = _THANKS.sub("", plain)
    left = plain.split()
    return not _YES.isdisjoint(left) and _BESIDE_A_YES.issuperset(left)


def _erasing() -> set[str]:
    return {" ".join(plain_words(sentences().forget_wish)), *_ERASE}
