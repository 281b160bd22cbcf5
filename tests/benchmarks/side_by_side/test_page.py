from __future__ import annotations

import pytest

from benchmarks.side_by_side.page import BEGIN, END, PAGE, measured_part, replace_measured
from benchmarks.side_by_side.results import Results
from benchmarks.side_by_side.sheets import Sheet

RAW = {
    "date": "2026-12-01",
    "machine": "a machine",
    "load": 0.12,
    "commit": "0123abc",
    "options": {"runs": 3, "messages": 300, "seconds": 5.0},
}


def test_only_what_stands_between_the_markers_changes() -> None:
    page = f"# Title\n\n{BEGIN}\n\nold\n\n{END}\n\nRest.\n"
    new = replace_measured(page, "new")
    assert new == f"# Title\n\n{BEGIN}\n\nnew\n\n{END}\n\nRest.\n"
    assert replace_measured(new, "new") == new


def test_a_page_without_markers_is_not_written_over() -> None:
    with pytest.raises(ValueError, match="has not both"):
        replace_measured("# Title\n", "new")


def test_the_page_of_the_docs_has_the_markers() -> None:
    assert "new" in replace_measured(PAGE.read_text(encoding="utf-8"), "new")


def test_the_tables_come_with_the_day_and_the_machine() -> None:
    part = measured_part(Results(RAW), [Sheet("Speed", ("", "Kalm"), [("a", "b")])])
    assert part.startswith("Measured on 2026-12-01, commit 0123abc: a machine. 3 runs")
    assert "| a | b |" in part
