"""Where each mark of a plot goes. The templates draw them as SVG, with classes: colours come from the CSS.

Nothing is told by colour only: series differ in shape (bars, a line with dots, a dashed line, hatching).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 240
"""Of the drawing, in its own units; the page makes it as wide as there is room."""

LEFT, RIGHT, TOP, BOTTOM = 64, 8, 12, 28
ROW = 34
NAMES = 262
"""Width of the names beside lying bars."""

_LABELS = 7
_MOST_LARGE_DOTS = 62
_STEPS = (1, 2, 2.5, 5, 10)
_LONGEST_NAME = 30


@dataclass(frozen=True)
class Mark:
    """A bar or a dot.

    Attributes:
        x, y: of its upper left corner, or of its middle for a dot.
        width, height: 0 for a dot.
        title: what it stands for, for who points at it.
    """

    x: float
    y: float
    width: float
    height: float
    title: str


@dataclass(frozen=True)
class Label:
    """A word beside an axis, at its place."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Series:
    """One kind of mark.

    Attributes:
        name: in Dutch, for the legend.
        style: "bar", "hatched", "line" or "dashed"; a class of the CSS.
        marks: in order.
        lines: points of each unbroken piece of a line, as SVG wants them; empty for bars.
    """

    name: str
    style: str
    marks: tuple[Mark, ...]
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plot:
    """A drawing.

    Attributes:
        name: in addresses of its parts.
        title: what it shows.
        description: the same in a sentence with the main numbers, for who does not see it.
        height: in its own units; the width is :data:`WIDTH`.
        series: what is drawn.
        levels: lines across, with what they stand for.
        labels: below, or beside lying bars.
        lies: whether the bars lie.
        dot: radius of the dots on lines.
    """

    name: str
    title: str
    description: str
    height: float
    series: tuple[Series, ...]
    levels: tuple[Label, ...]
    labels: tuple[Label, ...]
    lies: bool = False
    dot: float = 4


@dataclass(frozen=True)
class Values:
    """What a series shows.

    Attributes:
        style: see :class:`Series`; hatched bars stand on the ones before them.
        values: one for each place; None where there is nothing.
    """

    name: str
    style: str
    values: Sequence[float | None]


def standing(
    name: str,
    title: str,
    description: str,
    places: Sequence[str],
    shown: Sequence[Values],
    said: Callable[[float], str],
    top: float | None = None,
) -> Plot:
    """Bars that stand and lines, from left to right.

    Args:
        name: in addresses of its parts.
        title: what it shows.
        description: the same in a sentence.
        places: what each place is called.
        shown: the series, each with a value per place.
        said: a value in words.
        top: the highest value there can be; None for as high as needed.
    """
    bars = [one for one in shown if one.style in ("bar", "hatched")]
    piled = [sum(one.values[place] or 0 for one in bars) for place in range(len(places))]
    lined = [value or 0 for one in shown if one not in bars for value in one.values]
    levels = _levels(top or max([*piled, *lined, 0]), whole=top is None)
    step = (WIDTH - LEFT - RIGHT) / max(1, len(places))
    high = HEIGHT - TOP - BOTTOM

    def y(value: float) -> float:
        return round(TOP + high * (1 - value / levels[-1]), 1)

    series = []
    below = [0.0] * len(places)
    for one in shown:
        marks, points = [], []
        for place, value in enumerate(one.values):
            points.append(None if value is None else (round(LEFT + step * (place + 0.5), 1), y(value)))
            if value is None or (one in bars and not value):
                continue
            words = f"{places[place]}: {one.name.lower()} {said(value)}"
            if one in bars:
                width, foot = round(min(step * 0.8, 48), 2), y(below[place])
                x = round(LEFT + step * (place + 0.5) - width / 2, 2)
                below[place] += value
                marks.append(Mark(x, y(below[place]), width, round(foot - y(below[place]), 1), words))
            else:
                marks.append(Mark(round(LEFT + step * (place + 0.5), 1), y(value), 0, 0, words))
        series.append(Series(one.name, one.style, tuple(marks), () if one in bars else _lines(points)))
    every = max(1, math.ceil(len(places) / _LABELS))
    labels = [
        Label(round(LEFT + step * (place + 0.5), 1), HEIGHT - 8, places[place])
        for place in range(every // 2, len(places), every)
    ]
    lines = tuple(Label(LEFT, y(level), said(level)) for level in levels)
    dot = 4 if len(places) <= _MOST_LARGE_DOTS else 1.5
    return Plot(name, title, description, HEIGHT, tuple(series), lines, tuple(labels), dot=dot)


def lying(
    name: str, title: str, description: str, rows: Sequence[tuple[str, float]], said: Callable[[float], str]
) -> Plot:
    """One bar below the other, with names beside them; for the arguments see :func:`standing`."""
    most = max([value for _, value in rows] or [1]) or 1
    room = WIDTH - NAMES - 72
    marks = tuple(
        Mark(NAMES, ROW * row + 6, round(max(1.0, room * value / most), 1), ROW - 12, said(value))
        for row, (_, value) in enumerate(rows)
    )
    labels = tuple(Label(NAMES - 10, ROW * row + ROW / 2, _short(text)) for row, (text, _) in enumerate(rows))
    return Plot(
        name, title, description, ROW * len(rows), (Series(title, "bar", marks),), (), labels, lies=True
    )


def _levels(top: float, whole: bool) -> list[float]:
    """Round numbers from 0 to the highest value or above it, at most five.

    Args:
        top: the highest value.
        whole: only whole numbers: there is no half message.
    """
    wanted = max(top, 1) / 4
    size = 10 ** math.floor(math.log10(wanted))
    steps = (size * factor for factor in _STEPS)
    step = next(one for one in steps if one >= wanted and (not whole or one == int(one)))
    return [step * number for number in range(math.ceil(max(top, step) / step - 1e-9) + 1)]


def _lines(points: Sequence[tuple[float, float] | None]) -> tuple[str, ...]:
    pieces: list[list[str]] = [[]]
    for point in points:
        if point is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{point[0]},{point[1]}")
    return tuple(" ".join(piece) for piece in pieces if len(piece) > 1)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1].rstrip()}…"
