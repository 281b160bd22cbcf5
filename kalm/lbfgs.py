"""The lowest point of a smooth convex function of very many numbers.

L-BFGS as in Nocedal and Wright, Numerical Optimization, second edition: the two loops of algorithm 7.4, with
the weak conditions of Wolfe for a step (equation 3.6), found by halving and doubling. SciPy has L-BFGS-B,
which also keeps each number between bounds; for millions of numbers without bounds its book-keeping takes
most of the time. Measured in docs/evaluation.md.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.blas import saxpy

Numbers = NDArray[np.float32]

Function = Callable[[Numbers], tuple[float, Numbers]]
"""Gives the value at a point, and the gradient there, shape of the point."""

_REMEMBERED = 10
_ENOUGH_LOWER, _ENOUGH_FLATTER = 1e-4, 0.9
_TRIES = 20


def minimise(function: Function, start: Numbers, iterations: int, tolerance: float) -> Numbers:
    """Go down from ``start``.

    Args:
        function: to make as small as can be.
        start: shape (n,).
        iterations: most steps; stopping early is no error.
        tolerance: the largest slope in any direction at which the point counts as the lowest.

    Returns:
        The point reached, shape (n,).
    """
    point = start
    value, gradient = function(point)
    changes: deque[tuple[Numbers, Numbers, float]] = deque(maxlen=_REMEMBERED)
    for _ in range(iterations):
        if max(gradient.max(), -gradient.min()) <= tolerance:
            break
        direction = _direction(gradient, changes)
        slope = float(gradient @ direction)
        # Before anything is known of the curve, a step of length 1.
        first = 1.0 if changes else 1.0 / float(np.linalg.norm(gradient))
        found = _step(function, point, value, direction, slope, first)
        if found is None:  # no lower point within the precision of the numbers
            break
        moved, new_value, new_gradient = found
        step, bend = moved - point, new_gradient - gradient
        if (curve := float(step @ bend)) > 0:
            changes.append((step, bend, curve))
        point, value, gradient = moved, new_value, new_gradient
    return point


def _direction(gradient: Numbers, changes: deque[tuple[Numbers, Numbers, float]]) -> Numbers:
    """Downhill, as the last changes of place and slope tell of the curve."""
    direction = -gradient
    shares = []
    for step, bend, curve in reversed(changes):
        share = float(step @ direction) / curve
        saxpy(bend, direction, a=-share)
        shares.append(share)
    if changes:
        _, bend, curve = changes[-1]
        direction *= np.float32(curve / float(bend @ bend))
    for (step, bend, curve), share in zip(changes, reversed(shares), strict=True):
        saxpy(step, direction, a=share - float(bend @ direction) / curve)
    return direction


def _step(
    function: Function, point: Numbers, value: float, direction: Numbers, slope: float, length: float
) -> tuple[Numbers, float, Numbers] | None:
    """A point that is enough lower and where it goes down enough less, with its value and gradient."""
    short, long = 0.0, np.inf
    lower = None
    for _ in range(_TRIES):
        moved = saxpy(direction, point.copy(), a=length)
        there, gradient = function(moved)
        if there > value + _ENOUGH_LOWER * length * slope:
            long = length
        else:
            lower = moved, there, gradient
            if float(gradient @ direction) >= _ENOUGH_FLATTER * slope:
                break
            short = length
        length = 2 * short if long == np.inf else (short + long) / 2
    return lower
