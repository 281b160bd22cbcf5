"""A first name with a surname, wherever it stands: "wis alles van Truus Oosterwijk"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kalm.privacy.names import NAME, Trust, is_listed, name_at
from kalm.privacy.spans import Span, joined
from kalm.privacy.words import is_shouted

_FIRST_WORD = re.compile(r"(?<![\w'’-])[^\W\d_][\w'’-]{1,40}(?=[ \u00a0])")


def find_full_names(text: str) -> Iterator[Span]:
    """Listed first names with a surname behind them, both with a capital in a text that has small letters."""
    found = [span for match in _FIRST_WORD.finditer(text) for span in _full_name(text, match)]
    yield from joined(Span(start, end, NAME) for start, end in found)


def _full_name(text: str, first: re.Match[str]) -> Iterator[tuple[int, int]]:
    is_capital = first.group()[0].isupper()
    if not is_capital or not is_listed(text, first.span()) or is_shouted(text, first.start()):
        return
    name = name_at(text, first.start(), Trust.LIKELY)
    if name is not None and any(letter.isupper() for letter in text[first.end() : name[1]]):
        yield name
