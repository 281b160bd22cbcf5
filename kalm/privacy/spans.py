"""A piece of a text that is personal, and how the pieces already found are hidden from the next finder."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

BLOT = "\ufffc"
"""Stands for a character that was found already: no letter, no digit, no space and no mark."""


class Span(NamedTuple):
    """A piece of a text that is personal.

    Attributes:
        start: index of its first character.
        end: index behind its last character.
        label: what is put in its place.
    """

    start: int
    end: int
    label: str


def blotted(text: str, spans: Iterable[Span]) -> str:
    """The text, as long as it was, with the pieces hidden; they may not overlap."""
    pieces: list[str] = []
    place = 0
    for span in sorted(spans):
        pieces += text[place : span.start], BLOT * (span.end - span.start)
        place = span.end
    return "".join([*pieces, text[place:]])


def joined(spans: Iterable[Span]) -> list[Span]:
    """The pieces in order, those that overlap made into one with the label of the first."""
    whole: list[Span] = []
    for span in sorted(spans):
        if whole and span.start < whole[-1].end:
            whole[-1] = whole[-1]._replace(end=max(whole[-1].end, span.end))
        else:
            whole.append(span)
    return whole
