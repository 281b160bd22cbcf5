from __future__ import annotations

import io

import pytest
from rich.console import Console

from benchmarks.side_by_side.figures import Figure
from benchmarks.side_by_side.sheets import Sheet, number, share, spread

_SHEET = Sheet("Speed", ("", "Kalm"), [("p50, ms", "3.00")], ["A note."])


def test_the_same_table_for_a_page_and_for_the_terminal() -> None:
    assert _SHEET.as_markdown() == "### Speed\n\n|  | Kalm |\n| --- | ---: |\n| p50, ms | 3.00 |\n\nA note."
    console = Console(file=io.StringIO(), width=80)
    console.print(_SHEET.as_rich())
    assert isinstance(console.file, io.StringIO)
    assert "p50, ms" in console.file.getvalue()
    assert "A note." in console.file.getvalue()


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1234, "0.12"), (12.34, "12.3"), (123.4, "123"), (12345.6, "12,346"), (0.0, "0"), (None, "–")],
)
def test_numbers_have_the_digits_that_count(value: float | None, text: str) -> None:
    assert number(value) == text


def test_a_spread_stands_behind_the_median_of_several_runs() -> None:
    assert spread(Figure((1.0, 2.0, 30.0))) == "2.00 (1.00–30.0)"
    assert spread(Figure((2.0,))) == "2.00"
    assert spread(None) == "–"
    assert share(0.98765) == "0.988"
