"""From a working copy to a comparison: what is kept, what is told of a failure, what is measured again."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from commands.comparing import steps
from commands.comparing.steps import StepError, train_and_compare
from kalm import pointer
from kalm.pointer import named
from kalm.settings import settings
from review.training import folders
from review.training.changes import ChangeSet, FileChange
from review.training.data_files import Place
from review.training.folders import CandidateFolder
from tests.review.training.test_comparing import after, measured


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CandidateFolder]:
    """A candidate, with a current release that is no model."""
    (tmp_path / "models").mkdir()
    monkeypatch.setenv("KALM_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("KALM_MODELS", str(tmp_path / "models"))
    settings.cache_clear()
    for name in ("old", "new"):
        release = named(f"kalm-{name}.tar.gz", f"index-{name}")
        release.model.write_bytes(b"x")
        release.index.mkdir()
    pointer.publish(named("kalm-old.tar.gz", "index-old"))
    asked = ({"text": "een vraag", "intent": "ask_rls", "passage": ""},)
    changes = ChangeSet(files=(FileChange("data/nlu/a.yml", None, b"x", ()),), asked=asked)
    yield folders.make_folder("0123456789ab", changes)
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    root = tmp_path / "checkout"
    (root / "data" / "articles").mkdir(parents=True)
    return Place(root, root / "data" / "articles")


Called = list[tuple[str, ...]]


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch, folder: CandidateFolder) -> Called:
    """Stands in for the processes; keeps what was asked of them."""
    calls: Called = []

    def run(arguments: Sequence[str], where: Path, environment: Any) -> subprocess.CompletedProcess[str]:
        calls.append((*(one for one in arguments if "/" not in one), where.name))
        if arguments[0] == "train":
            Path(arguments[2]).write_text("kalm-new.tar.gz index-new")
        if arguments[0] == "measure":
            found = after() if where == folder.tree else measured()
            if "--alleen-vragen" in arguments:
                found = {"asked": found["asked"]}
            Path(arguments[1]).write_text(json.dumps(found))
        return subprocess.CompletedProcess(list(arguments), 0, "", "")

    monkeypatch.setattr(steps, "_kalm", run)
    return calls


def test_the_steps_come_in_their_order_and_publish_nothing(
    folder: CandidateFolder, place: Place, called: Called
) -> None:
    begun: list[str] = []

    made, comparison = train_and_compare(folder, place, begun.append)

    assert begun == ["copy", "check", "index", "current", "candidate", "compare"]
    assert made == named("kalm-new.tar.gz", "index-new")
    assert called == [
        ("check", "--quiet", "tree"),
        ("train", "--kandidaat", "tree"),
        ("measure", "--vragen", "checkout"),
        ("measure", "--vragen", "tree"),
    ]
    assert len(comparison["changed"]) == 3
    assert pointer.current() == named("kalm-old.tar.gz", "index-old")
    assert json.loads(folder.asked.read_text())[0]["text"] == "een vraag"
    assert folders.kept() >= {made.model, made.index}


def test_what_was_measured_of_the_current_release_is_used_again(
    folder: CandidateFolder, place: Place, called: Called
) -> None:
    _, first = train_and_compare(folder, place, lambda step: None)
    called.clear()

    _, second = train_and_compare(folder, place, lambda step: None)

    assert ("measure", "--vragen", "--alleen-vragen", "checkout") in called
    assert second == first
    for kept in (settings().var / "review" / "measured").iterdir():
        assert json.loads(kept.read_text())["asked"] == []


def test_other_code_or_other_data_is_measured_anew(
    folder: CandidateFolder, place: Place, called: Called
) -> None:
    train_and_compare(folder, place, lambda step: None)
    called.clear()
    (place.root / "kalm").mkdir()
    (place.root / "kalm" / "answering.py").write_text("anders")
    train_and_compare(folder, place, lambda step: None)
    assert ("measure", "--vragen", "checkout") in called


Fails = Callable[[str, str], None]


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch, called: Called) -> Fails:
    """Lets one of the processes fail, with what it prints."""
    working = steps._kalm

    def let(command: str, printed: str) -> None:
        def run(arguments: Sequence[str], *rest: Any) -> subprocess.CompletedProcess[str]:
            if arguments[0] == command:
                return subprocess.CompletedProcess(list(arguments), 1, printed, "")
            return working(arguments, *rest)

        monkeypatch.setattr(steps, "_kalm", run)

    return let


def test_faults_of_the_texts_are_told_in_dutch(folder: CandidateFolder, place: Place, fails: Fails) -> None:
    fails("check", "fout    data/articles/a.md: mist een bron\n\n" + "fout x\n" * 30)
    with pytest.raises(StepError) as error:
        train_and_compare(folder, place, lambda step: None)
    lines = str(error.value).splitlines()
    assert lines[:2] == ["De teksten zijn nog niet goed genoeg:", "fout    data/articles/a.md: mist een bron"]
    assert len(lines) == 13


@pytest.mark.parametrize(("command", "said"), [("train", "trainen"), ("measure", "meten")])
def test_a_step_that_fails_tells_where_but_no_words_of_visitors(
    folder: CandidateFolder,
    place: Place,
    fails: Fails,
    capsys: pytest.CaptureFixture[str],
    command: str,
    said: str,
) -> None:
    fails(
        command, 'Traceback (most recent call last):\n  File "a.py", line 3, in x\nValueError: mijn geheim\n'
    )
    with pytest.raises(StepError, match=f"Het {said} lukte niet"):
        train_and_compare(folder, place, lambda step: None)
    printed = capsys.readouterr().err
    assert 'File "a.py", line 3' in printed
    assert "geheim" not in printed


def test_a_model_that_is_gone_is_told(folder: CandidateFolder, place: Place, called: Called) -> None:
    named("kalm-new.tar.gz", "index-new").model.unlink()
    with pytest.raises(StepError, match="is er niet meer"):
        train_and_compare(folder, place, lambda step: None)
