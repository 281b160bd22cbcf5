"""Trains Kalm and stock Rasa in folders of their own, and takes the time."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.side_by_side.contenders import stock_environment
from benchmarks.side_by_side.processes import run_to_its_end
from benchmarks.side_by_side.training_log import Epochs, read_epochs
from commands.environment import rasa_environment
from kalm.pointer import POINTER, Release
from kalm.settings import ROOT

_LOCK = Path(__file__).with_name("stock.lock")


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
    command = [
        *(sys.executable, "-m", "rasa", "train", "--config", "config.yml", "--domain", "domain.yml"),
        *("--data", "data", "--out", "models", "--fixed-model-name", "stock", "--force"),
    ]
    seconds = run_to_its_end(command, log, stock_environment(packages), project)
    epochs = read_epochs(log.read_text(encoding="utf-8", errors="replace"))
    return TrainedStock(project / "models" / "stock.tar.gz", seconds, epochs)


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
