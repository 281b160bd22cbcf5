"""Reads what Rasa tells while it trains: how long an epoch of each component takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_STARTS = re.compile(r"Starting to train component '(\w+)'")
_EPOCH = re.compile(r"Epochs:\s+\d+%\|[^|]*\|\s*(\d+)/(\d+) \[([\d:]+)<")


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

    Args:
        log: all that ``rasa train`` wrote, its progress bars among it.
    """
    found: dict[str, Epochs] = {}
    component, first = "", 0.0
    for line in re.split(r"[\r\n]+", log):
        if starts := _STARTS.search(line):
            component = starts[1]
        elif bar := _EPOCH.search(line):
            done, count, elapsed = int(bar[1]), int(bar[2]), _seconds(bar[3])
            if done == 1:
                first = elapsed
            if done == count:
                each = (elapsed - first) / (count - 1) if count > 1 else elapsed
                found[component] = Epochs(count, each)
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


def _seconds(clock: str) -> float:
    """Of a clock such as ``1:06:28`` or ``00:48``."""
    total = 0
    for part in clock.split(":"):
        total = 60 * total + int(part)
    return float(total)
