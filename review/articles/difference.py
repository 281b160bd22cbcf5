"""What a draft changes, word by word, for whoever approves it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from kalm.articles import Evidence
from review.articles.fields import SectionFields

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
_MOST = 4000
"""Tokens or lines that are compared; comparing takes the square of it, so more is shown whole."""

SAME, ADDED, REMOVED = "same", "added", "removed"

Piece = tuple[str, str]
"""One of the three above, and the text."""


@dataclass(frozen=True)
class Change:
    """One field that differs.

    Attributes:
        title: of the field, in Dutch.
        pieces: in order.
        is_list: each piece is a line of its own.
    """

    title: str
    pieces: tuple[Piece, ...]
    is_list: bool = False


def changes(before: SectionFields | None, after: SectionFields) -> list[Change]:
    """The fields that differ, in the order of the form; all that is filled in for a new section."""
    old = before or SectionFields()
    found = []
    for title, was, is_now in _texts(old, after):
        if was != is_now:
            found.append(Change(title, tuple(_pieces(_TOKEN.findall(was), _TOKEN.findall(is_now), ""))))
    for title, was_lines, now_lines in _lists(old, after):
        if was_lines != now_lines:
            pieces = tuple(piece for piece in _pieces(was_lines, now_lines, "\n"))
            found.append(Change(title, pieces, is_list=True))
    return found


def _texts(old: SectionFields, new: SectionFields) -> Iterator[tuple[str, str, str]]:
    if new.head is not None:
        yield "Titel van het nieuwe artikel", "", new.head.title
        yield "Onderwerpen", "", ", ".join(new.head.topics)
    yield "Kop", old.heading, new.heading
    yield "Tekst", old.text, new.text
    yield "Soort bewijs", _evidence(old), _evidence(new)
    yield "Wie overlegt eerst", _caution(old), _caution(new)
    yield "Past naast een verwijzing", _yes(old.fits_referral), _yes(new.fits_referral)
    yield "Knop", old.button, new.button
    yield "Nog niet voor bezoekers", _yes(old.is_draft), _yes(new.is_draft)


def _lists(old: SectionFields, new: SectionFields) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    yield "Bronnen", _sources(old), _sources(new)
    yield "Vragen", old.questions, new.questions


def _sources(fields: SectionFields) -> tuple[str, ...]:
    return tuple(f"{source.title} {source.url}".strip() for source in fields.sources)


def _evidence(fields: SectionFields) -> str:
    return Evidence(fields.evidence).in_words if fields.evidence else "zoals het artikel"


def _caution(fields: SectionFields) -> str:
    if fields.conditions is None:
        return "niet gezegd"
    return ", ".join(fields.conditions) or "niemand"


def _yes(value: bool) -> str:
    return "ja" if value else "nee"


def _pieces(was: Sequence[str], is_now: Sequence[str], between: str) -> Iterator[Piece]:
    if len(was) > _MOST or len(is_now) > _MOST:
        yield from ((REMOVED, between.join(was)), (ADDED, between.join(is_now)))
        return
    for what, start, end, new_start, new_end in SequenceMatcher(None, was, is_now, False).get_opcodes():
        if what == "equal":
            yield SAME, between.join(was[start:end])
            continue
        if start < end:
            yield REMOVED, between.join(was[start:end])
        if new_start < new_end:
            yield ADDED, between.join(is_now[new_start:new_end])
