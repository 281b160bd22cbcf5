"""A little picture of how often something was asked, week by week."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH, HEIGHT = 120, 28
_EDGE = 3


def points(weekly: Sequence[int]) -> str:
    """The points of the line, for SVG: "3,25 13.4,3 ..."; "" without weeks.

    Args:
        weekly: numbers, the oldest first.
    """
    if not weekly:
        return ""
    highest = max(*weekly, 1)
    step = (WIDTH - 2 * _EDGE) / max(len(weekly) - 1, 1)
    room = HEIGHT - 2 * _EDGE
    return " ".join(
        f"{_EDGE + step * place:g},{_EDGE + room * (1 - number / highest):.1f}"
        for place, number in enumerate(weekly)
    )


def in_words(week: int, before: int) -> str:
    """How the last week compares with the one before, in Dutch."""
    if not week and not before:
        return "de laatste twee weken niet gevraagd"
    if week == before:
        return f"{week} deze week, evenveel als de week ervoor"
    if not before:
        return f"{week} deze week, de week ervoor geen"
    direction = "meer" if week > before else "minder"
    return f"{week} deze week, {direction} dan de week ervoor ({before})"
