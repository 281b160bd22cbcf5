"""Names in the closing of a message, and where a line begins with one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kalm.privacy.names import NAME, Trust, is_listed, name_at, names_at
from kalm.privacy.spans import Span, joined

_KIND = r"(?:vriendelijke?|vr|vrndl|hartelijke?|hart|warme|zonnige|lieve|vele|veel|fijne|beste|dikke|de)"
_CLOSING = re.compile(
    rf"(?<![\d\w])(?<!\d\s)(?:{_KIND}\.?\s*)?"
    r"(?:gr(?:oe)?t(?:j?es|jess+|en|n|je|kes|js|z|s)?|greetz|gr|gtjs|hgr|mvg|m\.\s?v\.\s?g|m?\s?vr?\.?gr|mvrgr|liefs|"
    r"kusjes|kussen|kus|knuffels?|xx+|hoogachtend)\b"
    r"(?:\s+(?:van)?uit\s+(?:\w+\s+){0,2}[\w'’-]+(?:\s*[,\n]|(?=\s+van\s)))?"
    r"[^\w?\d]{1,6}(?:(?:van|namens)\s+(?:ons\s*[,:]\s*)?)?",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\b(?:bedankt|dankjewel|dankuwel|dankje|danku|dank\s+(?:je|u)(?:\s*wel)?|dank|merci|thanks|thx|bvd|"
    r"b\.\s?v\.\s?d\.?|hulp|moeite|reactie|antwoord|fijne\s+(?:dag|avond|week|feestdagen)|fijn\s+weekend|"
    r"slaap\s+lekker|welterusten|tot\s+(?:ziens|horens|snel|gauw|dan)|doei|ciao)(?:\s+(?:alvast|nog|verder))?"
    r"(?:(?P<mark>[ \t]*[,.!\n])[^\w?]{0,6}|\s+)",
    re.IGNORECASE,
)
_LAST = re.compile(r"[.!\n)…?][ \t]*(?=[^\n.!?]{2,40}[^\w?]{0,4}\Z)")
_LINE = re.compile(r"(?:^|[\r\n])[ \t]{0,3}(?P<word>[^\W\d_a-z][\w'’-]{1,40})")
_LINE_END = re.compile(r"[ \t]{0,3}(?:[,;\r\n]|\Z)")
_NOTHING_BEHIND = re.compile(r"[^\w]*\Z")
_LAST_REACH = 60


def find_signed_names(text: str) -> Iterator[Span]:
    """Names behind a greeting or thanks at the end, at the very end, and at the beginning of a line."""
    found = [*_greeted(text), *_thanking(text), *_last(text), *_lines(text)]
    yield from joined(Span(start, end, NAME) for start, end in found)


def _greeted(text: str) -> Iterator[tuple[int, int]]:
    for match in _CLOSING.finditer(text):
        yield from names_at(text, match.end(), Trust.LIKELY, closing=True)


def _thanking(text: str) -> Iterator[tuple[int, int]]:
    """Names behind thanks and wishes, which stand in the middle of a message too: so only at its end."""
    for match in _THANKS.finditer(text):
        name = name_at(text, match.end(), Trust.LIKELY)
        if name is None or not _NOTHING_BEHIND.match(text, name[1]):
            continue
        if is_listed(text, name) or (match["mark"] and text[name[0]].isupper()):
            yield name


def _last(text: str) -> Iterator[tuple[int, int]]:
    """The name that is all of the last sentence or line."""
    last = _LAST.search(text, max(0, len(text) - _LAST_REACH))
    name = name_at(text, last.end(), Trust.LIKELY) if last else None
    if last is None or name is None or name[0] != last.end() or not _NOTHING_BEHIND.match(text, name[1]):
        return
    # "welke dosis? max"
    if is_listed(text, name) and (last.group()[0] == "\n" or text[name[0]].isupper()):
        yield name


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Names of two words or more at the beginning of a line, as in "Jan de Vries, Kerkstraat 5"."""
    for first in _LINE.finditer(text):
        if not is_listed(text, first.span("word")):
            continue
        name = name_at(text, first.start("word"), Trust.LIKELY)
        more = name and any(letter.isupper() for letter in text[first.end() : name[1]])
        if name and more and _LINE_END.match(text, name[1]):
            yield name
