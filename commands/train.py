"""``kalm train``: the Rasa model and the search index, each only when its files changed."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from commands.check import check
from commands.child import run_child
from commands.environment import rasa_environment
from commands.errors import CommandError
from commands.training_data import unanswered
from kalm import going_live, release
from kalm.articles import passages, read_articles
from kalm.embedding import embed_once, embedder, embedder_name
from kalm.language import dutch
from kalm.search import build_index
from kalm.settings import ROOT, settings
from review.background import TRAINING
from review.training import folders as candidate_folders
from review.training import steps
from review.training.export import finish_interrupted

KEPT = 3
"""How many models and indexes stay in ``models/``."""

_LOCK = "train.lock"
_INDEX = "Zoekindex bouwen (de eerste keer enkele minuten)"
_MODEL = "Taalmodel trainen (de eerste keer enkele minuten)"


def train(
    force: Annotated[bool, typer.Option("--force", help="Ook als er niets veranderd is.")] = False,
    candidate: Annotated[
        Path | None,
        typer.Option(
            "--kandidaat",
            help="Zet het nieuwe model niet live; zet in dit bestand hoe het heet.",
        ),
    ] = None,
) -> None:
    """Train het model en bouw de zoekindex, als er iets veranderd is."""
    console = Console(highlight=False)
    settings().models.mkdir(parents=True, exist_ok=True)
    with _alone(console):
        if candidate is None:
            made = _train(console, force, lambda step: None)
            release.publish(made)
            _remove_old(made)
        else:
            made = _train(console, force, TRAINING.tell)
            candidate.write_text(f"{made.model.name} {made.index.name}", encoding="utf-8")


def _train(console: Console, force: bool, tell: Callable[[str], None]) -> release.Release:
    finish_interrupted()  # of files that were only partly replaced, nothing may be trained
    check(quiet=True)
    wanted = release.wanted()
    console.print(f"Nederlands via {dutch().source}; betekenis via {embedder_name()}.")
    tell(steps.INDEX)
    needs_index, needs_model = (force or not made.exists() for made in (wanted.index, wanted.model))
    if needs_index or needs_model:
        embed_once()  # else it may fail minutes later, with the errors of two processes
    if needs_index and needs_model:
        _make_both(console, wanted, tell)
        return wanted
    if needs_index:
        _with_progress(console, _INDEX, lambda: _build_index(wanted.index))
    else:
        console.print("De zoekindex is nog actueel.")
    tell(steps.MODEL)
    if needs_model:
        _with_progress(console, _MODEL, lambda: _train_model(wanted.model))
    else:
        console.print("Het taalmodel is nog actueel.")
    return wanted


def _make_both(console: Console, wanted: release.Release, tell: Callable[[str], None]) -> None:
    """Build the index in a thread while a process trains the model: each keeps one core busy."""
    built: Future[None] = Future()

    def build() -> None:
        try:
            _timed(console, _INDEX, lambda: _build_index(wanted.index))
        except BaseException as error:
            built.set_exception(error)
            return
        tell(steps.MODEL)
        built.set_result(None)

    # Told to stop, this process ends without it. What it had drafted goes at the next training.
    threading.Thread(target=build, daemon=True).start()
    try:
        _timed(console, _MODEL, lambda: _train_model(wanted.model))
    except Exception:
        built.exception()  # an index that is whole need not be built again
        raise
    built.result()


@contextmanager
def _alone(console: Console) -> Iterator[None]:
    """Wait until no other training works in the same folder, and keep others waiting meanwhile.

    The lock goes with the process: one that was killed leaves none behind.
    """
    with (settings().models / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            console.print("Er loopt al een training; ik wacht tot die klaar is.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build_index(target: Path) -> None:
    draft = target.with_name(f".{target.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)  # of a training that was killed
    try:
        build_index(passages(read_articles(settings().articles)), draft, unanswered(), embedder())
        _replace_folder(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _replace_folder(draft: Path, target: Path) -> None:
    """Put a folder in the place of one that ``release.json`` may name, which is gone for an instant only."""
    aside = target.with_name(f".{target.name}.old")
    shutil.rmtree(aside, ignore_errors=True)
    if target.exists():
        target.rename(aside)
    try:
        draft.rename(target)
    except BaseException:  # a stop as well
        if aside.exists():
            aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _train_model(target: Path) -> None:
    # Rasa writes straight to the name it is given; half a model must never get the real one.
    draft = target.with_name("draft.tar.gz")
    draft.unlink(missing_ok=True)  # of a training that was killed
    command = [
        *(sys.executable, "-m", "rasa", "train", "--config", "config.yml", "--domain", "domain"),
        *("--data", "data/nlu", "data/rules", "--out", str(target.parent)),
        *("--fixed-model-name", draft.name.removesuffix(".tar.gz")),
    ]
    try:
        done = run_child(
            command,
            time_to_end=10,
            cwd=ROOT,
            env=rasa_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        if done.returncode != 0 or not draft.exists():
            tail = "\n".join((done.stdout + done.stderr).splitlines()[-30:])
            raise CommandError(
                f"'rasa train' failed with exit code {done.returncode}. Its last lines:\n{tail}"
            )
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _with_progress(console: Console, what: str, work: Callable[[], None]) -> None:
    if console.is_terminal:
        started = time.monotonic()
        with console.status(f"{what} ..."):
            work()
        _say_done(console, what, started)
    else:
        _timed(console, what, work)


def _timed(console: Console, what: str, work: Callable[[], None]) -> None:
    started = time.monotonic()
    console.print(f"{what} ...")
    work()
    _say_done(console, what, started)


def _say_done(console: Console, what: str, started: float) -> None:
    console.print(f"{what}: klaar in {time.monotonic() - started:.0f} s.")


def _remove_old(current: release.Release) -> None:
    kept = {current.model, current.index} | going_live.kept() | candidate_folders.kept()
    for pattern in ("kalm-*.tar.gz", "index-*"):
        made = sorted(settings().models.glob(pattern), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in made[KEPT:]:
            if path in kept:
                continue
            shutil.rmtree(path) if path.is_dir() else path.unlink()
