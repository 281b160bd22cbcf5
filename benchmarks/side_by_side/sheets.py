"""A table that can be printed on the terminal and written into a page of Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table

from benchmarks.side_by_side.figures import Figure

NOT_MEASURED = "–"


@dataclass(frozen=True)
class Sheet:
    """A table.

    Attributes:
        title: above it.
        columns: their headings.
        rows: of as many cells.
        notes: sentences below it.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()

    def as_rich(self) -> Table:
        """For the terminal."""
        caption = "\n".join(self.notes) or None
        table = Table(title=self.title, title_justify="left", caption=caption, caption_justify="left")
        for place, column in enumerate(self.columns):
            table.add_column(column, justify="right" if place else "left")
        for row in self.rows:
            table.add_row(*row)
        return table

    def as_markdown(self) -> str:
        """For a page, with its title as a heading of the third level."""
        lines = [
            f"### {self.title}",
            "",
            _line(self.columns),
            _line(["---", *("---:" for _ in self.columns[1:])]),
            *map(_line, self.rows),
        ]
        for note in self.notes:
            lines += ["", note]
        return "\n".join(lines)


def number(value: float | None) -> str:
    """With three digits that count, or so."""
    if value is None:
        return NOT_MEASURED
    if not value:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def share(value: float | None) -> str:
    """Of a whole, with three digits."""
    return NOT_MEASURED if value is None else f"{value:.3f}"


def spread(figure: Figure | None) -> str:
    """The median, and the least and the most where there are several runs."""
    if figure is None:
        return NOT_MEASURED
    if len(figure.values) == 1:
        return number(figure.median)
    return f"{number(figure.median)} ({number(figure.least)}–{number(figure.most)})"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
