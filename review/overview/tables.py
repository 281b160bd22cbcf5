"""The numbers as tables, for the page and for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from review import words
from review.overview.numbers import DANGER, NO_ANSWER, REFUSED, Numbers, Part
from review.overview.periods import Period

Cell = str | int | float | None

TEXT, NUMBER, SHARE, MILLISECONDS = "text", "number", "share", "milliseconds"


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        title: in Dutch.
        form: TEXT, NUMBER, SHARE (of 1) or MILLISECONDS.
    """

    title: str
    form: str = NUMBER

    def shown(self, cell: Cell) -> str:
        """A cell as the page shows it."""
        if cell is None:
            return "–"
        if isinstance(cell, str):
            return cell
        if self.form == SHARE:
            return words.percent(cell)
        return words.number(cell) + (" ms" if self.form == MILLISECONDS else "")


@dataclass(frozen=True)
class Table:
    """One table.

    Attributes:
        name: in addresses and file names.
        title: in Dutch.
        rows: each as long as the columns; the first cell names the row.
        last: the row for all together; empty when there is none.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    last: tuple[Cell, ...] = ()


def tables(numbers: Numbers) -> dict[str, Table]:
    """Every table, by name."""
    found = (
        _over_time(
            numbers,
            "berichten",
            "Berichten en gesprekken",
            [
                *(Column("Berichten"), Column("Gesprekken"), Column("Geen antwoord")),
                *(Column("Naar huisarts of apotheek"), Column("Gevaar")),
            ],
            lambda part: (
                *(part.messages, part.conversations, part.of_kinds(NO_ANSWER)),
                *(part.of_kinds(REFUSED), part.of_kinds(DANGER)),
            ),
        ),
        _over_time(
            numbers,
            "zonder-medewerker",
            "Zonder medewerker afgehandeld",
            [Column("Gesprekken"), Column("Zonder medewerker"), Column("Deel", SHARE)],
            lambda part: (part.conversations, part.without_person, part.share_without_person),
        ),
        _over_time(
            numbers,
            "geholpen",
            "Geholpen of niet",
            [Column("Geholpen"), Column("Niet geholpen"), Column("Deel geholpen", SHARE)],
            lambda part: (part.helped, part.not_helped, part.share_helped),
        ),
        _over_time(
            numbers,
            "snelheid",
            "Hoe snel Kalm antwoordt",
            [Column("Helft binnen", MILLISECONDS), Column("95 van de 100 binnen", MILLISECONDS)],
            lambda part: (part.percentile(0.5), part.percentile(0.95)),
        ),
        _shares("antwoorden", "Soorten antwoord", "Soort", numbers.total.kinds, words.kind),
        _shares("kanalen", "Kanalen", "Kanaal", numbers.total.channels, words.channel),
        Table(
            "uren",
            "Uren van de dag",
            (Column("Uur", TEXT), Column("Berichten")),
            tuple((f"{hour}–{hour + 1} uur", times) for hour, times in enumerate(numbers.hours)),
        ),
        Table(
            "teksten",
            "Teksten die het vaakst antwoordden",
            (Column("Stukje tekst", TEXT), Column("Keer")),
            tuple((shown.title, shown.times) for shown in numbers.passages),
        ),
    )
    return {table.name: table for table in found}


def part_title(period: Period, first: date) -> str:
    """A day or a week in words, such as "30 november 2026" or "week 49 (30 november 2026)"."""
    if not period.by_week:
        return words.day(first)
    return f"week {first.isocalendar().week} (vanaf {words.day(first)})"


def as_csv(table: Table, period: Period) -> bytes:
    """A table as Dutch Excel opens it: UTF-8 with a mark, semicolons, a comma in numbers.

    A spreadsheet takes a text that begins with ``=``, ``+``, ``-`` or ``@`` for a formula; a quote before it
    keeps it a text (OWASP, CSV injection).
    """
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    through = words.day(period.last)
    writer.writerow([_cell(f"{table.title}, {words.day(period.first)} tot en met {through}")])
    writer.writerow([_cell(column.title + _UNITS.get(column.form, "")) for column in table.columns])
    for row in (*table.rows, *([table.last] if table.last else [])):
        writer.writerow(
            [
                _cell(cell * 100 if column.form == SHARE and isinstance(cell, float) else cell)
                for cell, column in zip(row, table.columns, strict=True)
            ]
        )
    return b"\xef\xbb\xbf" + written.getvalue().encode()


_UNITS = {SHARE: " (%)", MILLISECONDS: " (milliseconden)"}


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
    return f"{cell:.1f}".replace(".", ",") if isinstance(cell, float) else str(cell)


def _over_time(
    numbers: Numbers,
    name: str,
    title: str,
    columns: Sequence[Column],
    row: Callable[[Part], tuple[Cell, ...]],
) -> Table:
    first = Column("Week" if numbers.period.by_week else "Dag", TEXT)
    rows = tuple((part_title(numbers.period, day), *row(part)) for day, part in numbers.parts.items())
    return Table(name, title, (first, *columns), rows, ("Hele periode", *row(numbers.total)))


def _shares(name: str, title: str, what: str, times: Counter[str], named: Callable[[str], str]) -> Table:
    total = times.total()
    rows = tuple((named(one) or "onbekend", number, number / total) for one, number in times.most_common())
    return Table(name, title, (Column(what, TEXT), Column("Berichten"), Column("Deel", SHARE)), rows)
