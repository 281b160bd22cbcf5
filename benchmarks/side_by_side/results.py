"""What a benchmark found, as it is kept in ``var/benchmark/results.json``, and figures taken from it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.side_by_side.figures import Figure, percentile

RAW = Mapping[str, Any]
WHOLE_TRAINING = Path(__file__).parent.parent / "results" / "whole_training.json"
"""What :mod:`benchmarks.side_by_side.whole_training` found, on the machine and the day that it names."""


class Results:
    """All raw figures.

    What was not measured is not there, and each figure of it is None. Times of messages are milliseconds,
    those of trainings and starts seconds, memory is in MB of 1024 * 1024 bytes, sizes in MB of a million.
    """

    def __init__(self, raw: RAW, whole: RAW | None = None) -> None:
        """Take figures from what was measured.

        Args:
            raw: as it was kept.
            whole: what the whole training found; None when it was never done.
        """
        self.raw = raw
        self.whole = whole

    @classmethod
    def read(cls, path: Path, whole: Path = WHOLE_TRAINING) -> Results:
        """Read them from files; that of the whole training need not be there.

        Raises:
            SystemExit: nothing was measured yet.
        """
        if not path.exists():
            raise SystemExit(f"{path} does not exist; run 'make benchmark' first")
        return cls(json.loads(path.read_text(encoding="utf-8")), read_whole(whole))

    def of_runs(self, contender: str, value: Callable[[RAW], float | None]) -> Figure | None:
        """One value of each run of a contender.

        Args:
            contender: its name.
            value: takes it from what :func:`benchmarks.side_by_side.speed.measure` gives, or None.
        """
        runs = [run for run in self.raw.get("runs", ()) if run["contender"] == contender]
        values = [found for found in map(value, runs) if found is not None]
        return Figure(tuple(values)) if values else None

    def idle(self, contender: str, which: int) -> Figure | None:
        """A percentile of the time of an answer when nobody else asks."""
        return self.of_runs(contender, lambda run: percentile(run["idle"], which))

    def parse(self, contender: str, which: int) -> Figure | None:
        """A percentile of the time of a parse without servers."""
        rounds = self.raw.get("parse", {}).get(contender, ())
        return Figure(tuple(percentile(one, which) for one in rounds)) if rounds else None

    def at_once(self, contender: str, senders: int, what: str) -> Figure | None:
        """The "rate", "p95" or "unanswered" with so many senders."""
        return self.of_runs(contender, lambda run: run.get("throughput", {}).get(str(senders), {}).get(what))

    def in_conversation(self, contender: str, place: int) -> Figure | None:
        """The time of an answer around a message of a long conversation."""
        return self.of_runs(contender, lambda run: run.get("conversation", {}).get(str(place)))

    def memory(self, contender: str) -> Figure | None:
        """Of all its processes, after the questions one by one."""
        return self.of_runs(contender, lambda run: sum(run["memory"].values()))

    def memory_afterwards(self, contender: str) -> Figure | None:
        """The same after all else that was asked."""
        return self.of_runs(contender, lambda run: sum(run.get("memory_afterwards", {}).values()) or None)

    def memory_beside(self, contender: str) -> Figure | None:
        """Of what stands beside it: Kalm's web app."""
        return self.of_runs(contender, lambda run: sum(run.get("memory_beside", {}).values()) or None)

    def training(self, contender: str, what: str) -> Figure | None:
        """Seconds of a training, "whole" or "short", or the "size" of what it made."""
        value = self.raw.get("training", {}).get(what, {}).get(contender)
        return None if value is None else Figure((float(value),))

    def quality(self, who: str, what: str) -> float | None:
        """A share of :class:`benchmarks.side_by_side.quality.Quality`, of this run or the whole training."""
        found = {**(self.whole or {}).get("quality", {}), **self.raw.get("quality", {})}.get(who, {})
        value = found.get(what)
        return None if value is None else float(value)


def read_whole(path: Path = WHOLE_TRAINING) -> RAW | None:
    """What the whole training found; None when it was never done."""
    if not path.exists():
        return None
    found: RAW = json.loads(path.read_text(encoding="utf-8"))
    return found


def write(path: Path, raw: RAW) -> None:
    """Keep what was measured so far."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(raw, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
