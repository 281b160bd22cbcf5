"""``python -m benchmarks.side_by_side.whole_training``: what takes hours, and ``make benchmark`` only shows.

Trains stock Rasa with all its epochs, Kalm with DIET in place of its own classifier, and DIET on four fifths
of the training sentences, with stock's words and with Kalm's. Judges all on the development set, or on the
fifth that was left out, and writes ``benchmarks/results/whole_training.json``. Needs a trained Kalm (``make
train``).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.servers import end_by_exception
from benchmarks.side_by_side import diet, parts, quality, stock_project, training
from benchmarks.side_by_side.arguments import existing_file, positive
from benchmarks.side_by_side.contenders import stock_environment
from benchmarks.side_by_side.machine import describe_machine
from benchmarks.side_by_side.processes import run_to_its_end
from benchmarks.side_by_side.report import DIET_BY_WORDS, OF_WHOLE_TRAINING, WHOLE_STOCK, WITH_DIET
from benchmarks.side_by_side.results import WHOLE_TRAINING, write
from benchmarks.side_by_side.workers import worker
from commands.environment import rasa_environment
from commands.evaluation.data import DEVELOPMENT, read_messages
from commands.evaluation.intents import folds, score
from kalm.pointer import Release, current, publish
from kalm.settings import LOOPBACK, ROOT, settings
from kalm.training_examples import Example, read_examples


class WholeTraining:
    """What is trained and judged, with what was found so far."""

    def __init__(self, options: argparse.Namespace, folder: Path, console: Console) -> None:
        self._options = options
        self._folder = folder
        self._console = console
        self._data = stock_project.stock_data(most=options.examples)
        self._examples = diet.first_of_each(read_examples(ROOT / "data" / "nlu"), options.examples)
        self.raw: dict[str, Any] = {
            "date": str(date.today()),
            "machine": describe_machine(),
            "epochs": options.epochs,
            "seconds": {},
            "quality": {who: {} for who in OF_WHOLE_TRAINING},
        }

    def run(self) -> None:
        """Do everything; what is known is written after each step."""
        self._stock()
        self._kalm_with_diet()
        for tokenizer, told_as in DIET_BY_WORDS.items():
            self._left_out(told_as, tokenizer)

    def _stock(self) -> None:
        project = self._folder / "stock"
        stock_project.write_project(project, self._data, f"http://{LOOPBACK}", self._options.epochs)
        self.raw["data"] = stock_project.fingerprint(project)
        if self._options.stock_model:
            model = self._options.stock_model
            self.raw["seconds"]["stock"] = self._options.stock_seconds
        else:
            self._console.print("Training stock Rasa; more than an hour.")
            trained = training.train_stock(project, None, self._folder / "stock.log")
            model = trained.model
            self.raw["seconds"]["stock"] = trained.seconds
        self.raw["stock_size"] = training.size_of(model)
        messages = read_messages(DEVELOPMENT)
        parses = self._parse(model, [message.text for message in messages], stock_environment(None))
        self._keep(WHOLE_STOCK, quality.quality_of_stock(messages, parses).as_json())

    def _kalm_with_diet(self) -> None:
        self._console.print("Training Kalm with DIET.")
        folder = self._folder / "kalm"
        config, nlu = folder / "config.yml", folder / "nlu.yml"
        environment = training.kalm_environment(folder)
        stock_project.write_yaml(config, diet.kalm_with_diet(self._options.epochs))
        diet.write_nlu(nlu, [(one.text, one.intent) for one in self._examples], self._data.others)
        model = folder / "models" / "kalm-diet.tar.gz"
        data = [str(nlu), "data/rules"]
        seconds = self._train("train", config, model, environment, *("--domain", "domain", "--data", *data))
        self.raw["seconds"]["kalm_with_diet"] = seconds
        index = folder / "models" / current().index.name
        if not index.exists():
            index.symlink_to(current().index)
        publish(Release(model, index), folder / "models")
        found = parts.judge_kalm({WITH_DIET: environment}, self._folder, across=False)
        self._keep(WITH_DIET, found[WITH_DIET])

    def _left_out(self, who: str, tokenizer: str) -> None:
        """Train DIET on four fifths of the sentences, the first of Kalm's folds, and judge it on the rest."""
        self._console.print(f"Training DIET on four fifths of the sentences, words by {tokenizer}.")
        folder = self._folder / tokenizer
        folder.mkdir(parents=True, exist_ok=True)
        taught, asked = first_fold(self._examples)
        stock_project.write_yaml(folder / "config.yml", diet.intents_alone(tokenizer, self._options.epochs))
        plain = [(stock_project.without_marks_of_rasa(one.plain), one.intent) for one in taught]
        diet.write_nlu(folder / "nlu.yml", plain)
        model, environment = folder / "intents.tar.gz", rasa_environment()
        seconds = self._train(
            "train nlu", folder / "config.yml", model, environment, "--nlu", str(folder / "nlu.yml")
        )
        self.raw["seconds"][f"fold, {tokenizer}"] = seconds
        parses = self._parse(model, [one.plain for one in asked], environment)
        scores = score([one.intent for one in asked], [one["likeliest"] for one in parses])
        self._keep(who, quality.of_first_fold(scores))

    def _train(
        self, command: str, config: Path, model: Path, environment: Mapping[str, str], *data: str
    ) -> float:
        return run_to_its_end(
            [
                *(sys.executable, "-m", "rasa", *command.split(), "--config", str(config), *data),
                *("--out", str(model.parent), "--fixed-model-name", model.name.removesuffix(".tar.gz")),
            ],
            self._folder / "training.log",
            environment,
            ROOT,
        )

    def _parse(self, model: Path, texts: list[str], environment: Mapping[str, str]) -> Any:
        with worker("parsing", self._folder / "parsing.log", environment, str(model)) as parser:
            return parser.ask(texts)

    def _keep(self, who: str, found: Mapping[str, Any]) -> None:
        self.raw["quality"][who].update({name: one for name, one in found.items() if one is not None})
        write(self._options.output, self.raw)


def first_fold(examples: list[Example]) -> tuple[list[Example], list[Example]]:
    """What is taught and what is left out in the first of Kalm's own folds.

    Args:
        examples: at least five of each intent.
    """
    taught, asked = next(folds([one.intent for one in examples]))
    return [examples[i] for i in taught], [examples[i] for i in asked]


def main() -> None:
    """Train, judge and write."""
    end_by_exception()
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.side_by_side.whole_training", description=__doc__
    )
    parser.add_argument(
        "--epochs", type=positive, default=stock_project.WHOLE_EPOCHS, help="of each training"
    )
    parser.add_argument("--examples", type=positive, help="of each intent at most, to try whether all works")
    parser.add_argument("--output", type=Path, default=WHOLE_TRAINING, help="file that is written")
    parser.add_argument(
        "--stock-model", type=existing_file, help="a whole model of stock Rasa on the same data"
    )
    parser.add_argument(
        "--stock-seconds", type=float, help="that its training took, where that was measured well"
    )
    options = parser.parse_args()
    if options.examples and options.output == WHOLE_TRAINING:
        parser.error("a trial with few examples needs an --output of its own")
    folder = settings().var / "benchmark" / "whole"
    folder.mkdir(parents=True, exist_ok=True)
    console = Console()
    whole = WholeTraining(options, folder, console)
    try:
        whole.run()
    except KeyboardInterrupt:
        raise SystemExit("Broken off; all that was started is ended.") from None
    console.print(f"Written: {options.output}")


if __name__ == "__main__":
    main()
