"""Telephone numbers of people; the numbers of services (0800, 0900, 088, 112) are nobody's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import phonenumbers
from phonenumbers import PhoneNumberType

from kalm.privacy.numbers import counts_things
from kalm.privacy.spans import Span
from kalm.text_cache import text_cache

TELEPHONE = "[telefoonnummer]"

_CHAIN = re.compile(r"(?:\+\s?)?\(?[0-9](?:[ \u00a0\u202f\t._\-\u2010-\u2015/()]{0,3}[0-9])*")
_GROUP = re.compile(r"[0-9]+")
_DATE_OR_TIMES = re.compile(
    r"[0-9]{1,2}[-./][0-9]{1,2}[-./](?:19|20)[0-9]{2}(?![0-9])"
    r"|[0-2][0-9]\.[0-5][0-9][ –-]{1,3}[0-2][0-9]\.[0-5][0-9](?![0-9])"
)
_WITHOUT_PLUS = re.compile(r"316[0-9]{8}|324[0-9]{8}")
"""Mobile numbers of the Netherlands and Belgium as WhatsApp shows them, but for the plus."""
_NATIONAL = re.compile(r"0[1-9][0-9]{7,8}")
_LOCAL_MOBILE = re.compile(r"06[0-9]{8}|04[5-9][0-9]{7}")
"""Dutch and Belgian mobile numbers, also of series that are not given out: people mistype."""
_GERMAN_MOBILE = re.compile(r"01[567][0-9]{8,9}")
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{7,14}")
_LONGEST = 17
_STARTS_BEHIND = " \u00a0\u202f\t("

_PERSONAL = {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.VOIP,
    PhoneNumberType.PERSONAL_NUMBER,
}


def find_telephones(text: str) -> Iterator[Span]:
    """Telephone numbers that may be a person's, after the numbering plans that phonenumbers carries.

    Dutch and Belgian ones as they are dialled at home, German mobile ones too, all others with + or 00.
    """
    for chain in _CHAIN.finditer(text):
        groups = [
            (chain.start() + g.start(), chain.start() + g.end()) for g in _GROUP.finditer(chain.group())
        ]
        place = 0
        while place < len(groups):
            end = _number_end(text, groups, place, fresh=place == 0)
            if end is None:
                place += 1
                continue
            while end is not None:
                yield Span(_opening(text, groups[place][0]), groups[end - 1][1], TELEPHONE)
                place = end
                end = _number_end(text, groups, place, fresh=True) if place < len(groups) else None


def _number_end(text: str, groups: Sequence[tuple[int, int]], first: int, *, fresh: bool) -> int | None:
    """The group behind the number that starts with group ``first``.

    Args:
        text: the message.
        groups: start and end of each run of digits in a chain.
        first: the group that the number would start with.
        fresh: whether the group begins the chain, or comes directly behind another number.
    """
    start = groups[first][0]
    if text[start] not in "03" and not _has_plus(text, start):
        return None
    if not _may_start(text, start, fresh) or _DATE_OR_TIMES.match(text, start):
        return None
    ends: list[int] = []
    digits = "+" if _has_plus(text, start) else ""
    for place in range(first, len(groups)):
        begin, end = groups[place]
        if place == first or text[begin - 1 : end + 1] != "(0)":
            digits += text[begin:end] if end - begin <= _LONGEST else "0" * _LONGEST
        if len(digits) > _LONGEST:
            break
        if is_personal(digits):
            ends.append(place + 1)
    if not ends or counts_things(text, start):
        return None
    # "03 482 17 59 2 flessen": a last digit by itself is hardly part of the number
    return next((end for end in reversed(ends) if _size(groups[end - 1]) > 1), ends[0])


def _may_start(text: str, start: int, fresh: bool) -> bool:
    before = text[start - 1] if start else " "
    if not fresh:
        return before in _STARTS_BEHIND
    return before not in "#€$_" and not (before.isupper() and before.isalpha())


def _has_plus(text: str, start: int) -> bool:
    return (
        text[max(0, start - 2) : start].rstrip(" \u00a0").endswith("+")
        or text[max(0, start - 2) : start] == "+("
    )


def _opening(text: str, start: int) -> int:
    """Where the number starts with its plus or bracket."""
    while start and (
        text[start - 1] in "+(" or (text[start - 1] in " \u00a0" and text[start - 2 : start - 1] == "+")
    ):
        start -= 1
    return start


def _size(group: tuple[int, int]) -> int:
    return group[1] - group[0]


@text_cache(4096)
def is_personal(digits: str) -> bool:
    """Whether a number without marks, perhaps with a plus, may be a person's telephone."""
    if digits.startswith("00") or _WITHOUT_PLUS.fullmatch(digits):
        digits = "+" + digits.removeprefix("00")
    if _INTERNATIONAL.fullmatch(digits):
        return _kind(digits, None) in _PERSONAL
    if _GERMAN_MOBILE.fullmatch(digits):
        return _kind(digits, "DE") == PhoneNumberType.MOBILE
    if _LOCAL_MOBILE.fullmatch(digits):
        return True
    if not _NATIONAL.fullmatch(digits):
        return False
    # One plan's service number may be a village in the other: then it is a service.
    kinds = {_kind(digits, "NL"), _kind(digits, "BE")} - {PhoneNumberType.UNKNOWN}
    return bool(kinds) and kinds <= _PERSONAL


def _kind(digits: str, region: str | None) -> int:
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return int(PhoneNumberType.UNKNOWN)
    return int(phonenumbers.number_type(number))
