"""The steps from a working copy to a comparison, each in a process of its own."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from commands.child import run_child
from commands.comparing.working_copy import environment_in, make_copy
from commands.environment import rasa_environment
from kalm.atomic import replace_file
from kalm.pointer import Release, current, named
from kalm.settings import settings
from review.training import steps
from review.training.comparing import compare
from review.training.data_files import Place
from review.training.folders import CandidateFolder

_SHOWN = 12
"""Lines of faults that a person gets to read."""

_KEPT = 4
"""Measured releases that are remembered."""

_FAILED = "Het {what} lukte niet. Vraag de beheerder om in het log van deze training te kijken."

_MEASURED = ("kalm", "nlu", "actions", "commands/evaluation", "commands/comparing", "data", "tests/data")
"""What the results of a release depend on besides the release itself, below the checkout."""


class StepError(Exception):
    """A step failed; the message says why, in Dutch, for the screen."""


def train_and_compare(
    folder: CandidateFolder, place: Place, at: Callable[[str], None]
) -> tuple[Release, dict[str, Any]]:
    """Train a candidate in a working copy, measure it and the current release, and compare them.

    Args:
        folder: of the candidate.
        place: the checkout.
        at: is told each step as it begins.

    Returns:
        The candidate's release, and how it compares.

    Raises:
        StepError: a step failed.
        ReleaseError: there is no current release.
        OSError: a file cannot be read or written.
    """
    replace_file(folder.asked, json.dumps(folder.changes().asked, ensure_ascii=False))
    at(steps.COPY)
    copy = make_copy(place, folder)
    environment = environment_in(copy, place)
    at(steps.CHECK)
    _check(copy, environment)
    at(steps.INDEX)
    made = _train(folder, copy, environment)
    models = folder.view("models", made)  # from here on no other training removes them
    at(steps.CURRENT)
    before = _measure_current(folder, place)
    at(steps.CANDIDATE)
    after = _measure(folder, copy, environment_in(copy, place, models), "after.json")
    # Once it is live, it is the one that the next candidate is compared with.
    _keep(_known(made, copy), after)
    at(steps.COMPARE)
    return made, compare(before, after)


def _check(copy: Path, environment: Mapping[str, str]) -> None:
    done = _kalm(("check", "--quiet"), copy, environment)
    if done.returncode != 0:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        raise StepError("\n".join(["De teksten zijn nog niet goed genoeg:", *lines[:_SHOWN]]))


def _train(folder: CandidateFolder, copy: Path, environment: Mapping[str, str]) -> Release:
    done = _kalm(("train", "--kandidaat", str(folder.made)), copy, environment)
    if done.returncode != 0:
        _keep_output(done)
        raise StepError(_FAILED.format(what="trainen"))
    made = named(*folder.made.read_text(encoding="utf-8").split())
    if not made.is_there:
        raise StepError(
            "Het nieuwe model is er niet meer: er kwam een andere training tussen. Begin opnieuw."
        )
    return made


def _measure_current(folder: CandidateFolder, place: Place) -> dict[str, Any]:
    """What the current release does; the development set is measured once per release."""
    release = current()
    models = folder.view("current", release)
    environment = {**settings().environment(), "KALM_MODELS": str(models)}
    known = _known(release, place.root)
    if known.exists():
        found: dict[str, Any] = json.loads(known.read_text(encoding="utf-8"))
        asked = _measure(folder, place.root, environment, "before.json", "--alleen-vragen")
        return {**found, **asked}
    found = _measure(folder, place.root, environment, "before.json")
    _keep(known, found)
    return found


def _keep(known: Path, found: Mapping[str, Any]) -> None:
    """Keep what was measured with the development set; what visitors asked is not part of it."""
    known.parent.mkdir(parents=True, exist_ok=True)
    replace_file(known, json.dumps({**found, "asked": []}, ensure_ascii=False))
    made = sorted(known.parent.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in made[_KEPT:]:
        old.unlink()


def _measure(
    folder: CandidateFolder, where: Path, environment: Mapping[str, str], name: str, *options: str
) -> dict[str, Any]:
    to = folder.path / name
    done = _kalm(("measure", str(to), "--vragen", str(folder.asked), *options), where, environment)
    if done.returncode != 0:
        _keep_output(done)
        raise StepError(_FAILED.format(what="meten"))
    found: dict[str, Any] = json.loads(to.read_text(encoding="utf-8"))
    to.unlink()
    return found


def _known(release: Release, root: Path) -> Path:
    """Where it is kept what was measured of a release with the code and the data of a checkout."""
    digest = hashlib.sha256(" ".join(release.names).encode())
    for name in _MEASURED:
        for path in sorted((root / name).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(path.read_bytes())
    return settings().var / "review" / "measured" / f"{digest.hexdigest()[:24]}.json"


def _kalm(
    arguments: Sequence[str], where: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    return run_child(
        [sys.executable, "-m", "kalm", *arguments],
        cwd=where,
        env={**rasa_environment(), **environment, "COLUMNS": "400"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _keep_output(done: subprocess.CompletedProcess[str]) -> None:
    """Where and of which kind the error was; the rest might quote what a visitor typed."""
    for line in (done.stdout + done.stderr).splitlines()[-60:]:
        if line.startswith('  File "') or line.startswith("Traceback"):
            print(line, file=sys.stderr)
    print(f"exit code {done.returncode}", file=sys.stderr)
