"""``make benchmark``: Kalm, stock Rasa and floors in turn, on the same machine, data and questions.

Prints the tables and writes all raw figures and a picture into ``var/benchmark``. docs/benchmarks.md says
what is measured and how. With ``--write-docs`` the tables and the picture there are written too.
"""

from __future__ import annotations

import argparse
import os
import time
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.servers import end_by_exception
from benchmarks.side_by_side import contenders, page, parts, speed, stock_project, training
from benchmarks.side_by_side.arguments import existing_file, positive
from benchmarks.side_by_side.machine import describe_commit, describe_machine
from benchmarks.side_by_side.plot import draw
from benchmarks.side_by_side.report import WITHOUT_EMBEDDINGS, sheets
from benchmarks.side_by_side.results import Results, write
from benchmarks.side_by_side.search_at_size import SIZES
from benchmarks.side_by_side.training_log import reckon_whole
from kalm.pointer import Release, current
from kalm.settings import LOOPBACK, settings

PARTS = ("speed", "quality", "search", "language")
_WIDTH = 200


class Benchmark:
    """One whole benchmark, with what it found so far."""

    def __init__(self, options: argparse.Namespace, folder: Path, console: Console) -> None:
        self.options = options
        self.folder = folder
        self._console = console
        self._started = time.monotonic()
        self._packages = folder / "packages"
        self._project = folder / "stock"
        self.raw: dict[str, Any] = {
            "date": str(date.today()),
            "machine": describe_machine(),
            "commit": describe_commit(),
            "load": os.getloadavg()[0],
            "options": {"runs": options.runs, "messages": options.messages, "seconds": options.seconds},
            "training": {"whole": {}, "short": {}, "size": {}},
        }

    @property
    def results_file(self) -> Path:
        """Where the raw figures go."""
        return self.folder / "results.json"

    def say(self, what: str) -> None:
        """Tell what is done now, with the minutes and seconds since the beginning."""
        minutes, seconds = divmod(int(time.monotonic() - self._started), 60)
        self._console.print(f"{minutes:3}:{seconds:02}  {what}", highlight=False)

    def run(self) -> None:
        """Measure what was asked for; what was measured is kept after each part."""
        data = stock_project.stock_data()
        stock_project.write_project(self._project, data, f"http://{LOOPBACK}", self.options.epochs)
        self.raw["data"] = stock_project.fingerprint(self._project)
        wanted = self.options.parts
        if {"speed", "quality"} & set(wanted):
            release = self._train_kalm()
            self._keep()
            if "speed" in wanted:
                self._measure_speed(release)
            if "quality" in wanted:
                self._measure_quality(release)
        if "search" in wanted:
            self.raw["search"] = parts.measure_search(self.options.passages, self.folder, self.say)
            self._keep()
        if "language" in wanted:
            self.say("Dutch: tokens and lemmas")
            self.raw["language"] = parts.measure_language(self.folder)
            self._keep()
        self.say("done")

    def _train_kalm(self) -> Release:
        if self.options.current_release:
            release = current()
        else:
            folder = self.folder / "kalm"
            self.say("training Kalm from nothing")
            found = self.raw["training"]
            found["whole"][contenders.KALM] = training.train_kalm(folder, self.folder / "kalm.log")
            release = training.release_in(folder / "models")
        self.raw["training"]["size"][contenders.KALM] = training.size_of(release.model, release.index)
        return release

    def _train_stock(self) -> tuple[Path, Path | None]:
        """The models of stock Rasa with stories and with rules alone; None for one that was not given."""
        found = self.raw["training"]
        rules: Path | None = self.options.stock_rules_model
        if self.options.stock_model:
            model: Path = self.options.stock_model
        else:
            self.say(f"training stock Rasa, {self.options.epochs} epochs (some minutes)")
            trained = training.train_stock(self._project, self._packages, self.folder / "stock.log")
            found["whole"][contenders.STOCK] = reckon_whole(
                trained.seconds, trained.epochs, stock_project.WHOLE_EPOCHS
            )
            found["short"][contenders.STOCK] = trained.seconds
            found["epochs"] = self.options.epochs
            found["an_epoch"] = {name: one.seconds_each for name, one in trained.epochs.items()}
            model = trained.model
            if rules is None:
                self.say("training stock Rasa with rules alone (some seconds)")
                log = self.folder / "stock-rules.log"
                rules = training.train_stock_rules(self._project, self._packages, log, model)
        found["size"][contenders.STOCK] = training.size_of(model)
        return model, rules

    def _measure_speed(self, release: Release) -> None:
        self.say("installing what stock Rasa has otherwise than Kalm")
        training.install_stock_packages(self._packages, self.folder / "packages.log")
        model, rules = self._train_stock()
        self._keep()
        stock = partial(contenders.stock, self._project)
        starting: dict[str, contenders.Contender] = {
            contenders.FLOOR: partial(contenders.floor, False),
            contenders.FLOOR_COMMIT: partial(contenders.floor, True),
            contenders.KALM: partial(contenders.kalm, release),
            contenders.STOCK: partial(stock, model, self._packages),
        }
        if rules is not None:
            starting[contenders.STOCK_LEANER] = partial(stock, rules, None)
        plan = speed.Plan(self.options.messages, self.options.seconds, self.options.longest)
        self.raw["runs"] = speed.run_all(starting, self.options.runs, plan, self.folder, self.say)
        self._keep()
        environment = self._environment_of(release)
        self.raw["parse"] = parts.parse_in_turn(
            release.model, environment, model, self.options.runs, self.options.messages, self.folder, self.say
        )
        self._keep()

    def _measure_quality(self, release: Release) -> None:
        without = self.folder / "kalm-without-embeddings"
        self.say("training Kalm without embeddings")
        training.train_kalm(without, self.folder / "kalm-without.log", embeddings=False)
        self.say("quality of Kalm, with and without embeddings, and of BM25")
        environments = {
            contenders.KALM: self._environment_of(release),
            WITHOUT_EMBEDDINGS: training.kalm_environment(without, embeddings=False),
        }
        self.raw["quality"] = {**parts.judge_kalm(environments, self.folder), **parts.judge_bm25()}
        self._keep()

    def _environment_of(self, release: Release) -> dict[str, str]:
        """Of a Kalm that loads this release, and has embedded its sentences before."""
        environment = training.kalm_environment(self.folder / "kalm")
        if self.options.current_release:
            environment |= {"KALM_MODELS": str(release.model.parent), "KALM_VAR": str(settings().var)}
        return environment

    def _keep(self) -> None:
        write(self.results_file, self.raw)


def main() -> None:
    """Measure, print the tables, write figures and picture."""
    end_by_exception()
    options = _arguments().parse_args()
    console = Console(width=_WIDTH)
    folder = settings().var / "benchmark"
    folder.mkdir(parents=True, exist_ok=True)
    benchmark = Benchmark(options, folder, console)
    if not options.report:
        try:
            benchmark.run()
        except speed.UnansweredError as error:
            raise SystemExit(str(error)) from error
        except KeyboardInterrupt:
            raise SystemExit("Broken off; all that was started is ended.") from None
    _tell(Results.read(benchmark.results_file), folder, console, write_docs=options.write_docs)


def _tell(results: Results, folder: Path, console: Console, *, write_docs: bool) -> None:
    console.print(f"{results.raw['machine']}, {results.raw['date']}; load before: {results.raw['load']:.1f}")
    tables = sheets(results)
    for sheet in tables:
        console.print(sheet.as_rich())
    pictures = [folder / "benchmark.png", folder / "benchmark.svg"]
    if write_docs:
        text = page.PAGE.read_text(encoding="utf-8")
        measured = page.measured_part(results, tables)
        page.PAGE.write_text(page.replace_measured(text, measured), encoding="utf-8")
        pictures.append(page.PICTURE)
    draw(results, pictures)
    console.print(f"Raw figures: {folder / 'results.json'}; picture: {pictures[0]}")


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.side_by_side", description=__doc__)
    parser.add_argument("--runs", type=positive, default=3, help="of each contender, in alternating order")
    parser.add_argument("--messages", type=positive, default=300, help="one at a time, in each run")
    parser.add_argument("--seconds", type=float, default=5.0, help="for each number of senders at once")
    parser.add_argument(
        "--longest", type=positive, default=speed.Plan.longest, help="messages of the long conversation"
    )
    parser.add_argument("--epochs", type=positive, default=3, help="that stock Rasa is trained")
    parser.add_argument(
        "--passages", type=positive, nargs="*", default=SIZES, help="sizes for the search engine"
    )
    parser.add_argument(
        "--parts", nargs="*", choices=PARTS, default=PARTS, help="to measure; the others are left out"
    )
    parser.add_argument(
        "--stock-model", type=existing_file, help="a trained model of stock Rasa: none is trained"
    )
    parser.add_argument(
        "--stock-rules-model",
        type=existing_file,
        help="one trained without stories; with --stock-model and without this, it is left out",
    )
    parser.add_argument("--current-release", action="store_true", help="Kalm as it was trained before")
    parser.add_argument(
        "--report", action="store_true", help="measure nothing: tell again what was measured last"
    )
    parser.add_argument("--write-docs", action="store_true", help="write docs/benchmarks.md and its picture")
    return parser


if __name__ == "__main__":
    main()
