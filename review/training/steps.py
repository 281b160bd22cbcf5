"""The steps of a training, how long each takes, and what they are called."""

from __future__ import annotations

import math

from review import words

BEGINS, COPY, CHECK, INDEX, MODEL, CURRENT, CANDIDATE, COMPARE = (
    "",
    "copy",
    "check",
    "index",
    "model",
    "current",
    "candidate",
    "compare",
)

_SECONDS = {BEGINS: 2, COPY: 1, CHECK: 6, INDEX: 14, MODEL: 60, CURRENT: 55, CANDIDATE: 55, COMPARE: 1}
"""On two cores that had other work too, 30 November 2026; only for the progress that a person sees.

The model took 27 where all vectors were known and 117 where none was; the index 4 without a new text. A
release that was measured before is not measured again (13).
"""

_TOTAL = sum(_SECONDS.values())
_IN_TIME = 0.9
"""Part of a step that counts as done when its usual time is over."""

_LATE = 15.0
"""Seconds longer than usual that are worth a word: of a short step nobody notices less."""

_NAMES = {
    BEGINS: "begint",
    COPY: "zet alles klaar",
    CHECK: "kijkt de teksten na",
    INDEX: "bouwt de zoekindex",
    MODEL: "traint het taalmodel",
    CURRENT: "meet het huidige model",
    CANDIDATE: "meet het nieuwe model",
    COMPARE: "vergelijkt de twee",
}


def name(step: str) -> str:
    """A step in Dutch, after "Kalm"."""
    return _NAMES.get(step, "is bezig")


def place(step: str) -> tuple[int, int]:
    """The number of a step, from 1, and how many there are."""
    order = list(_SECONDS)
    return (order.index(step) + 1 if step in order else 1), len(order)


def share(step: str, seconds: float) -> float:
    """How much is done, from 0 to 1, some seconds after a step began; a slow step stays below its end."""
    usual, done = _SECONDS.get(step, 1), 0.0
    if seconds <= usual:
        portion = _IN_TIME * seconds / usual
    else:
        portion = 1 - (1 - _IN_TIME) * math.exp(1 - seconds / usual)
    for one, its in _SECONDS.items():
        if one == step:
            return (done + its * portion) / _TOTAL
        done += its
    return 0.0


def left(step: str, seconds: float) -> str:
    """About how long it still takes, some seconds after a step began, in Dutch."""
    if seconds > _SECONDS.get(step, 1) + _LATE:
        return "het duurt deze keer langer dan anders"
    minutes = round(_TOTAL * (1 - share(step, seconds)) / 60)
    if not minutes:
        return "nog minder dan een minuut"
    return f"nog ongeveer {words.count(minutes, 'minuut', 'minuten')}"


def usual_minutes() -> int:
    """About how long all of it takes."""
    return round(_TOTAL / 60)
