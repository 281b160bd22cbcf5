from __future__ import annotations

from benchmarks.side_by_side.targets import Target


def test_a_least_is_met_from_the_bound_on() -> None:
    assert Target("", 5, True, 5.0).verdict == "met"
    assert Target("", 5, True, 4.99).verdict == "NOT met"


def test_a_most_is_met_up_to_the_bound() -> None:
    assert Target("", 0.7, False, 0.7).verdict == "met"
    assert Target("", 0.7, False, 0.71).verdict == "NOT met"


def test_what_was_not_measured_is_not_called_met() -> None:
    target = Target("", 5, True, None)
    assert target.is_met is None
    assert target.verdict == "not measured"
