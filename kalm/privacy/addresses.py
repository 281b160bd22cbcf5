"""Addresses: a house number beside a postcode, or behind the name of a street."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kalm.privacy.numbers import counts_things
from kalm.privacy.spans import Span, joined
from kalm.privacy.streets import HOUSE_NUMBER, ends_in_street, street_start
from kalm.privacy.words import is_known, is_shouted, is_stop_word

ADDRESS = "[adres]"

_CODE = r"(?P<digits>[1-9][0-9]{3})(?P<gap>[ \u00a0-]{0,2})(?P<letters>[A-Za-z]{2})(?![^\W\d_])"
"""Four digits, the first no 0, and two letters, as PostNL gives them out; never SA, SD or SS."""
_POSTCODE = re.compile(rf"(?<![\w€.,#-]){_CODE}")
_NEVER_GIVEN = {"sa", "sd", "ss"}
_UNITS = {"mg", "ml", "cl", "dl", "kg", "gr", "cm", "mm", "km", "ie", "iu", "st"}
_SHORT_WORDS = re.compile(
    "en|op|al|om|in|is|of|te|ze|we|je|er|ik|me|na|zo|uw|ja|nu|as|at|do|ga|ha|he|ma|pa|va|wo|di|vr|za|dl|pk|tm",
    re.IGNORECASE,
)
"""Stand behind a year or an amount too: "in 2024 en 2025", "sinds 2011 op 3 pillen"."""

_NUMBER_WORD = r"(?:(?:huis\s?-?)?(?:nummer|num|nr|no|n°)|huis|hnr)\b\.?"
_NUMBER_BEHIND = re.compile(
    rf"(?:[\s,;:/(–—-]{{0,4}}|[\s,;.:/(–—-]{{0,4}}(?:(?:en|met|mijn|m'n|mn|het|ons|op)\s){{0,2}}"
    rf"{_NUMBER_WORD}[\s:=-]{{0,3}}(?:is\s)?){HOUSE_NUMBER}",
    re.IGNORECASE,
)
_NUMBER_WORD_BEFORE = re.compile(rf"\b{_NUMBER_WORD}[\s:=-]{{0,3}}(?:is\s)?$", re.IGNORECASE)
_NUMBER = re.compile(rf"(?<![\d_.,:/€#]){HOUSE_NUMBER}", re.IGNORECASE)

_TOWN = r"(?-i:[A-Z])[\w'’-]{1,40}(?:\s(?-i:[A-Z])[\w'’-]{1,40})?"
_CODE_BEHIND = re.compile(
    rf"[\s,;./|(–—-]{{0,4}}(?:(?:te|in)\s)?(?:(?:{_TOWN}|(?!naar|en|of)[a-z'-]{{2,40}})[\s,(]{{1,3}})?"
    rf"(?:(?:met\s|mijn\s|de\s)?postcode[\s:]{{1,2}}(?:is\s)?)?{_CODE}",
    re.IGNORECASE,
)
_TOWN_BEHIND = re.compile(
    r"[\s,;–—-]{1,4}(?:B-?\s?)?[1-9][0-9]{3}\s(?:te\s)?"
    r"(?P<town>(?:(?:De|Den|La|Le|Sint|St\.?)\s(?=[A-Z]))?[^\W\d_][\w'’-]{2,40})"
)
_CODE_BEFORE = re.compile(rf"(?<![\w€.,#-]){_CODE},?\s(?:{_TOWN}[,\s]{{1,3}})?$", re.IGNORECASE)
_REACH = 60


def find_addresses(text: str) -> Iterator[Span]:
    """Addresses, from the street or the postcode up to the house number or what stands behind it.

    The town of a Dutch address is left, that of a Belgian one goes with its postcode. A postcode or the
    name of a street without a number is left.
    """
    spans = [*_behind_postcodes(text), *_around_numbers(text)]
    yield from joined(Span(start, end, ADDRESS) for start, end in spans)


def _behind_postcodes(text: str) -> Iterator[tuple[int, int]]:
    """Postcodes with the house number behind them: "9711 AB 12", "Postcode 6824 NB, huisnummer 15"."""
    for code in _POSTCODE.finditer(text):
        number = _NUMBER_BEHIND.match(text, code.end())
        if number and _is_postcode(text, code) and not counts_things(text, code.start()):
            yield code.start(), number.end()


def _is_postcode(text: str, code: re.Match[str], *, beside_street: bool = False) -> bool:
    """Whether four digits and two letters are a postcode, and no amount or year with a word behind it."""
    letters = code["letters"].lower()
    start = code.start("digits")
    if letters in _NEVER_GIVEN:
        return False
    if beside_street or text[max(0, start - 14) : start].lower().rstrip(" :").endswith("postcode"):
        return True
    plain = code["letters"].islower() or is_shouted(text, start) or code["digits"].startswith(("19", "20"))
    is_word = _SHORT_WORDS.fullmatch(letters) is not None and plain and code["gap"] != ""
    return letters not in _UNITS and not is_word


def _around_numbers(text: str) -> Iterator[tuple[int, int]]:
    """House numbers with the street before them, or a postcode behind them."""
    behind = 0
    for number in _NUMBER.finditer(text):
        word = _NUMBER_WORD_BEFORE.search(text, max(behind, number.start() - 20), number.start())
        name_end = word.start() if word else number.start()
        street = ends_in_street(text, name_end)
        if not street and text[number.start() - 1 : number.start()].isalpha():
            continue
        code = _CODE_BEHIND.match(text, number.end())
        town = _TOWN_BEHIND.match(text, number.end())
        if not (street or code or town):
            continue
        begin = street_start(text, _without_comma(text, name_end))
        end = _end(text, number, begin, street=street)
        if end is None or counts_things(text, number.start()):
            continue
        begin = name_end if begin is None or (word and not street) else begin
        yield max(behind, _code_before(text, begin) if street else begin), end
        behind = end


def _without_comma(text: str, end: int) -> int:
    return end - 2 if text[max(0, end - 2) : end] == ", " else end


def _end(text: str, number: re.Match[str], begin: int | None, *, street: bool) -> int | None:
    """The end of the address with this house number; None where nothing says that it is one."""
    code = _CODE_BEHIND.match(text, number.end())
    if code and _is_postcode(text, code, beside_street=street):
        return code.end()
    town = _TOWN_BEHIND.match(text, number.end())
    if town and begin is not None and _is_town(town["town"], street=street, capital=text[begin].isupper()):
        return town.end()
    return number.end() if street else None


def _is_town(word: str, *, street: bool, capital: bool) -> bool:
    """Whether a word behind four digits is a town; a capital says more than the dictionary."""
    if word[0].isupper():
        return street or capital
    return not is_stop_word(word) and (street or not is_known(word))


def _code_before(text: str, begin: int) -> int:
    """The start with the postcode and the town before the street: "9711 AB Groningen, Kerkstraat 5"."""
    code = _CODE_BEFORE.search(text, max(0, begin - _REACH), begin)
    return code.start() if code and _is_postcode(text, code) else begin
