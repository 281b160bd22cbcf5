from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest

from benchmarks.side_by_side.contenders import Running
from benchmarks.side_by_side.speed import questions_for_all
from benchmarks.side_by_side.versions import Versions, compare
from benchmarks.side_by_side.workers import Worker
from kalm.settings import ROOT

OPTIONS = argparse.Namespace(blocks=3, seconds=0.1, messages=2)


class _Asker:
    """Answers at once, as version 1 does in half the time of version 0."""

    def __init__(self, unanswered: tuple[str, ...] = ()) -> None:
        self.asked: list[str] = []
        self.first: dict[str, str] = {}
        self._unanswered = unanswered

    def ask(self, plan: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(plan["prefix"])
        self.first[plan["prefix"]] = plan["with"]["questions"][0]
        is_second = plan["prefix"].endswith("-1")
        return {
            "milliseconds": [5.0 if is_second else 10.0] * 4,
            "in_time": 4,
            "unanswered": list(self._unanswered),
        }


def versions(asker: _Asker) -> Versions:
    other, this = (Running(f"http://127.0.0.1:{port}", 1.0, {}) for port in (1, 2))
    return Versions(other, this, cast(Worker, asker), OPTIONS)


def test_each_is_first_in_turn_and_the_first_block_does_not_count() -> None:
    asker = _Asker()
    pairs = list(versions(asker).blocks())
    assert len(pairs) == OPTIONS.blocks
    assert [prefix for prefix in asker.asked if "many" in prefix] == [
        *("0-many-1", "0-many-0", "1-many-0", "1-many-1"),
        *("2-many-1", "2-many-0", "3-many-0", "3-many-1"),
    ]
    # Two one at a time and four at once of each pair: the next begins with the seventh.
    assert [asker.first["0-one-0"], asker.first["1-one-0"]] == [
        questions_for_all()[0],
        questions_for_all()[6],
    ]
    assert asker.first["1-one-0"] == asker.first["1-one-1"]
    assert asker.first["1-many-1"] == questions_for_all()[8]
    other, this = pairs[0]
    assert (other["one at a time: p50, ms"], this["one at a time: p50, ms"]) == (10, 5)
    assert this["16 senders: answers a second"] == pytest.approx(40)


def test_what_is_not_answered_ends_it() -> None:
    with pytest.raises(SystemExit, match="an apology: hoi"):
        next(versions(_Asker(("an apology: hoi",))).blocks())


def test_neighbours_are_compared_and_not_the_medians_of_all() -> None:
    found = [({"x": 10.0}, {"x": 9.0}), ({"x": 20.0}, {"x": 18.0}), ({"x": 12.0}, {"x": 30.0})]
    assert list(compare(found).rows) == [("x", "12.0", "18.0", "0.90", "0.90–1.70")]


def test_what_took_no_time_has_no_ratio() -> None:
    assert list(compare([({"x": 0.0}, {"x": 1.0})]).rows) == [("x", "0", "1.00", "–", "–")]


def test_a_checkout_without_a_model_is_told_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.side_by_side.versions", str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 2
    assert f"nothing was trained in {tmp_path}; run 'make train' there" in re.sub(r"\s+", " ", ended.stderr)


@pytest.mark.e2e
def test_two_versions_are_asked_and_told() -> None:
    few = ["--blocks", "1", "--seconds", "0.5", "--messages", "2"]
    command = [sys.executable, "-m", "benchmarks.side_by_side.versions", str(ROOT), *few]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr[-2000:]
    for what in (
        "16 senders: answers a second",
        "16 senders: processor, bot",
        "16 senders: processor, actions",
    ):
        assert what in ended.stdout
