"""JSON as it stands in a row, read so that one damaged row costs no whole page.

Columns are read as text: SQLite keeps what is no JSON, and would stop at it when it is read as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa


def as_text(column: sa.Column[Any]) -> Any:
    """A column of JSON as it is written, under its own name."""
    return sa.cast(column, sa.Text).label(column.name)


def read(written: str | None) -> object:
    """What is written; None for nothing, and for what cannot be read."""
    try:
        return json.loads(written or "null")
    except (ValueError, RecursionError):
        return None


def dicts(found: object) -> list[dict[str, Any]]:
    """The dictionaries of a list, in order; none when it is no list."""
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def listed(reply: Iterable[Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
    """What a reply lists under a name, such as its passages, as far as it can be read.

    Args:
        reply: a list of ``{"custom": payload}`` or ``{"text": text}``.
        name: in its payloads.
    """
    payloads = dicts([said.get("custom") for said in reply])
    return [one for payload in payloads for one in dicts(payload.get(name))]


def ranking(understood: object) -> tuple[tuple[str, float], ...]:
    """The likeliest intents with their confidence, those that can be read."""
    guesses = understood.get("ranking") if isinstance(understood, dict) else None
    found = []
    for guess in guesses if isinstance(guesses, list) else ():
        try:
            name, confidence = guess
            found.append((str(name), float(confidence)))
        except (TypeError, ValueError):
            continue
    return tuple(found)
