"""Numbers with check digits: burgerservicenummers, rijksregisternummers and account numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import stdnum.be.ssn
import stdnum.iban
import stdnum.nl.bsn
from stdnum import numdb

from kalm.privacy.spans import Span, joined

ACCOUNT = "[rekeningnummer]"
CITIZEN = "[burgerservicenummer]"
CITIZEN_BELGIUM = "[rijksregisternummer]"

_GAP = r"[ \u00a0\t.\-\u2010-\u2015]"

_ACCOUNT_START = re.compile(
    rf"(?:(?<![^\W_])|(?<=iban)|(?<=nr)|(?<=rek))[A-Z]{{2}}{_GAP}?[0-9] ?[0-9]", re.IGNORECASE | re.ASCII
)
_WIDEST_GAP = 3
_ACCOUNT_NAMED = re.compile(
    r"\b(?:(?:iban|bank|(?:bank)?rekening|rek\.?)[\s-]?(?:nummer|nr)|iban|rekening)\W{0,3}(?:(?:is|was)\W{1,3})?"
    rf"(?P<number>[A-Z]{{2}}{_GAP}?\d\d{_GAP}?[A-Z]{{4}}{_GAP}?\d(?:{_GAP}?\d){{7,14}})(?![^\W_])",
    re.IGNORECASE | re.ASCII,
)
"""Behind its name a Dutch account number counts with a typing mistake too."""

_CITIZEN = re.compile(
    rf"(?<![\dA-Z)/+#])"
    rf"(?:\d{{9}}|\d{{3}}(?P<gap>{_GAP})\d{{3}}(?P=gap)\d{{3}}|\d{{4}}(?P<old>{_GAP})\d{{2}}(?P=old)\d{{3}})"
    rf"(?![.,/-]?\d)",
    re.ASCII,
)
_DIGIT_BEFORE = re.compile(r"\d[ \u00a0.,:-]$", re.ASCII)
"""The number goes on with what stands before it, unless that is a number of its own that was found."""

_CITIZEN_NAMED = re.compile(
    r"(?:\bb\.?\s?s\.?\s?n\.?|\bbns|burger\s?service\s?-?(?=n)|\bsofi)\W{0,2}(?:nummer|num|nr)?"
    rf"\W{{0,3}}(?:(?:is|was)\W{{1,3}})?(?P<number>\d(?:{_GAP}{{0,3}}\d){{7,8}})(?!\d)",
    re.IGNORECASE,
)
"""After its name a number may be spaced in any way, and without its leading zero."""

_CITIZEN_BELGIUM = re.compile(
    rf"(?<![\dA-Z)/+#])(?:\d\d{_GAP}?){{3}}{_GAP}{{0,2}}\d{{3}}{_GAP}{{0,3}}\d\d(?![.,/-]?\d)",
    re.ASCII,
)

_THINGS = (
    "bestel|order|artikel|factuur|klant|retour|product|lot|batch|charge|partij|serie|transactie|betaal|betalings|"
    "referentie|dossier|zaak|ticket|case|polis|bon|coupon|kortings|track|trace|zending|verzend|pakket|lidmaatschaps|"
    "lid|relatie|debiteuren|ondernemings|offerte|aanvraag|meldings|actie|voucher|cadeau|barcode|kvk|btw"
)
_BETWEEN = r"\.?(?:\s(?:is|was|met|van|onder|mijn|het))?[\s:=#(]{0,3}$"
_NUMBERED = re.compile(
    rf"(?<![^\W_])(?:(?:{_THINGS})[a-z]{{0,8}}[ -]?(?:nummer|num|nr|no|code|id)|"
    rf"barcode|ean|isbn|gtin|sku|kvk|btw){_BETWEEN}",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?<![^\W_])(?:bestelling|order|artikel|art|factuur|retour|lot|batch|charge|partij|serie|transactie|referentie|ref|"
    r"kenmerk|dossier|ticket|polis|kassabon|bon|cadeaubon|coupon|code|kortingscode|track\s?(?:&|en|and)\s?trace|tracking|t&t|"
    rf"zending|voucher){_BETWEEN}",
    re.IGNORECASE,
)
_NUMBERED_REACH = 45


def find_accounts(text: str) -> Iterator[Span]:
    """Account numbers (IBAN, ISO 13616) with right check digits, spaced in any way."""
    found: list[Span] = []
    place = 0
    for match in _ACCOUNT_START.finditer(text):
        end = _account_end(text, match.start()) if match.start() >= place else None
        if end is not None:
            found.append(Span(match.start(), end, ACCOUNT))
            place = end
    named = (Span(*match.span("number"), ACCOUNT) for match in _ACCOUNT_NAMED.finditer(text))
    yield from joined([*found, *named])


def _account_end(text: str, start: int) -> int | None:
    compact = ""
    length = _account_length(text[start : start + 2].upper())
    gap = 0
    for place in range(start, min(len(text), start + length * (_WIDEST_GAP + 1))):
        letter = text[place]
        if letter.isascii() and letter.isalnum():
            compact += letter
            gap = 0
            if len(compact) == length:
                # The international check alone: a bank that is not in a list of today has customers too.
                return place + 1 if stdnum.iban.is_valid(compact, check_country=False) else None
        elif gap < _WIDEST_GAP and re.match(_GAP, letter):
            gap += 1
        else:
            break
    return None


@cache
def _account_length(country: str) -> int:
    """Characters of an IBAN of a country, after the register of SWIFT that python-stdnum carries; else 0."""
    _, found = numdb.get("iban").info(country)[0]
    return 4 + sum(int(count) for count in re.findall(r"(\d+)!", found.get("bban", ""))) if found else 0


def find_citizen_numbers(text: str) -> Iterator[Span]:
    """Burgerservicenummers (the test of eleven) and rijksregisternummers (a date, and 97 less the rest).

    Without the name before it one nine-digit number in eleven is a right burgerservicenummer, so those that
    count orders, articles and the like are left alone.
    """
    spans: list[Span] = []
    # Behind its name also with a typing mistake: nobody can check it, and it is nearly somebody's.
    spans += [Span(*match.span("number"), CITIZEN) for match in _CITIZEN_NAMED.finditer(text)]
    for pattern, module, label in (
        (_CITIZEN_BELGIUM, stdnum.be.ssn, CITIZEN_BELGIUM),
        (_CITIZEN, stdnum.nl.bsn, CITIZEN),
    ):
        behind = 0
        for match in pattern.finditer(text):
            start, end = match.span()
            goes_on = _DIGIT_BEFORE.search(text, max(0, start - 2), start) and start - 1 != behind
            if goes_on or not module.is_valid(_digits(match.group())):
                continue
            if not counts_things(text, start, loosely=True):
                spans.append(Span(start, end, label))
                behind = end
    yield from joined(spans)


def counts_things(text: str, start: int, *, loosely: bool = False) -> bool:
    """Whether the words before a number say that it numbers an order, an article, an invoice or the like.

    Args:
        text: the message.
        start: where the number starts.
        loosely: whether "order" does, without "number" behind it.
    """
    before = text[max(0, start - _NUMBERED_REACH) : start]
    return bool(_NUMBERED.search(before) or (loosely and _NAMED.search(before)))


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)
