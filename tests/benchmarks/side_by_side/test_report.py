from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.side_by_side.contenders import BRIEF, FLOOR, FLOOR_COMMIT, KALM, STOCK, STOCK_LEANER
from benchmarks.side_by_side.plot import draw
from benchmarks.side_by_side.report import (
    DIET_BY_WORDS,
    OF_WHOLE_TRAINING,
    WHOLE_STOCK,
    WITH_DIET,
    answers_sheet,
    intents_sheet,
    sheets,
    speed_sheet,
    targets,
)
from benchmarks.side_by_side.results import Results, read_whole, write
from benchmarks.side_by_side.sheets import NOT_MEASURED


def a_run(contender: str, milliseconds: float) -> dict[str, Any]:
    found = {
        "contender": contender,
        "ready": 10.0,
        "idle": [milliseconds] * 20,
        "by_action": 0.5,
        "processor": milliseconds,
        "memory": {"bot": 500.0, "actions": 100.0},
    }
    if contender not in (FLOOR, *BRIEF):
        found["throughput"] = {"16": {"rate": 1000 / milliseconds, "p95": 1.0, "unanswered": 0}}
        found["conversation"] = {"10": milliseconds, "400": milliseconds * 2}
        found["each_of_conversation"] = [milliseconds] * 20
    return found


RAW: dict[str, Any] = {
    "date": "2026-12-01",
    "machine": "a machine",
    "load": 0.1,
    "data": "abc",
    "training": {
        "whole": {KALM: 100.0, STOCK: 700.0},
        "short": {STOCK: 300.0},
        "size": {},
        "epochs": 5,
    },
    "runs": [
        a_run(KALM, 10.0),
        a_run(KALM, 12.0),
        a_run(STOCK, 60.0),
        a_run(FLOOR, 1.0),
        a_run(FLOOR_COMMIT, 2.0),
    ],
    "parse": {KALM: [[3.0, 3.0]], STOCK: [[12.0, 12.0]]},
    "quality": {
        KALM: {
            "right": 0.9,
            "wrong": 0.01,
            "refused": 0.95,
            "wrong_at_first": 0.02,
            "accuracy_of_first_fold": 0.75,
        }
    },
    "search": [{"count": 100, "build": 0.1, "size": 0.2, "memory": 30.0, "p50": 0.03, "p99": 0.05}],
    "language": {
        "forms": 9,
        "tokens_cold": 1e5,
        "tokens_warm": 2e5,
        "kalm": 0.9,
        "simplemma": 0.8,
        "spacy": None,
    },
}

DIET_WITH_STOCKS_WORDS, DIET_WITH_KALMS_WORDS = DIET_BY_WORDS.values()

WHOLE: dict[str, Any] = {
    "date": "2026-11-30",
    "machine": "another machine",
    "data": "abc",
    "seconds": {"stock": 4000.0},
    "quality": {
        WHOLE_STOCK: {"right": 0.8, "wrong": 0.1, "refused": 0.5, "wrong_at_first": 0.1},
        WITH_DIET: {},
        DIET_WITH_STOCKS_WORDS: {"accuracy_of_first_fold": 0.65},
    },
}


def test_targets_are_ratios_of_medians() -> None:
    found = {one.what: one for one in targets(Results(RAW, WHOLE))}
    assert found["full answer, p50: stock ÷ Kalm"].found == pytest.approx(60 / 11)
    assert found["full answer, p50: stock ÷ Kalm"].is_met
    assert found["answers a second, 16 senders: Kalm ÷ stock"].is_met is False
    assert found["Kalm: message 400 ÷ message 10"].found == pytest.approx(2.0)
    assert found["training from nothing: stock ÷ Kalm (stock's is reckoned)"].found == pytest.approx(7.0)
    assert found["full answer, p50: Kalm ÷ Sanic with one SQLite commit"].found == pytest.approx(5.5)
    assert found["wrong answers by the first passage: Kalm ÷ stock, 100 epochs"].found == pytest.approx(0.2)
    assert len(found) == 10


def test_a_target_of_what_was_not_measured_says_so() -> None:
    assert {one.verdict for one in targets(Results({}))} == {"not measured"}


def test_what_was_not_measured_has_no_table() -> None:
    assert [sheet.title for sheet in sheets(Results({}))] == ["Targets"]
    assert len(sheets(Results(RAW, WHOLE))) == 6
    for sheet in sheets(Results(RAW, WHOLE)):
        assert {len(row) for row in sheet.rows} == {len(sheet.columns)}


def test_the_table_of_speed_has_the_ratio_in_its_last_column() -> None:
    rows = {row[0]: row for row in speed_sheet(Results(RAW)).rows}
    assert rows["full answer, p50, ms"][1] == "11.0 (10.0–12.0)"
    assert rows["full answer, p50, ms"][-1] == "5.45"
    assert rows["parse alone, p50, ms"][-1] == "4.00"
    assert rows["training, 5 epochs as measured, s"][2] == "300"
    assert "model, with index, MB" not in rows, "nobody measured it"


def test_leaner_stock_has_a_column_where_it_ran() -> None:
    assert STOCK_LEANER not in speed_sheet(Results(RAW)).columns
    raw = {**RAW, "runs": [*RAW["runs"], a_run(STOCK_LEANER, 55.0)]}
    sheet = speed_sheet(Results(raw))
    place = sheet.columns.index(STOCK_LEANER)
    rows = {row[0]: row for row in sheet.rows}
    assert rows["full answer, p50, ms"][place] == "55.0"
    assert rows["full answer, p50, ms"][-1] == "5.45", "stock with stories beside Kalm, as before"
    assert rows["16 at once: answers a second"][place] == NOT_MEASURED
    assert {len(row) for row in sheet.rows} == {len(sheet.columns)}


def test_what_is_reckoned_and_what_was_measured_another_day_is_called_so() -> None:
    assert any("is reckoned" in note for note in speed_sheet(Results(RAW)).notes)
    assert any(
        "2026-11-30: 4,000 s (another machine)" in note for note in speed_sheet(Results(RAW, WHOLE)).notes
    )
    without_time = Results(RAW, {**WHOLE, "seconds": {"stock": None}})
    assert not any("2026-11-30" in note for note in speed_sheet(without_time).notes)


def test_the_tables_of_quality_say_when_the_data_has_changed() -> None:
    assert "were not measured" in answers_sheet(Results(RAW)).notes[0]
    assert f"'{WHOLE_STOCK}' was measured on 2026-11-30" in answers_sheet(Results(RAW, WHOLE)).notes[0]
    assert "has changed" not in answers_sheet(Results(RAW, WHOLE)).notes[0]
    assert "has changed since" in answers_sheet(Results(RAW, {**WHOLE, "data": "older"})).notes[0]


def test_the_tables_of_quality_say_what_is_missing() -> None:
    assert f"'{WITH_DIET}' was not measured" in answers_sheet(Results(RAW, WHOLE)).notes[1]
    assert f"'{WITH_DIET}' and '{DIET_WITH_KALMS_WORDS}' were" in intents_sheet(Results(RAW, WHOLE)).notes[1]
    both = {**WHOLE, "quality": {**WHOLE["quality"], WITH_DIET: {"right": 0.8}}}
    (note,) = answers_sheet(Results(RAW, both)).notes
    assert f"'{WITH_DIET}' and '{WHOLE_STOCK}' were measured" in note


def test_each_table_of_quality_has_those_of_whom_something_was_measured() -> None:
    results = Results(RAW, WHOLE)
    assert [row[0] for row in answers_sheet(results).rows] == [KALM, WHOLE_STOCK]
    rows = {row[0]: row for row in intents_sheet(results).rows}
    assert list(rows) == [KALM, DIET_WITH_STOCKS_WORDS]
    place = intents_sheet(results).columns.index("the first fold alone: accuracy")
    assert (rows[KALM][place], rows[DIET_WITH_STOCKS_WORDS][place]) == ("0.750", "0.650")


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    write(tmp_path / "var" / "results.json", RAW)
    results = Results.read(tmp_path / "var" / "results.json", tmp_path / "nothing.json")
    assert results.raw == RAW
    assert results.whole is None
    with pytest.raises(SystemExit, match="make benchmark"):
        Results.read(tmp_path / "no.json")


def test_the_picture_is_drawn_of_whatever_was_measured(tmp_path: Path) -> None:
    raw = {**RAW, "runs": [*RAW["runs"], a_run(STOCK_LEANER, 55.0)]}
    draw(Results(raw, WHOLE), [tmp_path / "all.png", tmp_path / "all.svg"])
    assert STOCK_LEANER in (tmp_path / "all.svg").read_text(encoding="utf-8")
    draw(Results({"machine": "", "date": ""}), [tmp_path / "nothing.png"])
    assert {path.name for path in tmp_path.iterdir()} == {"all.png", "all.svg", "nothing.png"}


def test_what_is_kept_of_the_whole_training_can_be_shown() -> None:
    kept = read_whole()
    if kept is not None:
        assert {"date", "machine", "data", "seconds", "quality"} <= set(kept)
        assert set(kept["quality"]) == set(OF_WHOLE_TRAINING)
