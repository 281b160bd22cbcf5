"""E-mail addresses, also with the at sign or the dots spelt out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kalm.privacy.spans import Span, joined
from kalm.privacy.words import is_stop_word

EMAIL = "[e-mailadres]"

_LOCAL = r"[\w.+%&'’-]"
# Starts only where a run of such characters starts, so that a long run is read once.
_PLAIN = re.compile(rf"(?<!{_LOCAL})(?:{_LOCAL})+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{{2,24}}(?![\w@])")

_AT = re.compile(
    r"\s?[(\[{]\s?(?:at|@|a|apenstaartje)\s?[)\]}]\s?|\s{1,3}ape?n?staart(?:je)?\s{1,3}|\s{0,3}@\s{0,3}|\s{1,3}at\s{1,3}",
    re.IGNORECASE,
)
_DOT = r"(?:\s?[(\[{]\s?(?:punt|dot|\.)\s?[)\]}]\s?|\s+(?:punt|dot)\s+|\s?\.\s?(?=\w))"
_JOIN = rf"(?:{_DOT}|\s+(?:underscore|laag streepje|streepje|min)\s+)"
_LONGEST = 80
"""Characters on either side of an at sign that are looked at."""

_BEFORE = re.compile(rf"(?<![\w.+%-])[\w+%-]+(?:{_JOIN}[\w+%-]+|\.[\w+%-]+){{0,6}}$", re.IGNORECASE)
_TOP = "(?:nl|be|com|net|org|eu|de|fr|me|info|nu|edu|gov|biz|online|shop|frl|amsterdam|uk|es|it|pl|lu|ch|at)"
_SPELT = re.compile(rf"[\w-]+(?:{_DOT}[\w-]+){{0,3}}?{_DOT}{_TOP}(?![\w@])", re.IGNORECASE)
_PROVIDER = re.compile(
    r"(?:g-?mail|googlemail|hotmail|outlook|live|icloud|yahoo|ziggo|kpn(?:mail|planet)?|planet|xs4all|telenet|"
    r"skynet|proximus|scarlet|pandora|home|chello|upcmail|casema|quicknet|hetnet|tele2|solcon|zonnet|online|"
    r"proton(?:mail)?|gmx|msn|me)(?![\w@])(?:\s?,\s?(?:com|nl|be|net)(?!\w))?",
    re.IGNORECASE,
)
"""Known by name alone, because the end is easily forgotten or gets a comma."""


def find_emails(text: str) -> Iterator[Span]:
    """E-mail addresses in ``text``; nothing is asked of a server, so a misspelt one counts too."""
    plain = [Span(*match.span(), EMAIL) for match in _PLAIN.finditer(text)]
    plain = [span._replace(start=_without_quotes(text, span)) for span in plain]
    yield from joined([*plain, *_spelt(text)])


def _without_quotes(text: str, span: Span) -> int:
    """Where the address starts: an apostrophe, a dot or a hyphen before it is no part of it."""
    start = span.start
    while text[start] in "'’.-&" and text[start + 1] != "@":
        start += 1
    return start


def _spelt(text: str) -> Iterator[Span]:
    for at in _AT.finditer(text):
        start = max(0, at.start() - _LONGEST)
        before = _BEFORE.search(text[start : at.start()])
        # "ik at", "volg ons op @zechsal.nl"
        if before is None or is_stop_word(before.group()):
            continue
        end = _domain_end(text, at)
        if end is not None:
            yield Span(start + before.start(), end, EMAIL)


def _domain_end(text: str, at: re.Match[str]) -> int | None:
    """The end of the domain behind an at sign; behind a space and "@" only a known provider is one."""
    after = text[at.end() : at.end() + _LONGEST]
    sign = at.group()
    provider = None if sign.strip().lower() == "at" else _PROVIDER.match(after)
    handle = sign[0].isspace() and sign[-1] == "@" and provider is None
    domain = None if handle else _SPELT.match(after) or provider
    return None if domain is None else at.end() + domain.end()
