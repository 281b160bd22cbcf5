"""``python -m benchmarks.side_by_side.versions OTHER``: Kalm as it is here beside Kalm in another checkout.

What a change wins is often less than a machine differs from minute to minute. So both run all the time and
are asked in turn, for a moment each, and only neighbours are compared. Both need ``make train``.
"""

from __future__ import annotations

import argparse
import os
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.progress import track

from benchmarks.servers import end_by_exception
from benchmarks.side_by_side import contenders
from benchmarks.side_by_side.arguments import existing_folder, positive
from benchmarks.side_by_side.contenders import QUIET, Running
from benchmarks.side_by_side.figures import percentile
from benchmarks.side_by_side.sheets import Sheet, number
from benchmarks.side_by_side.speed import questions_for_all
from benchmarks.side_by_side.training import release_in
from benchmarks.side_by_side.workers import Worker, worker
from kalm.pointer import POINTER
from kalm.settings import ROOT, settings

Block = Mapping[str, float]
"""What was found of one version in a moment, by what it is."""

_WIDTH = 100
_SENDERS = 16


def compare(pairs: Sequence[tuple[Block, Block]]) -> Sheet:
    """The table of what was found.

    Args:
        pairs: of the other version and of this one, in neighbouring blocks; at least one.
    """
    rows = []
    for what in pairs[0][0]:
        ratios = [this[what] / other[what] for other, this in pairs if other[what]]
        quartiles = [number(percentile(ratios, which)) for which in (25, 75)] if ratios else []
        rows.append(
            (
                what,
                *(number(median(pair[place][what] for pair in pairs)) for place in (0, 1)),
                number(median(ratios)) if ratios else number(None),
                "–".join(quartiles) or number(None),
            )
        )
    columns = ("", "other", "this", "this ÷ other", "half of the pairs")
    note = "Medians; processor by answer. The ratio is the median of those of neighbours."
    return Sheet("Two versions of Kalm", columns, rows, [note])


class Versions:
    """Both versions, each with all its servers, and who asks them."""

    def __init__(self, other: Running, this: Running, asker: Worker, options: argparse.Namespace) -> None:
        self._versions = (other, this)
        self._asker = asker
        self._options = options

    def blocks(self) -> Iterator[tuple[Block, Block]]:
        """Ask in turn; who is first changes each time.

        Raises:
            SystemExit: a message was not answered.
        """
        questions = deque(questions_for_all())
        for block in range(self._options.blocks + 1):
            order = (0, 1) if block % 2 else (1, 0)
            asked = {version: self._ask(version, block, list(questions)) for version in order}
            # The next pair goes on where the longer of these ended: nothing is asked again so soon that a
            # version which remembers more would find it.
            questions.rotate(-max(count for count, _ in asked.values()))
            if block:  # the first one warms up
                yield asked[0][1], asked[1][1]

    def _ask(self, version: int, block: int, questions: list[str]) -> tuple[int, Block]:
        """How many questions were asked, and what was found."""
        seconds, messages = self._options.seconds, self._options.messages
        one, by_one = self._measured(version, f"{block}-one", "one_by_one", questions=questions[:messages])
        rest = [*questions[messages:], *questions[:messages]]
        many, by_many = self._measured(
            version, f"{block}-many", "at_once", questions=rest, senders=_SENDERS, seconds=seconds
        )
        found = {
            f"{_SENDERS} senders: answers a second": many["in_time"] / seconds,
            **{f"{_SENDERS} senders: processor, {name}, ms": taken for name, taken in by_many.items()},
            "one at a time: p50, ms": percentile(one["milliseconds"], 50),
            "one at a time: p95, ms": percentile(one["milliseconds"], 95),
            **{f"one at a time: processor, {name}, ms": taken for name, taken in by_one.items()},
        }
        return messages + len(many["milliseconds"]), found

    def _measured(
        self, version: int, tag: str, way: str, **arguments: Any
    ) -> tuple[Mapping[str, Any], dict[str, float]]:
        """The answers, and the milliseconds of processor of each process for one of them."""
        running = self._versions[version]
        before = _processor(running)
        asked = {"address": running.address, "prefix": f"{tag}-{version}", "way": way, "with": arguments}
        answers = self._asker.ask(asked)
        if answers["unanswered"]:
            raise SystemExit(f"A message was not answered: {answers['unanswered'][0]}")
        after, count = _processor(running), len(answers["milliseconds"])
        return answers, {name: (after[name] - before[name]) / count * 1000 for name in before}


def _processor(running: Running) -> dict[str, float]:
    """Seconds that each process used so far."""
    return {name: sum(one.cpu_times()[:2]) for name, one in running.processes.items()}


def main() -> None:
    """Ask both and print the table."""
    end_by_exception()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.side_by_side.versions", description=__doc__)
    parser.add_argument("other", type=existing_folder, help="checkout of the other version")
    parser.add_argument("--blocks", type=positive, default=20, help="pairs of them")
    parser.add_argument("--seconds", type=float, default=1.5, help=f"of each with {_SENDERS} senders")
    parser.add_argument("--messages", type=positive, default=30, help="of each asked one at a time")
    options = parser.parse_args()
    for root in (options.other, ROOT):
        if not (root / "models" / POINTER).exists():
            parser.error(f"nothing was trained in {root}; run 'make train' there")
    folder = settings().var / "benchmark"
    folder.mkdir(parents=True, exist_ok=True)
    console = Console(width=_WIDTH)
    with TemporaryDirectory(prefix="versions-", dir=folder) as own, ExitStack() as stack:
        running: dict[str, Running] = {}
        for name, root in (("other", options.other), ("this", ROOT)):
            files = Path(own) / name
            files.mkdir()
            release = release_in(root / "models")
            running[name] = stack.enter_context(contenders.kalm(release, files, root))
        asker = stack.enter_context(worker("asking", Path(own) / "asking.log", {**os.environ, **QUIET}))
        blocks = Versions(running["other"], running["this"], asker, options).blocks()
        pairs = list(track(blocks, "Asking", options.blocks, console=console, transient=True))
    console.print(compare(pairs).as_rich())


if __name__ == "__main__":
    main()
