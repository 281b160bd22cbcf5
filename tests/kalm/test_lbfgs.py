from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from kalm.lbfgs import Function, Numbers, minimise


def bowl(lowest: Numbers, steepness: Numbers) -> Function:
    """A parabola in each direction."""

    def function(point: Numbers) -> tuple[float, Numbers]:
        away = point - lowest
        return float(np.sum(steepness * away**2, dtype=np.float64)), 2 * steepness * away

    return function


def valley(point: Numbers) -> tuple[float, Numbers]:
    """Rosenbrock's: long, narrow and bent; the lowest point is (1, 1)."""
    x, y = (float(number) for number in point)
    slope = [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)]
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2, np.array(slope, dtype=np.float32)


@settings(deadline=None, max_examples=60)
@given(
    lowest=arrays.arrays(np.float32, 5, elements=st.floats(-100, 100, width=32)),
    steepness=arrays.arrays(np.float32, 5, elements=st.floats(0.125, 128, width=32)),
)
def test_the_lowest_point_of_a_bowl_is_found(lowest: Numbers, steepness: Numbers) -> None:
    found = minimise(bowl(lowest, steepness), np.zeros(5, dtype=np.float32), 200, 1e-3)
    assert found == pytest.approx(lowest, abs=0.02)


def test_a_bent_valley_is_followed() -> None:
    assert minimise(valley, np.array([-1.2, 1], dtype=np.float32), 200, 1e-4) == pytest.approx(
        [1, 1], abs=1e-2
    )


def test_who_starts_at_the_lowest_point_stays_there() -> None:
    lowest = np.array([3, 4], dtype=np.float32)
    asked = []

    def function(point: Numbers) -> tuple[float, Numbers]:
        asked.append(point)
        return bowl(lowest, np.ones(2, dtype=np.float32))(point)

    assert minimise(function, lowest, 100, 1e-4) is lowest
    assert len(asked) == 1


def test_no_more_steps_are_taken_than_asked_and_each_goes_down() -> None:
    values = []
    start = np.array([-1.2, 1], dtype=np.float32)
    for steps in range(10):
        values.append(valley(minimise(valley, start, steps, 1e-6))[0])
    assert values[0] == valley(start)[0]
    assert all(after < before for before, after in pairwise(values))


def test_the_start_is_left_as_it_was() -> None:
    start = np.array([-1.2, 1], dtype=np.float32)
    minimise(valley, start, 50, 1e-4)
    assert start.tolist() == pytest.approx([-1.2, 1])


def test_where_no_number_is_lower_it_ends() -> None:
    """A slope that promises what is not there: rounding, close to the lowest point."""

    def flat(point: Numbers) -> tuple[float, Numbers]:
        return 1.0, np.ones_like(point)

    assert minimise(flat, np.zeros(2, dtype=np.float32), 100, 1e-4).tolist() == [0, 0]
