"""Writes the tables between the markers of ``docs/benchmarks.md``; what stands around them is by hand."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.side_by_side.results import Results
from benchmarks.side_by_side.sheets import Sheet
from kalm.settings import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
PICTURE = ROOT / "docs" / "images" / "benchmark.png"

BEGIN = "<!-- written by make benchmark: begin -->"
END = "<!-- written by make benchmark: end -->"


def measured_part(results: Results, sheets: Sequence[Sheet]) -> str:
    """When and where it was measured, the picture, and all tables."""
    options = results.raw["options"]
    commit = results.raw.get("commit")
    head = (
        f"Measured on {results.raw['date']}{f', commit {commit}' if commit else ''}: "
        f"{results.raw['machine']}. {options['runs']} runs, "
        f"{options['messages']} messages one at a time, {options['seconds']:g} seconds for each number of "
        f"senders. Load of the machine before: {results.raw['load']:.1f}."
    )
    image = "![Times, throughput, a long conversation and quality](images/benchmark.png)"
    return "\n\n".join([head, image, *(sheet.as_markdown() for sheet in sheets)])


def replace_measured(page: str, measured: str) -> str:
    """The page with another part between its markers.

    Raises:
        ValueError: a marker is missing.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has not both '{BEGIN}' and '{END}'")
    return f"{before}{BEGIN}\n\n{measured}\n\n{END}{after}"
