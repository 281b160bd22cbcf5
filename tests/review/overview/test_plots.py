from __future__ import annotations

from itertools import pairwise

import pytest

from review.overview.plots import HEIGHT, LEFT, WIDTH, Values, lying, standing


def drawn(values: list[float | None], style: str = "bar", top: float | None = None) -> list[float]:
    plot = standing(
        "x", "X", "", [str(n) for n in range(len(values))], [Values("A", style, values)], str, top
    )
    assert all(0 <= mark.y <= HEIGHT and LEFT <= mark.x <= WIDTH for mark in plot.series[0].marks)
    return [float(level.text) for level in plot.levels]


@pytest.mark.parametrize(
    ("most", "levels"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (7, [0, 2, 4, 6, 8]),
        (10, [0, 5, 10]),
        (100, [0, 25, 50, 75, 100]),
        (101, [0, 50, 100, 150]),
        (123456, [0, 50000, 100000, 150000]),
    ],
)
def test_the_levels_are_round_and_reach_above_the_highest(most: float, levels: list[float]) -> None:
    assert drawn([most, 0]) == levels


def test_a_share_has_levels_in_between() -> None:
    assert drawn([0.3], top=1) == [0, 0.25, 0.5, 0.75, 1]


def test_bars_stand_on_each_other_and_nothing_is_drawn_where_nothing_is() -> None:
    plot = standing(
        "x", "X", "", ["a", "b"], [Values("Wel", "bar", [4, 0]), Values("Niet", "hatched", [2, 0])], str
    )
    (first,), (second,) = plot.series[0].marks, plot.series[1].marks

    assert second.y + second.height == pytest.approx(first.y)
    assert first.height == pytest.approx(2 * second.height, abs=0.2)
    assert (first.title, second.title) == ("a: wel 4", "a: niet 2")


def test_a_line_has_a_gap_where_there_is_no_value() -> None:
    plot = standing("x", "X", "", list("abcde"), [Values("A", "line", [1, 2, None, 3, 4])], str)

    assert [len(points.split()) for points in plot.series[0].lines] == [2, 2]
    assert len(plot.series[0].marks) == 4


def test_a_year_of_days_has_few_labels_and_small_dots() -> None:
    year = [str(day) for day in range(366)]
    plot = standing("x", "X", "", year, [Values("A", "bar", [1] * 366), Values("B", "line", [1] * 366)], str)

    assert len(plot.labels) <= 7
    assert plot.dot < 2
    marks = plot.series[0].marks
    assert all(one.x + one.width <= other.x + 0.01 for one, other in pairwise(marks))


def test_lying_bars_are_as_long_as_they_are_much_and_long_names_are_cut() -> None:
    plot = lying("x", "X", "", [("a" * 60, 10), ("b", 5), ("c", 0)], str)
    widths = [mark.width for mark in plot.series[0].marks]

    assert widths[0] == pytest.approx(2 * widths[1])
    assert widths[2] == 1
    assert plot.labels[0].text.endswith("…")
    assert lying("x", "X", "", [], str).height == 0
