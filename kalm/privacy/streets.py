"""What a house number looks like, what the name of a street, and where that starts."""

from __future__ import annotations

import re

from kalm.language import normalise
from kalm.privacy.spans import BLOT
from kalm.privacy.words import is_first_name, is_known, is_shouted, listed

_AMOUNT = (
    r"(?:\s?(?:x|×|%|°|€|keer|maal|mgr?|mcg|µg|ml|cl|dl|kg|gr?|gram|kilo|li?ter|l|cm|mm|km|m|meter|ie|iu|mmol|"
    r"u|uur|uren|min|minuten|sec|seconden|dag|dagen|nacht|nachten|week|weken|wk|maand|maanden|mnd|jaar|jaren|jr|"
    r"euro|eur|cent|procent|stuks?|st|fles|flessen|flesjes|pot|potten|potjes|zak|zakken|tablet|tabletten|pil|pillen|"
    r"capsules?|sprays?|druppels?|schep|schepjes?|pakken|pakjes?|pakket|pakketten|doos|dozen|doosjes?|"
    r"werkdag|werkdagen|personen|mensen|van de \d+|tot \d+|t/m \d+)(?!\w)|[.,]\d{1,2}(?!\d)|:\d)"
)
"""What makes the digits before it an amount, a time or a price, and no house number."""

HOUSE_NUMBER = (
    rf"[1-9]\d{{0,4}}(?!\d)(?!{_AMOUNT})"
    r"(?:\s?-\s?(?:\d{1,3}|(?-i:[IVX]{1,4})|[a-zA-Z]{1,2})(?!\w)(?!-\d)"
    r"|/\d{1,4}(?![\d/])"
    r"|\s?(?:bis|hs|huis|zw|rd|rood)(?!\w)"
    r"|[a-zA-Z](?:[1-9]|-\d{1,3})?(?!\w)"
    r"|\s(?-i:[A-H]|I{1,3})(?![\w'’])"
    r"|\s[a-z](?=\s?(?:[,.\n]|$)))?"
    r"(?:,?\s?(?:(?:bus|bte|boîte)\s?\w{1,5}|b\.?\s?\d{1,4})(?!\w))?"
    r"(?!\w|[/.:]\d|-\d{1,3}(?!\d))"
)
"""Digits with what people add to them: "23a", "12-b", "3-II", "210-3", "88 bis", "140 hs", "8 bus 3"."""

_REACH = 80
"""Characters before a house number that may hold its street."""
_MOST_WORDS = 6
_WORD = re.compile(rf"(?:[1-9](?:e|ste|de)\b|[^\W\d_]|['’`](?=[^\W\d_]))[^\s,;:!?()\[\]\"“”<>|=/{BLOT}\d]*")

_USUAL = "straat|str|laan|weg|plein|gracht|singel|steeg|dreef|kade|dijk"
_RARE = "pad|hof|vest|baan|lei|wal|kaai|markt|park|ring|oever|erf|veld|akker|hoek|horst|donk|heide"
"""Ends of streets that are ends of many other words too: these count with a capital only."""
_ENDS = re.compile(
    rf"(?<![\w'’.-])[^\W\d_][\w'’.-]{{2,40}}?(?:(?P<usual>{_USUAL})|{_RARE})\.?,?\s?$",
    re.IGNORECASE,
)
_MAY_END = tuple(f"{_USUAL}|{_RARE}".split("|"))
_IN_TWO = re.compile(
    r"(?<![\w'’.-])(?:(?:oude|nieuwe|lange|korte|grote|kleine|hoge|lage|brede|smalle)\s"
    r"(?:gracht|singel|straat|laan|weg|kade|dijk|markt|plein|wal|haven|brink|kerkhof)"
    r"|(?:laan|straat|plein|weg|kade|hof|avenue|rue|boulevard|place|chaussee)\s(?:van|de|der|den|la|du|des|het|'t)\s"
    r"(?:(?:de|der|den|la|het|'t)\s)?[^\W\d_][\w'’-]+(?:\s[^\W\d_][\w'’-]+)?),?\s?$",
    re.IGNORECASE,
)
_NO_STREET = re.compile(
    r"(onder|halver|snel|spoor|lucht|urine|adem|gal|auto|water|zij|uit|tussen|om|heen|terug|fiets|wandel|rij|door|over|"
    r"verre|bewegings|toegangs)weg|(blok|ar|de)kade|.*slaan|(winkel|hoofd|zij|achter)straat|.*erlei|"
    r"(win|arbeids|start|loop|zenuw)baan|(fiets|voet|wandel)pad",
)
"""Words that end like the name of a street and are none."""

_PARTICLES = {
    "van",
    "de",
    "den",
    "der",
    "het",
    "'t",
    "ter",
    "ten",
    "te",
    "op",
    "aan",
    "in",
    "v.d.",
    "la",
    "le",
}
_ARTICLES = {"de", "het", "den"}
_PLACES = {"in", "op", "aan", "van", "naar", "bij", "uit"}
_OPENING_CAPITAL = {"de", "het", "den", "aan", "voor", "achter", "onder"}


def ends_in_street(text: str, end: int) -> bool:
    """Whether the words before ``end`` are built like the name of a street."""
    first = max(0, end - _REACH)
    last = text[first:end].rstrip(" .,").lower()
    if not last[-1:].isalpha():
        return False
    in_two = _IN_TWO.search(text, first, end)
    if in_two and (in_two.group()[0].isupper() or is_shouted(text, end)):
        return True
    if not last.endswith(_MAY_END):
        return False
    found = _ENDS.search(text, first, end)
    if found is None or _NO_STREET.fullmatch(normalise(found.group()).rstrip(" .,")):
        return False
    return found["usual"] is not None or (found.group()[0].isupper() and not is_shouted(text, end))


def street_start(text: str, end: int) -> int | None:
    """Where the street starts whose name ends before ``end``; None where the word there can be no street."""
    words = _words_before(text, end)
    if not words or normalise(words[0][1]) in listed("streets_never"):
        return None
    shouted = is_shouted(text, end)
    taken = 1
    while taken < len(words):
        # "Burgemeester van Royenstraat": particles count when a word before them does
        place = taken
        while (
            place < len(words) and normalise(words[place][1]) in _PARTICLES and words[place][1][0].islower()
        ):
            place += 1
        if place == len(words) or not _belongs(words[place][1], place + 1 == len(words), shouted):
            break
        taken = place + 1
    return _with_particle(text, words, taken)


def _belongs(typed: str, opens: bool, shouted: bool) -> bool:
    """Whether a word before the last one of a street is part of its name."""
    word = normalise(typed)
    capital = typed[0].isupper() and not shouted
    if word in _OPENING_CAPITAL:
        return capital
    if word in listed("streets_never") and word not in listed("streets_begin"):
        return False
    if word in listed("streets_begin"):
        return True
    if not capital:
        return is_first_name(word) and not is_known(word)
    # a capital may do no more than open the sentence: "Stuur Kerkstraat 5"
    return not (opens and is_known(word)) or is_first_name(word)


def _with_particle(text: str, words: list[tuple[int, str]], taken: int) -> int:
    """The start, with "van" or "de" in small letters before it where that is part of the name."""
    start, first = words[taken - 1]
    if taken == len(words):
        return start
    before, typed = words[taken]
    opening = normalise(words[taken + 1][1]) if taken + 1 < len(words) else ""
    if normalise(typed) in ("'t", "'s"):
        return before
    if typed in _ARTICLES and opening not in _PLACES and first[0].islower():
        return before
    # "van Goghstraat 71", but "van Eikenlaan 6 naar Beukenhof 31"
    moves = opening == "verhuisd" or re.search(r"\bnaar\b", text[start : start + _REACH])
    return before if typed == "van" and first[0].isupper() and not moves else start


def _words_before(text: str, end: int) -> list[tuple[int, str]]:
    """Words that end before a place, the nearest first, as far as only single spaces part them."""
    first = max(0, end - _REACH)
    words: list[tuple[int, str]] = []
    for match in reversed(list(_WORD.finditer(text, first, end))[-_MOST_WORDS:]):
        word = normalise(match.group())
        between = text[match.end() : end]
        ends_sentence = word[-1:] == "." and word not in listed("streets_begin") and is_known(word[:-1])
        cut_off = match.start() == first and text[max(0, first - 1) : first].isalnum()
        if len(between) > 1 or between.strip(" \u00a0") or ends_sentence or cut_off:
            break
        words.append((match.start(), match.group()))
        end = match.start()
    return words
