"""``kalm live``, with a supervisor that the test plays."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kalm import going_live, pointer, release
from kalm.going_live import Outcome, Reason, Running, Step, Wish
from kalm.pointer import Release
from kalm.settings import settings

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Release]:
    """What runs; "new" is what the files would give, and is not there yet."""
    (tmp_path / "models").mkdir()
    monkeypatch.setenv("KALM_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("KALM_VAR", str(tmp_path / "var"))
    settings.cache_clear()
    monkeypatch.setattr("commands.live._POLL", 0.01)
    monkeypatch.setattr(release, "wanted", lambda: pointer.named("kalm-new.tar.gz", "index-new"))
    yield made("old")
    monkeypatch.undo()
    settings.cache_clear()


def made(name: str) -> Release:
    found = pointer.named(f"kalm-{name}.tar.gz", f"index-{name}")
    found.model.write_bytes(b"model")
    found.index.mkdir()
    return found


@pytest.fixture
def play(old: Release) -> Iterator[Callable[[Step, str], list[Wish]]]:
    """Play a supervisor that lets every wish end in one way; gives back what was wished."""
    lock = going_live.be_the_supervisor()
    assert lock is not None
    going_live.tell_running(Running(*old.names))
    wished: list[Wish] = []
    over = threading.Event()

    def play(step: Step, reason: str = "") -> list[Wish]:
        def fulfil() -> None:
            while not over.is_set():
                found = going_live.wish_or_none()
                if found is not None:
                    wished.append(found)
                    going_live.tell(Outcome.of(found, Step.STARTING))
                    time.sleep(0.1)
                    going_live.tell(Outcome.of(found, step, reason))
                    going_live.take_away()
                time.sleep(0.01)

        thread.append(threading.Thread(target=fulfil))
        thread[0].start()
        return wished

    thread: list[threading.Thread] = []
    yield play
    over.set()
    for one in thread:
        one.join()
    lock.close()


Play = Callable[..., list[Wish]]


def test_what_was_trained_takes_over(run_app: Run, play: Play) -> None:
    new, wished = made("new"), play(Step.LIVE)
    code, out, _ = run_app("live")
    assert code == 0
    assert out.splitlines()[-1] == "De nieuwe Kalm is live."
    assert [(one.model, one.index, one.candidate) for one in wished] == [(*new.names, "")]


def test_files_that_were_not_trained_are_told(run_app: Run, play: Play) -> None:
    wished = play(Step.LIVE)
    code, _, err = run_app("live")
    assert (code, wished) == (1, [])
    assert "make train" in err


@pytest.mark.parametrize("reason", list(Reason))
def test_each_reason_is_told_and_nothing_changed(run_app: Run, play: Play, reason: Reason) -> None:
    made("new")
    play(Step.REFUSED, reason.value)
    code, _, err = run_app("live")
    assert code == 1
    assert "nothing changed: " in err


def test_back_takes_what_ran_before_with_the_files_of_its_candidate(
    run_app: Run, play: Play, old: Release
) -> None:
    new, wished = made("new"), play(Step.LIVE)
    going_live.tell_running(Running(*new.names, "abc", earlier=old.names))
    code, out, _ = run_app("live", "--terug")
    assert code == 0
    assert "herstart" not in out
    assert [(one.model, one.candidate, one.back) for one in wished] == [("kalm-old.tar.gz", "abc", True)]


def test_back_without_a_candidate_says_what_a_restart_would_do(
    run_app: Run, play: Play, old: Release
) -> None:
    new, wished = made("new"), play(Step.LIVE)
    going_live.tell_running(Running(*new.names, earlier=old.names))
    code, out, _ = run_app("live", "--terug")
    assert code == 0
    assert "een herstart neemt wat die zeggen" in out
    assert [(one.candidate, one.back) for one in wished] == [("", False)]


@pytest.mark.parametrize("earlier", [("", ""), ("kalm-gone.tar.gz", "index-gone")])
def test_without_anything_before_there_is_no_way_back(
    run_app: Run, play: Play, old: Release, earlier: tuple[str, str]
) -> None:
    going_live.tell_running(Running(*old.names, earlier=earlier))
    code, _, err = run_app("live", "--terug")
    assert code == 1
    assert "nothing to go back to" in err


def test_without_a_supervisor_it_says_so_and_does_not_wait(run_app: Run, old: Release) -> None:
    made("new")
    code, _, err = run_app("live")
    assert code == 1
    assert "kalm run" in err
    assert going_live.wish() is None
