"""Trains Kalm and stock Rasa in folders of their own, and takes the time."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.side_by_side import stock_project
from benchmarks.side_by_side.contenders import stock_environment
from benchmarks.side_by_side.processes import run_to_its_end
from benchmarks.side_by_side.training_log import Epochs, read_epochs
from commands.environment import rasa_environment
from kalm.pointer import POINTER, Release
from kalm.settings import ROOT

_LOCK = Path(__file__).with_name("stock.lock")
_POLICY = re.compile(r"^/?components/train_\w*Policy\d+/")
"""What a policy keeps in a model: a folder by its name and its place."""


@dataclass(frozen=True)
class TrainedStock:
    """A model of stock Rasa.

    Attributes:
        model: the file.
        seconds: that ``rasa train`` took.
        epochs: of each component, read from its log.
    """

    model: Path
    seconds: float
    epochs: Mapping[str, Epochs]


def train_stock(project: Path, packages: Path | None, log: Path) -> TrainedStock:
    """Train what stands in a project with ``rasa train``, from nothing.

    Raises:
        SystemExit: it fails.
    """
    shutil.rmtree(project / ".rasa", ignore_errors=True)  # what it remembers of an earlier training
    more = ("--data", "data", "--force")
    model, seconds = _train_stock(project, packages, log, (), "stock", more)
    epochs = read_epochs(log.read_text(encoding="utf-8", errors="replace"))
    return TrainedStock(model, seconds, epochs)


def train_stock_rules(project: Path, packages: Path | None, log: Path, model: Path) -> Path:
    """The same model with rules alone: its policies trained without the stories, in some seconds.

    The whole training is not repeated with what Rasa remembers of it: Rasa would train the ResponseSelector
    anew, for DIET marks entities in the examples and by that changes what they are remembered by.

    Args:
        project: as the model was trained from.
        packages: folder of packages that go before those of Kalm; None for none.
        log: for what Rasa writes.
        model: of :func:`train_stock`; stays as it is.

    Returns:
        The file of the other model.

    Raises:
        SystemExit: it fails.
    """
    more = ("--stories", f"data/{stock_project.RULES}")
    policies, _ = _train_stock(project, packages, log, ("core",), "stock-policies", more)
    with_rules_alone = policies.with_name("stock-rules.tar.gz")
    join_models(model, policies, with_rules_alone)
    return with_rules_alone


def join_models(pipeline: Path, policies: Path, joined: Path) -> None:
    """Write a model with the pipeline of one and the policies of another.

    Args:
        pipeline: a model; all of it is taken but its policies.
        policies: a model with the same policies in the same order.
        joined: file that is written.
    """
    with tarfile.open(joined, "w:gz", compresslevel=1) as into:
        for model, gives_policies in ((pipeline, False), (policies, True)):
            with tarfile.open(model) as archive:
                for member in archive:
                    if member.isfile() and bool(_POLICY.search(member.name)) is gives_policies:
                        into.addfile(member, archive.extractfile(member))


def _train_stock(
    project: Path, packages: Path | None, log: Path, part: Sequence[str], name: str, more: Sequence[str]
) -> tuple[Path, float]:
    command = [
        *(sys.executable, "-m", "rasa", "train", *part, "--config", "config.yml", "--domain", "domain.yml"),
        *("--out", "models", "--fixed-model-name", name, *more),
    ]
    seconds = run_to_its_end(command, log, stock_environment(packages), project)
    return project / "models" / f"{name}.tar.gz", seconds


def train_kalm(folder: Path, log: Path, *, embeddings: bool = True) -> float:
    """``kalm train`` into a folder, from nothing; gives the seconds that it took.

    Args:
        folder: gets ``models`` and ``var``; what was in it goes, with all that was embedded before.
        log: for what it writes.
        embeddings: whether sentence embeddings are used.

    Raises:
        SystemExit: it fails.
    """
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "kalm", "train"]
    return run_to_its_end(command, log, kalm_environment(folder, embeddings=embeddings), ROOT)


def kalm_environment(folder: Path, *, embeddings: bool = True) -> dict[str, str]:
    """Environment of a Kalm that works in a folder.

    Args:
        folder: with ``models`` and ``var``, made when missing.
        embeddings: whether sentence embeddings are used.
    """
    for name in ("models", "var"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return {
        **rasa_environment(),
        "KALM_MODELS": str(folder / "models"),
        "KALM_VAR": str(folder / "var"),
        "KALM_DATABASE": f"sqlite:///{folder / 'var' / 'kalm.db'}",
        "KALM_EMBEDDINGS": str(embeddings),
    }


def release_in(folder: Path) -> Release:
    """The release that a training published in a folder for models."""
    names = json.loads((folder / POINTER).read_text(encoding="utf-8"))
    return Release(folder / names["model"], folder / names["index"])


def size_of(*paths: Path) -> float:
    """Of files and folders with all in them, in MB (a million bytes)."""
    files = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*"))]
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


def install_stock_packages(folder: Path, log: Path) -> None:
    """Install what stock Rasa has otherwise than Kalm, in a folder; does nothing when it is there.

    Raises:
        SystemExit: it cannot be installed, or Python would not take it from there.
    """
    if not (folder / "jsonschema").is_dir():
        install = [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"),
            *("--require-hashes", "--target", str(folder), "--requirement", str(_LOCK)),
        ]
        run_to_its_end(install, log, os.environ, ROOT)
    version = _LOCK.read_text(encoding="utf-8").partition("jsonschema==")[2].split()[0]
    check = (
        f"import importlib.metadata as m; assert m.version('jsonschema') == '{version}'; import jsonschema"
    )
    run_to_its_end([sys.executable, "-c", check], log, stock_environment(folder), ROOT)
