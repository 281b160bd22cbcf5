"""One picture of what was measured: times, throughput, a long conversation, quality."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import numpy as np
from matplotlib import pyplot

from benchmarks.side_by_side.contenders import (
    FLOOR,
    FLOOR_COMMIT,
    KALM,
    STOCK,
    STOCK_LEANER,
)
from benchmarks.side_by_side.figures import Figure
from benchmarks.side_by_side.report import BM25, WHOLE_STOCK, WITH_DIET, WITHOUT_EMBEDDINGS
from benchmarks.side_by_side.results import Results
from benchmarks.side_by_side.speed import SENDERS

_COLOURS = {
    KALM: "#1f4e5f",
    STOCK: "#b3452f",
    STOCK_LEANER: "#d99a8b",
    FLOOR: "#cfd9db",
    FLOOR_COMMIT: "#8fa3a8",
}
_PERCENTILES = (50, 95, 99)
_SMOOTHED = 11
"""Messages of which the median is drawn in the long conversation."""


def draw(results: Results, paths: Sequence[Path]) -> None:
    """Draw it into files; each ends in ``.png`` or ``.svg``."""
    figure, axes = pyplot.subplots(2, 2, figsize=(13, 9))
    _times(axes[0][0], results)
    _throughput(axes[0][1], results)
    _conversation(axes[1][0], results)
    _quality(axes[1][1], results)
    figure.suptitle(f"{results.raw['machine']}, {results.raw['date']}", fontsize=9)
    figure.tight_layout()
    for path in paths:
        figure.savefig(path, dpi=110)
    pyplot.close(figure)


def _times(axes: Any, results: Results) -> None:
    """Bars of the percentiles, from the lowest to the highest run as a whisker."""
    width = 0.8 / len(_COLOURS)
    for place, (who, colour) in enumerate(_COLOURS.items()):
        found = [results.idle(who, which) for which in _PERCENTILES]
        measured = [(number, one) for number, one in enumerate(found) if one is not None]
        if measured:
            axes.bar(
                [number + (place - (len(_COLOURS) - 1) / 2) * width for number, _ in measured],
                [one.median for _, one in measured],
                width,
                yerr=_whiskers([one for _, one in measured]),
                color=colour,
                label=who,
            )
    axes.set_xticks(range(len(_PERCENTILES)), [f"p{which}" for which in _PERCENTILES])
    axes.set_yscale("log")
    axes.set_ylabel("ms")
    axes.set_title("A full answer, one message at a time")
    axes.margins(y=0.35)  # room for the legend
    _legend(axes, columns=3)


def _throughput(axes: Any, results: Results) -> None:
    for who in (KALM, STOCK, FLOOR_COMMIT):
        _line(axes, who, SENDERS, partial(results.at_once, who, what="rate"))
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xticks(SENDERS, [str(one) for one in SENDERS])
    axes.set_xlabel("senders at once")
    axes.set_title("Answers a second")
    _legend(axes)


def _line(axes: Any, who: str, places: Sequence[int], value: Callable[[int], Figure | None]) -> None:
    found = [(place, one) for place in places if (one := value(place)) is not None]
    if found:
        figures = [one for _, one in found]
        axes.errorbar(
            [place for place, _ in found],
            [one.median for one in figures],
            yerr=_whiskers(figures),
            color=_COLOURS[who],
            label=who,
            marker="o",
        )


def _conversation(axes: Any, results: Results) -> None:
    """Each message of the long conversation, smoothed; a line for each run."""
    for who in (KALM, STOCK):
        runs = [run["each_of_conversation"] for run in results.raw.get("runs", ()) if run["contender"] == who]
        for number, milliseconds in enumerate(runs):
            if len(milliseconds) >= _SMOOTHED:
                windows = np.lib.stride_tricks.sliding_window_view(milliseconds, _SMOOTHED)
                axes.plot(
                    np.arange(len(windows)) + _SMOOTHED // 2 + 1,
                    np.median(windows, axis=1),
                    color=_COLOURS[who],
                    label=None if number else who,
                    linewidth=1,
                )
    axes.set_yscale("log")
    axes.set_xlabel("message of one conversation")
    axes.set_ylabel("ms")
    axes.set_title("One long conversation")
    _legend(axes)


def _quality(axes: Any, results: Results) -> None:
    contenders = [
        who
        for who in (KALM, WITHOUT_EMBEDDINGS, WITH_DIET, WHOLE_STOCK, BM25)
        if results.quality(who, "right") is not None
    ]
    shades = (
        ("right", "right, of the answerable", "#1f4e5f"),
        ("wrong", "wrong, of all", "#b3452f"),
        ("refused", "refused, of the unanswerable", "#8fa3a8"),
    )
    for place, (what, label, colour) in enumerate(shades if contenders else ()):
        values = [results.quality(who, what) for who in contenders]
        axes.barh(np.arange(len(contenders)) + (place - 1) * 0.27, values, 0.27, color=colour, label=label)
    axes.set_yticks(range(len(contenders)), contenders)
    axes.set_ylim(max(len(contenders), 1) - 0.5, -1.5)  # the first on top, below the legend
    axes.set_xlim(0, 1)
    axes.set_title("Quality on the development set")
    _legend(axes)


def _legend(axes: Any, columns: int = 1) -> None:
    if axes.get_legend_handles_labels()[1]:
        axes.legend(fontsize=8, ncol=columns)


def _whiskers(figures: Sequence[Figure]) -> list[list[float]]:
    return [[one.median - one.least for one in figures], [one.most - one.median for one in figures]]
