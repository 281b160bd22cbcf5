"""A sentence with its entities marked, as pieces for a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from review.judging.sentences import ENTITIES, marks_of


@dataclass(frozen=True)
class Piece:
    """A part of a sentence.

    Attributes:
        text: of it.
        entity: what it is, in Dutch; "" for nothing.
    """

    text: str
    entity: str = ""


def pieces(text: str, entities: Iterable[Any]) -> list[Piece]:
    """The sentence in pieces, all of it; an entity that does not fit in it is left out."""
    found: list[Piece] = []
    place = 0
    for mark in marks_of(text, entities):
        found += [Piece(text[place : mark.start]), Piece(text[mark.start : mark.end], ENTITIES[mark.entity])]
        place = mark.end
    found.append(Piece(text[place:]))
    return [piece for piece in found if piece.text]
