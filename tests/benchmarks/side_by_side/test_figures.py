from __future__ import annotations

from benchmarks.side_by_side.figures import Figure, percentile, ratio


def test_a_figure_tells_the_middle_run_and_the_spread() -> None:
    figure = Figure((3.0, 1.0, 10.0))
    assert (figure.median, figure.least, figure.most) == (3.0, 1.0, 10.0)


def test_of_an_even_number_of_runs_the_median_is_between_two() -> None:
    assert Figure((1.0, 2.0, 4.0, 8.0)).median == 3.0


def test_a_ratio_is_of_medians() -> None:
    assert ratio(Figure((10.0, 100.0, 20.0)), Figure((5.0,))) == 4.0


def test_there_is_no_ratio_of_what_was_not_measured_or_is_nothing() -> None:
    assert ratio(None, Figure((1.0,))) is None
    assert ratio(Figure((1.0,)), None) is None
    assert ratio(Figure((1.0,)), Figure((0.0,))) is None


def test_percentiles() -> None:
    assert percentile([1.0, 2.0, 3.0], 50) == 2.0
    assert percentile(list(range(101)), 99) == 99.0
