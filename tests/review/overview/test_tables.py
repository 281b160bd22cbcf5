from __future__ import annotations

import csv
import io
from datetime import date

from review.overview.numbers import Numbers, Part, Shown
from review.overview.periods import Period
from review.overview.tables import NUMBER, SHARE, TEXT, Column, Table, as_csv, tables

PERIOD = Period(date(2026, 11, 29), date(2026, 11, 30))


def read(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def numbers() -> Numbers:
    part = Part(conversations=3, with_person=1, helped=2, not_helped=1)
    part.kinds.update({"answer": 1500, "crisis": 2})
    part.channels.update({"website": 1502})
    part.taken.update({40: 10, 90: 1})
    shown = (Shown("a#b", "=HYPERLINK(1)", 4),)
    return Numbers(PERIOD, {PERIOD.first: Part(), PERIOD.last: part}, part, (0,) * 24, shown, 0)


def test_a_day_without_conversations_has_no_share() -> None:
    table = tables(numbers())["zonder-medewerker"]

    assert table.rows[0] == ("29 november 2026", 0, 0, None)
    assert [column.shown(cell) for column, cell in zip(table.columns, table.last, strict=True)] == [
        *("Hele periode", "3", "2", "67%")
    ]


def test_a_week_is_named_by_its_number_and_its_monday() -> None:
    found = numbers()
    weekly = Period(PERIOD.first, PERIOD.last, by_week=True)
    parts = {day: Part() for day in weekly.parts}

    table = tables(Numbers(weekly, parts, found.total, found.hours, (), 0))["berichten"]

    assert [row[0] for row in table.rows] == [
        "week 48 (vanaf 23 november 2026)",
        "week 49 (vanaf 30 november 2026)",
    ]


def test_a_spreadsheet_in_dutch_reads_the_file() -> None:
    content = as_csv(tables(numbers())["zonder-medewerker"], PERIOD)

    assert content.count(b"\r\n") == 5
    assert read(content) == [
        ["Zonder medewerker afgehandeld, 29 november 2026 tot en met 30 november 2026"],
        ["Dag", "Gesprekken", "Zonder medewerker", "Deel (%)"],
        ["29 november 2026", "0", "0", ""],
        ["30 november 2026", "3", "2", "66,7"],
        ["Hele periode", "3", "2", "66,7"],
    ]


def test_no_text_becomes_a_formula_and_none_breaks_its_row() -> None:
    texts = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", 'a;b"c\nd', "gewoon")
    columns = (Column("=Wat", TEXT), Column("Keer", NUMBER), Column("Deel", SHARE))
    table = Table("x", "-Titel", columns, tuple((text, -1, 0.5) for text in texts))

    found = read(as_csv(table, PERIOD))

    assert found[0][0].startswith("'-Titel")
    assert found[1] == ["'=Wat", "Keer", "Deel (%)"]
    assert [row[0] for row in found[2:]] == [
        *("'=1+1", "'+1", "'-1", "'@SUM(1)", "'\t=1", "'\r=1", 'a;b"c\nd', "gewoon")
    ]
    assert {tuple(row[1:]) for row in found[2:]} == {("-1", "50,0")}
    assert "'=HYPERLINK(1)" in as_csv(tables(numbers())["teksten"], PERIOD).decode()


def test_large_numbers_have_points_on_the_page_and_none_in_the_file() -> None:
    table = tables(numbers())["antwoorden"]

    assert table.columns[1].shown(table.rows[0][1]) == "1.500"
    assert read(as_csv(table, PERIOD))[2] == ["antwoord", "1500", "99,9"]
