"""Masks personal data: which finders look, in which order, and how their findings are applied."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from kalm.privacy.addresses import ADDRESS, find_addresses
from kalm.privacy.closings import find_signed_names
from kalm.privacy.emails import EMAIL, find_emails
from kalm.privacy.full_names import find_full_names
from kalm.privacy.introductions import find_introduced_names
from kalm.privacy.names import NAME
from kalm.privacy.numbers import ACCOUNT, CITIZEN, CITIZEN_BELGIUM, find_accounts, find_citizen_numbers
from kalm.privacy.spans import BLOT, Span, blotted
from kalm.privacy.telephones import TELEPHONE, find_telephones
from kalm.safety import look_for_danger
from kalm.safety.fallback import unless_it_fails

LABELS = (EMAIL, ACCOUNT, CITIZEN, CITIZEN_BELGIUM, TELEPHONE, ADDRESS, NAME)
"""Everything that ``mask`` can put in the place of personal data."""

Finders = tuple[Callable[[str], Iterable[Span]], ...]

# What has a check digit or a sign of its own goes first: the others might take a part of it.
_NUMBERS: Finders = (find_emails, find_accounts, find_citizen_numbers, find_telephones)
_FINDERS: Finders = (
    *_NUMBERS,
    find_addresses,
    find_introduced_names,
    find_signed_names,
    find_full_names,
)
_MOST_PASSES = 10
"""More than any message needs, and an end to one that was made to need more."""

_WORD = re.compile(r"\S+")
_LABEL = re.compile("|".join(map(re.escape, LABELS)))


def mask(text: str) -> str:
    """The text with personal data replaced by what it was, such as "[e-mailadres]".

    Masks e-mail addresses, telephone numbers, burgerservicenummers and rijksregisternummers, account
    numbers (IBAN), addresses, names in phrases that introduce or sign, and a first name with a surname.
    Never raises; what is masked already stays as it is, so ``mask(mask(text)) == mask(text)``.
    """
    return _repeatedly(text, _FINDERS)


def mask_message(text: str) -> str:
    """A visitor's message masked, but never so that its danger is seen less, or more.

    In capitals a street may begin anywhere: "IK KRIJG GEEN LUGT MEER KERKSTRAAT 5". What would hide a sign of
    danger is left, except for numbers and e-mail addresses.
    """
    masked = mask(text)
    if masked == text:
        return text
    before = _signs(text)
    if _signs(masked) == before:
        return masked
    kept = [_without_danger(text, span, before) for span in find_personal(text)]
    masked = _repeatedly(applied(text, [span for span in kept if span is not None]), _NUMBERS)
    return masked if _signs(masked) == before else _repeatedly(text, _NUMBERS)


def _without_danger(text: str, span: Span, signs: list[str]) -> Span | None:
    """As much of the end of a piece as hides no sign of danger, None when each word of it does."""
    for word in _WORD.finditer(text, span.start, span.end):
        shorter = span._replace(start=word.start())
        if _signs(applied(text, [shorter])) == signs:
            return shorter
    return None


def without_labels(text: str) -> str:
    """A masked text without its labels: "[naam]" is no part of what is asked."""
    return _LABEL.sub("", text)


def _signs(text: str) -> list[str]:
    found = unless_it_fails(look_for_danger, text)
    return [] if found is None else sorted(sign.name for sign in found.signs)


def _repeatedly(text: str, finders: Finders) -> str:
    """Masked until nothing more is found: what was hidden may have stood in the way."""
    for _ in range(_MOST_PASSES):
        spans = find_personal(text, finders)
        if not spans:
            break
        text = applied(text, spans)
    return text


def find_personal(text: str, finders: Finders | None = None) -> list[Span]:
    """The pieces of ``text`` that are personal, in order, without overlap.

    Args:
        text: the message.
        finders: which look, all when left out.
    """
    hidden = _LABEL.sub(lambda label: BLOT * len(label.group()), text)
    found: list[Span] = []
    for find in _FINDERS if finders is None else finders:
        spans = list(find(hidden))
        hidden = blotted(hidden, spans)
        found += spans
    return sorted(found)


def applied(text: str, spans: Iterable[Span]) -> str:
    """The text with labels in the place of pieces, which are in order and do not overlap."""
    pieces: list[str] = []
    place = 0
    for span in spans:
        pieces += text[place : span.start], span.label
        place = span.end
    return "".join([*pieces, text[place:]])
