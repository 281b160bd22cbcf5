"""A sentence with its entities, as Rasa writes them: ``[zwanger](trigger)``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from kalm.training_examples import MARKED


class MarkupError(Exception):
    """A sentence cannot be written so that Rasa reads it back; the message says why, in Dutch."""


def split_marked(example: str) -> list[tuple[str, str]]:
    """The words of an example in order, each with the name of its entity or ""."""
    parts, end = [], 0
    for found in MARKED.finditer(example):
        if found.start() > end:
            parts.append((example[end : found.start()], ""))
        parts.append((found["words"], found["entity"] or ""))
        end = found.end()
    return [*parts, (example[end:], "")] if end < len(example) else parts


def marked_up(text: str, entities: Sequence[Mapping[str, Any]]) -> str:
    """The sentence with its entities in it.

    Args:
        text: on one line.
        entities: each with ``start`` and ``end`` in characters of ``text``, and ``entity``, its name.

    Raises:
        MarkupError: there are square brackets in the sentence (so does what was masked for privacy), or the
            entities do not fit the sentence.
    """
    if "[" in text or "]" in text:
        raise MarkupError(
            "er staan vierkante haken in, zoals om iets persoonlijks dat is weggehaald; schrijf de zin zonder"
        )
    made, end = "", 0
    for one in sorted(entities, key=_start):
        start, stop, name = _start(one), one.get("end"), one.get("entity")
        fits = isinstance(stop, int) and end <= start < stop <= len(text) and isinstance(name, str)
        if not fits or not re.fullmatch(r"\w+", str(name)):
            raise MarkupError("de aangewezen woorden passen niet bij de zin; wijs ze opnieuw aan")
        assert isinstance(stop, int)
        made += f"{text[end:start]}[{text[start:stop]}]({name})"
        end = stop
    return made + text[end:]


def _start(entity: Mapping[str, Any]) -> int:
    start = entity.get("start")
    return start if isinstance(start, int) and start >= 0 else -1
