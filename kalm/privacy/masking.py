"""Masks personal data: which finders look, in which order, and how their findings are applied."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from kalm.privacy.addresses import ADDRESS, find_addresses
from kalm.privacy.closings import find_signed_names
from kalm.privacy.emails import EMAIL, find_emails
from kalm.privacy.introductions import find_introduced_names
from kalm.privacy.names import NAME
from kalm.privacy.numbers import ACCOUNT, CITIZEN, CITIZEN_BELGIUM, find_accounts, find_citizen_numbers
from kalm.privacy.spans import BLOT, Span, blotted
from kalm.privacy.telephones import TELEPHONE, find_telephones

LABELS = (EMAIL, ACCOUNT, CITIZEN, CITIZEN_BELGIUM, TELEPHONE, ADDRESS, NAME)
"""Everything that ``mask`` can put in the place of personal data."""

# What has a check digit or a sign of its own goes first: the others might take a part of it.
_FINDERS: tuple[Callable[[str], Iterable[Span]], ...] = (
    find_emails,
    find_accounts,
    find_citizen_numbers,
    find_telephones,
    find_addresses,
    find_introduced_names,
    find_signed_names,
)

_LABEL = re.compile("|".join(map(re.escape, LABELS)))


def mask(text: str) -> str:
    """The text with personal data replaced by what it was, such as "[e-mailadres]".

    Masks e-mail addresses, telephone numbers, burgerservicenummers and rijksregisternummers, account
    numbers (IBAN), addresses, and names in phrases that introduce or sign. Never raises; what is masked
    already stays as it is, so ``mask(mask(text)) == mask(text)``.
    """
    while spans := find_personal(text):
        text = _apply(text, spans)
    return text


def find_personal(text: str) -> list[Span]:
    """The pieces of ``text`` that are personal, in order, without overlap."""
    hidden = _LABEL.sub(lambda label: BLOT * len(label.group()), text)
    found: list[Span] = []
    for find in _FINDERS:
        spans = list(find(hidden))
        hidden = blotted(hidden, spans)
        found += spans
    return sorted(found)


def _apply(text: str, spans: Iterable[Span]) -> str:
    pieces: list[str] = []
    place = 0
    for span in spans:
        pieces += text[place : span.start], span.label
        place = span.end
    return "".join([*pieces, text[place:]])
