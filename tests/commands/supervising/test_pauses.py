"""How long a server that fell waits."""

from __future__ import annotations

import pytest

from commands.supervising.pauses import Pauses


def test_the_first_time_it_does_not_wait_and_then_longer_each_time_up_to_half_a_minute() -> None:
    pauses = Pauses()
    assert [pauses.after(5.0) for _ in range(9)] == [0, 1, 2, 4, 8, 16, 30, 30, 30]


@pytest.mark.parametrize(("seconds", "pause"), [(59.9, 8), (60.0, 0)])
def test_once_it_stood_for_a_minute_it_is_counted_anew(seconds: float, pause: float) -> None:
    pauses = Pauses()
    for _ in range(4):
        pauses.after(0.0)
    assert pauses.after(seconds) == pause


def test_after_it_stood_the_second_fall_waits_a_second_again() -> None:
    pauses = Pauses()
    for _ in range(4):
        pauses.after(0.0)
    assert [pauses.after(seconds) for seconds in (3600.0, 1.0, 1.0)] == [0, 1, 2]
