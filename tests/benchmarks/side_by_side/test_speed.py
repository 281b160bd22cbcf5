from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from benchmarks.side_by_side import contenders
from benchmarks.side_by_side.speed import (
    PLACES,
    Plan,
    answered_questions,
    around_places,
    long_conversation,
    measure,
    order,
    questions_for_all,
    run_all,
)
from benchmarks.side_by_side.workers import Worker

_NAMES = ("floor", "commit", "kalm", "stock", "quick", "rules")


@pytest.mark.parametrize("names", [_NAMES, _NAMES[:5]])
def test_every_run_has_every_contender_in_another_order(names: tuple[str, ...]) -> None:
    orders = [order(names, run) for run in range(4)]
    assert orders[0] == list(names)
    assert all(sorted(one) == sorted(names) for one in orders)
    assert len({tuple(one) for one in orders}) == 4
    assert len({one[0] for one in orders[:3]}) == 3, "none is the first twice"


def test_the_questions_are_the_same_each_time() -> None:
    assert questions_for_all() == questions_for_all()
    assert len(questions_for_all()) > 500
    assert set(answered_questions()) < set(questions_for_all())


def test_the_time_of_a_message_is_the_median_of_those_around_it() -> None:
    times = [1000.0, *([10.0] * 88), *([20.0] * 282), *([30.0] * 29)]
    assert around_places(times) == {"10": 10.0, "100": 20.0, "400": 30.0}
    assert around_places(times[:110]) == {"10": 10.0, "100": 20.0}


@pytest.mark.parametrize("messages", [400, 110, 3])
def test_at_both_ends_of_a_long_conversation_the_same_is_asked(messages: int) -> None:
    asked = long_conversation(messages)
    assert len(asked) == messages
    assert set(asked) <= set(answered_questions())
    (first, end), *_, (again, last) = PLACES.values()
    if messages == max(PLACES):
        assert asked[first - 1 : end] == asked[again - 1 : last]
        assert len(set(asked[first - 1 : end])) == end - first + 1
        assert not set(asked[first - 1 : end]) & set(asked[end : again - 1])


class _Asker:
    """Answers every plan at once."""

    def ask(self, plan: dict[str, Any]) -> dict[str, Any]:
        count = len(plan["with"]["questions"])
        return {"milliseconds": [1.0] * count, "unanswered": [], "by_action": count, "in_time": count}


@pytest.mark.parametrize(
    ("name", "is_brief"),
    [
        (contenders.STOCK, False),
        (contenders.KALM, False),
        (contenders.STOCK_LEANER, True),
    ],
)
def test_of_leaner_stock_less_is_measured(name: str, is_brief: bool) -> None:
    running = contenders.Running("http://127.0.0.1:1", 5.0, {})
    found = measure(name, running, cast(Worker, _Asker()), Plan(messages=4, seconds=1.0), "run0")
    brief = {"ready", "idle", "by_action", "processor", "memory", "throughput"}
    assert len(found["idle"]) == 4
    assert found["by_action"] == 1
    assert (set(found) == brief) is is_brief
    assert (set(found["throughput"]) == {"16"}) is is_brief


@pytest.mark.e2e
def test_a_floor_is_asked_everything_and_ended(tmp_path: Path) -> None:
    said: list[str] = []
    starting: dict[str, contenders.Contender] = {
        contenders.FLOOR_COMMIT: partial(contenders.floor, True),
    }
    found = run_all(starting, 2, Plan(messages=5, seconds=2.0), tmp_path, said.append)

    assert said == ["run 1 of 2: Sanic, SQLite commit", "run 2 of 2: Sanic, SQLite commit"]
    assert [run["run"] for run in found] == [1, 2]
    for run in found:
        assert len(run["idle"]) == 5
        assert run["by_action"] == 0
        assert set(run["throughput"]) == {"1", "4", "16", "64"}
        assert all(one["rate"] > 0 and one["unanswered"] == 0 for one in run["throughput"].values())
        assert run["memory"]["server"] > 10
    json.dumps(found)
    assert list(tmp_path.iterdir()) == [], "databases and logs are gone"
