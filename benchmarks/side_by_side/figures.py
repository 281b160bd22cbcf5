"""Figures of several runs: the median, and how far they lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np


@dataclass(frozen=True)
class Figure:
    """One thing that was measured in each run.

    Attributes:
        values: one of each run, at least one.
    """

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return float(median(self.values))

    @property
    def least(self) -> float:
        """The lowest one."""
        return min(self.values)

    @property
    def most(self) -> float:
        """The highest one."""
        return max(self.values)


def percentile(values: Sequence[float], which: int) -> float:
    """A percentile, between two values where it falls between them."""
    return float(np.percentile(values, which))


def ratio(above: Figure | None, below: Figure | None) -> float | None:
    """How many times one median goes into another; None when one was not measured, or is nothing."""
    if above is None or below is None or not below.median:
        return None
    return above.median / below.median
