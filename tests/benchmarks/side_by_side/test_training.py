from __future__ import annotations

import io
import tarfile
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.side_by_side import training
from benchmarks.side_by_side.__main__ import Benchmark
from benchmarks.side_by_side.contenders import STOCK
from benchmarks.side_by_side.stock_project import stock_data, write_project
from benchmarks.side_by_side.training import TrainedStock, train_stock, train_stock_rules
from benchmarks.side_by_side.training_log import Epochs

_POLICIES = {"TEDPolicy", "UnexpecTEDIntentPolicy"}


def _archive(path: Path, files: Mapping[str, str]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return path


def _read(path: Path) -> dict[str, str]:
    with tarfile.open(path) as archive:
        return {one.name: str(archive.extractfile(one).read(), "utf-8") for one in archive}  # type: ignore[union-attr]


def test_the_model_with_rules_alone_has_the_same_pipeline_and_policies_that_saw_no_story(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    commands: list[Sequence[str]] = []

    def rasa(command: Sequence[str], log: Path, environment: Mapping[str, str], folder: Path) -> float:
        commands.append(command)
        policies = {"components/train_RulePolicy1/rule_policy.json": "rules alone"}
        domain = {"components/domain_provider/domain.yml": "other", "metadata.json": "other"}
        _archive(folder / "models" / "stock-policies.tar.gz", {**policies, **domain})
        return 1.0

    monkeypatch.setattr(training, "run_to_its_end", rasa)
    (tmp_path / "models").mkdir()
    pipeline = {
        "metadata.json": "stock",
        "components/domain_provider/domain.yml": "stock",
        "components/train_DIETClassifier5/weights": "stock",
    }
    policies = {
        "components/train_RulePolicy1/rule_policy.json": "stock",
        "components/train_UnexpecTEDIntentPolicy2/weights": "stock",
        "components/train_TEDPolicy3/weights": "stock",
    }
    model = _archive(tmp_path / "models" / "stock.tar.gz", {**pipeline, **policies})
    found = train_stock_rules(tmp_path, None, tmp_path / "log", model)
    assert _read(found) == {**pipeline, "components/train_RulePolicy1/rule_policy.json": "rules alone"}
    assert _read(model) == {**pipeline, **policies}
    (command,) = commands
    assert "core" in command
    assert "data/rules.yml" in command
    assert not {"data", "data/stories.yml"} & set(command)


@pytest.mark.parametrize(
    ("stock", "rules", "expected"),
    [
        (None, None, ("trained", "trained without")),
        (None, "given.rules", ("trained", "given.rules")),
        ("given", None, ("given", None)),
        ("given", "given.rules", ("given", "given.rules")),
    ],
)
def test_a_model_that_was_given_is_not_trained(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    stock: str | None,
    rules: str | None,
    expected: tuple[str, str | None],
) -> None:
    trained = TrainedStock(Path("trained"), 10.0, {"TEDPolicy": Epochs(3, 0.5)})
    monkeypatch.setattr(training, "train_stock", lambda *_: trained)
    monkeypatch.setattr(training, "train_stock_rules", lambda *_: Path("trained without"))
    options = Namespace(
        runs=1,
        messages=1,
        seconds=1.0,
        epochs=3,
        stock_model=stock and Path(stock),
        stock_rules_model=rules and Path(rules),
    )
    benchmark = Benchmark(options, tmp_path, Console(quiet=True))
    found = benchmark._train_stock()
    assert found == tuple(name and Path(name) for name in expected)
    if stock is None:
        assert benchmark.raw["training"]["whole"][STOCK] == 10 + 97 * 0.5, "TED is reckoned in"


@pytest.mark.slow
def test_rasa_learns_the_stories_beside_the_rules_and_then_only_the_rules(tmp_path: Path) -> None:
    write_project(tmp_path, stock_data(most=2), "http://127.0.0.1:1", epochs=2)
    first = train_stock(tmp_path, None, tmp_path / "first.log")
    assert set(first.epochs) == {"DIETClassifier", "ResponseSelector", *_POLICIES}
    assert {one.count for one in first.epochs.values()} == {2}
    names = set(_members(first.model))
    assert {"train_TEDPolicy3", "train_UnexpecTEDIntentPolicy2"} <= names
    second = train_stock_rules(tmp_path, None, tmp_path / "second.log", first.model)
    assert set(_members(second)) == names - {"train_TEDPolicy3", "train_UnexpecTEDIntentPolicy2"}


def _members(model: Path) -> list[str]:
    with tarfile.open(model) as archive:
        return [one.name.split("/")[1] for one in archive if one.isfile() and "components/" in one.name]
