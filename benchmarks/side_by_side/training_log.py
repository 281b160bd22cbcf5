"""Reads what Rasa tells while it trains: how long an epoch of each component takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_STARTS = re.compile(r"Starting to train component '(\w+)'")
_EPOCH = re.compile(r"Epochs:\s+\d+%\|[^|]*\|\s*(\d+)/(\d+) \[[^\],]*,\s*([\d.]+)(s/it|it/s)")


@dataclass(frozen=True)
class Epochs:
    """What the log tells of one component.

    Attributes:
        count: epochs that it was trained.
        seconds_each: of one epoch. Where there are several the first is left out: TensorFlow builds its graph
            in it.
    """

    count: int
    seconds_each: float


def read_epochs(log: str) -> dict[str, Epochs]:
    """Time of an epoch of each component that learns in epochs, by its name.

    It is taken from the pace in the bar, not from its clock, which tells whole seconds: an epoch of TED on
    few stories takes a tenth of one. After the first epoch the pace is its time, at the very end it is the
    mean of all.

    Args:
        log: all that ``rasa train`` wrote, its progress bars among it.
    """
    found: dict[str, Epochs] = {}
    component, first = "", 0.0
    for line in re.split(r"[\r\n]+", log):
        if starts := _STARTS.search(line):
            component = starts[1]
        elif bar := _EPOCH.search(line):
            done, count, pace = int(bar[1]), int(bar[2]), _seconds_each(float(bar[3]), bar[4])
            if done == 1:
                first = pace
            if done == count:
                each = (pace * count - first) / (count - 1) if count > 1 else pace
                found[component] = Epochs(count, max(each, 0.0))
    return found


def reckon_whole(seconds: float, epochs: Mapping[str, Epochs], wanted: int) -> float | None:
    """Seconds that a training of so many epochs would take: what was measured, and the epochs that lack.

    None where only a first epoch was measured: by that a whole training would seem longer than it is.

    Args:
        seconds: that the short training took in all.
        epochs: of each component in it.
        wanted: epochs of each component in the whole training.
    """
    if any(one.count == 1 for one in epochs.values()):
        return None
    return seconds + sum((wanted - one.count) * one.seconds_each for one in epochs.values())


def _seconds_each(pace: float, unit: str) -> float:
    """Of a pace such as ``2.00s/it`` or, where an epoch takes less than a second, ``9.58it/s``."""
    return pace if unit == "s/it" else 1 / pace
