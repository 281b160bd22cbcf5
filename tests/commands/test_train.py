"""Training without Rasa and without articles: who waits, what is left behind, what is removed."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from commands import train
from commands.errors import CommandError
from kalm import going_live, release
from kalm.going_live import Running
from kalm.release import Release
from kalm.settings import settings
from review.background import Work


@pytest.fixture
def wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Release]:
    """What there is to train, in a folder of its own; articles, check and Dutch are left out."""
    folder = tmp_path / "models"
    folder.mkdir()
    wanted = Release(folder / "kalm-new.tar.gz", folder / "index-new")
    monkeypatch.setenv("KALM_MODELS", str(folder))
    settings.cache_clear()
    monkeypatch.setattr(release, "wanted", lambda: wanted)
    monkeypatch.setattr(train, "check", lambda quiet: None)
    monkeypatch.setattr(train, "read_articles", lambda folder: [])
    monkeypatch.setattr(train, "passages", lambda articles: [])
    monkeypatch.setattr(train, "unanswered", list)
    monkeypatch.setattr(train, "embedder", lambda: None)
    yield wanted
    monkeypatch.undo()
    settings.cache_clear()


Build = Callable[..., None]


def building(text: str, meanwhile: Callable[[], None] = lambda: None) -> Build:
    """Stands in for ``build_index``: an index that holds one word."""

    def build(passages: Any, folder: Path, *rest: Any) -> None:
        folder.mkdir()
        meanwhile()
        (folder / "word").write_text(text)

    return build


def rasa(
    code: int, content: bytes | None, stderr: str = ""
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Stands in for ``rasa train``: writes ``content`` where it is told, and ends with ``code``."""

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        folder, name = (command[command.index(flag) + 1] for flag in ("--out", "--fixed-model-name"))
        if content is not None:
            (Path(folder) / f"{name}.tar.gz").write_bytes(content)
        return subprocess.CompletedProcess(command, code, "", stderr)

    return run


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "train.lock")


def test_the_first_training_makes_both_and_publishes_them(
    wanted: Release, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(train, "build_index", building("new"))
    monkeypatch.setattr(train, "run_child", rasa(0, b"model"))

    train.train()

    assert release.current() == wanted
    assert wanted.model.read_bytes() == b"model"
    assert left_in(wanted.model.parent) == ["index-new", "kalm-new.tar.gz", "release.json"]
    assert "wacht" not in capsys.readouterr().out


def test_a_second_training_waits_says_so_and_finds_everything_made(
    wanted: Release, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    built = []

    def build(passages: Any, folder: Path, *rest: Any) -> None:
        built.append(folder)
        begun.set()
        assert go_on.wait(20)
        folder.mkdir()

    monkeypatch.setattr(train, "build_index", build)
    monkeypatch.setattr(train, "run_child", rasa(0, b"model"))
    first, second = threading.Thread(target=train.train), threading.Thread(target=train.train)
    printed = ""
    try:
        first.start()
        assert begun.wait(20)
        second.start()
        deadline = time.monotonic() + 20
        while "ik wacht tot die klaar is" not in printed and time.monotonic() < deadline:
            printed += capsys.readouterr().out
            time.sleep(0.01)
    finally:
        go_on.set()
        first.join(20)
        second.join(20)

    assert "Er loopt al een training; ik wacht tot die klaar is." in printed
    assert len(built) == 1
    printed += capsys.readouterr().out
    assert "De zoekindex is nog actueel." in printed
    assert "Het taalmodel is nog actueel." in printed
    assert release.current() == wanted


def test_a_training_that_failed_keeps_no_other_waiting(
    wanted: Release, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(train, "build_index", building("new"))
    monkeypatch.setattr(train, "run_child", rasa(1, None))
    with pytest.raises(CommandError):
        train.train()
    monkeypatch.setattr(train, "run_child", rasa(0, b"model"))

    train.train()

    assert release.current() == wanted
    assert "wacht" not in capsys.readouterr().out


@pytest.fixture
def published(wanted: Release) -> Release:
    """An index and a model that the servers use, under the names that are trained again with --force."""
    wanted.index.mkdir()
    (wanted.index / "word").write_text("old")
    wanted.model.write_bytes(b"old")
    release.publish(wanted)
    return wanted


def test_with_force_the_old_index_stays_in_place_until_the_new_one_is_whole(
    published: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    meanwhile = lambda: seen.append((release.current().index / "word").read_text())  # noqa: E731
    monkeypatch.setattr(train, "build_index", building("new", meanwhile))
    monkeypatch.setattr(train, "run_child", rasa(0, b"new"))

    train.train(force=True)

    assert seen == ["old"]
    assert (published.index / "word").read_text() == "new"
    assert published.model.read_bytes() == b"new"
    assert left_in(published.index.parent) == ["index-new", "kalm-new.tar.gz", "release.json"]


def broken(passages: Any, folder: Path, *rest: Any) -> None:
    folder.mkdir()
    raise ValueError("fewer than two passages")


def makes_nothing(passages: Any, folder: Path, *rest: Any) -> None:
    """So that putting the new index in place fails."""


@pytest.mark.parametrize("build", [broken, makes_nothing])
def test_when_building_with_force_fails_the_old_index_is_still_there(
    published: Release, monkeypatch: pytest.MonkeyPatch, build: Build
) -> None:
    monkeypatch.setattr(train, "build_index", build)
    monkeypatch.setattr(train, "run_child", rasa(0, b"new"))

    with pytest.raises((ValueError, OSError)):
        train.train(force=True)

    assert (release.current().index / "word").read_text() == "old"
    assert left_in(published.index.parent) == ["index-new", "kalm-new.tar.gz", "release.json"]


def test_what_a_killed_training_left_does_not_hinder_the_next(
    wanted: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = wanted.index.parent
    for name in (".index-new.draft", ".index-new.old"):
        (folder / name).mkdir()
        (folder / name / "half").touch()
    (folder / "draft.tar.gz").write_bytes(b"half")
    monkeypatch.setattr(train, "build_index", building("new"))
    monkeypatch.setattr(train, "run_child", rasa(0, b"model"))

    train.train()

    assert left_in(folder) == ["index-new", "kalm-new.tar.gz", "release.json"]
    assert left_in(wanted.index) == ["word"]


@pytest.mark.parametrize(("code", "content"), [(1, b"half a model"), (1, None), (0, None)])
def test_a_failing_rasa_train_leaves_no_half_model_and_shows_its_last_lines(
    wanted: Release, monkeypatch: pytest.MonkeyPatch, code: int, content: bytes | None
) -> None:
    lines = "\n".join(f"line {number}" for number in range(100))
    monkeypatch.setattr(train, "build_index", building("new"))
    monkeypatch.setattr(train, "run_child", rasa(code, content, stderr=lines))

    with pytest.raises(CommandError) as failed:
        train.train()

    assert f"'rasa train' failed with exit code {code}" in str(failed.value)
    assert str(failed.value).endswith("line 99")
    assert "line 9\n" not in str(failed.value), "the first lines do not help"
    assert left_in(wanted.model.parent) == ["index-new"]


def test_a_failing_rasa_train_keeps_the_old_model(
    published: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "build_index", building("new"))
    monkeypatch.setattr(train, "run_child", rasa(1, b"half"))

    with pytest.raises(CommandError):
        train.train(force=True)

    assert release.current().model.read_bytes() == b"old"


def test_an_interrupted_training_leaves_no_half_model(
    wanted: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(command: list[str], **options: Any) -> None:
        rasa(0, b"half")(command)
        raise KeyboardInterrupt

    wanted.index.mkdir()
    monkeypatch.setattr(train, "run_child", interrupted)

    with pytest.raises(KeyboardInterrupt):
        train.train()

    assert left_in(wanted.model.parent) == ["index-new"]


def test_index_and_model_are_made_at_once(wanted: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    both = threading.Barrier(2)

    def trained(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        both.wait(20)
        return rasa(0, b"model")(command, **options)

    monkeypatch.setattr(train, "build_index", building("new", lambda: print(both.wait(20))))
    monkeypatch.setattr(train, "run_child", trained)

    train.train()

    assert release.current() == wanted


def test_told_to_stop_it_does_not_wait_for_the_index(
    wanted: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def interrupted(command: list[str], **options: Any) -> None:
        raise SystemExit(143)

    monkeypatch.setattr(train, "build_index", building("new", lambda: print(go_on.wait(20))))
    monkeypatch.setattr(train, "run_child", interrupted)

    with pytest.raises(SystemExit):
        train.train()

    assert not wanted.index.exists()
    go_on.set()


def test_the_current_release_and_the_newest_three_stay(wanted: Release) -> None:
    folder = wanted.model.parent
    for age, name in enumerate(("e", "d", "c", "b", "a")):  # "a" is the oldest
        (folder / f"kalm-{name}.tar.gz").touch()
        (folder / f"index-{name}").mkdir()
        (folder / f"index-{name}" / "word").touch()
        for made in (f"kalm-{name}.tar.gz", f"index-{name}"):
            os.utime(folder / made, (1e9 - age, 1e9 - age))
    (folder / "README.md").touch()

    train._remove_old(Release(folder / "kalm-a.tar.gz", folder / "index-c"))

    assert left_in(folder) == [
        "README.md",
        *("index-c", "index-d", "index-e"),
        *("kalm-a.tar.gz", "kalm-c.tar.gz", "kalm-d.tar.gz", "kalm-e.tar.gz"),
    ]


def test_a_candidate_is_made_and_told_but_nothing_is_published_or_removed(
    published: Release, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = published.model.parent
    for number in range(5):
        (folder / f"kalm-old-{number}.tar.gz").write_bytes(b"x")
    candidate = Release(folder / "kalm-candidate.tar.gz", folder / "index-candidate")
    monkeypatch.setattr(release, "wanted", lambda: candidate)
    monkeypatch.setattr(train, "build_index", building("candidate"))
    monkeypatch.setattr(train, "run_child", rasa(0, b"model"))

    told: list[str] = []
    monkeypatch.setattr(Work, "tell", lambda work, step: told.append(step))

    train.train(candidate=tmp_path / "made")

    assert release.current() == published
    assert candidate.is_there
    assert told == ["index", "model"]
    assert (tmp_path / "made").read_text() == "kalm-candidate.tar.gz index-candidate"
    assert len(list(folder.glob("kalm-old-*.tar.gz"))) == 5


def test_the_models_of_candidates_stay_when_old_ones_are_removed(
    wanted: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = wanted.model.parent
    for number in range(6):
        path = folder / f"kalm-old-{number}.tar.gz"
        path.write_bytes(b"x")
        os.utime(path, (number, number))
    monkeypatch.setattr(train.candidate_folders, "kept", lambda: {folder / "kalm-old-0.tar.gz"})
    monkeypatch.setattr(train, "build_index", building("new"))
    monkeypatch.setattr(train, "run_child", rasa(0, b"model"))

    train.train()

    assert [path.name for path in sorted(folder.glob("kalm-old-*"))] == [
        *("kalm-old-0.tar.gz", "kalm-old-4.tar.gz", "kalm-old-5.tar.gz")
    ]


def test_an_export_that_was_broken_off_is_finished_before_anything_is_trained(
    wanted: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    monkeypatch.setattr(train, "finish_interrupted", lambda: order.append("finished"))
    monkeypatch.setattr(train, "check", lambda quiet: order.append("checked"))
    monkeypatch.setattr(train, "build_index", building("new"))
    monkeypatch.setattr(train, "run_child", rasa(0, b"model"))

    train.train()

    assert order == ["finished", "checked"]


def test_what_runs_and_what_ran_before_it_stay(wanted: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KALM_VAR", str(wanted.model.parent / "var"))
    settings.cache_clear()
    old = [make_release(f"old{number}") for number in range(6)]
    going_live.tell_running(Running(*old[0].names, earlier=old[1].names))
    train._remove_old(old[5])
    left = {path.name for path in wanted.model.parent.glob("kalm-*")}
    assert left == {f"kalm-old{number}.tar.gz" for number in (0, 1, 3, 4, 5)}


def make_release(name: str) -> Release:
    made = release.named(f"kalm-{name}.tar.gz", f"index-{name}")
    made.model.write_bytes(b"model")
    made.index.mkdir()
    age = float(name.removeprefix("old"))
    for path in (made.model, made.index):
        os.utime(path, (age, age))
    return made
