"""What is done in the background, with processes that do nothing."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from review import background
from review.background import BusyError, Progress, Work

WORK = Work("something", survives=True)


@pytest.fixture
def does(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Path]:
    """Let the process run this, after which it waits; gives the file that it is told of as ``told``."""

    def let(code: str) -> Path:
        told = tmp_path / "told"
        full = f"import os, sys, time; told = open({str(told)!r}, 'w'); {code}; told.close(); time.sleep(600)"
        monkeypatch.setattr(background, "KALM", (sys.executable, "-c", full))
        return told

    return let


def wait(test: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not test():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def text_of(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def test_a_process_is_seen_from_its_birth_to_its_death(does: Callable[[str], Path]) -> None:
    does("pass")
    assert WORK.progress() == Progress(False)
    assert WORK.start("something")
    assert WORK.progress().is_running
    assert not WORK.start("something"), "there are never two"
    WORK.end()
    assert not WORK.lives()
    assert WORK.progress().broke_off


def test_it_has_a_low_priority_and_the_number_that_ends_it(
    does: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = does("told.write(f'{os.getpid()} {sys.argv[1:3]} {os.getpgid(0)}')")
    WORK.start("something")
    wait(lambda: text_of(told))
    number = WORK._number()
    assert text_of(told) == f"{number} ['something', '--lock'] {number}"
    WORK.end()

    niceness: list[int] = []
    monkeypatch.setattr(background.os, "nice", niceness.append)
    lock = WORK.take()
    assert lock is not None
    with lock, WORK.do(os.dup(lock.fileno())):
        assert niceness == [10]


def test_one_thread_leaves_the_other_core_to_visitors(does: Callable[[str], Path]) -> None:
    work = Work("something", survives=True, one_thread=True)
    told = does("told.write(os.environ['OMP_NUM_THREADS'] + os.environ['OPENBLAS_NUM_THREADS'])")
    work.start()
    wait(lambda: text_of(told))
    work.end()
    assert text_of(told) == "11"


def test_how_far_it_is_can_be_seen_and_goes_when_it_is_done() -> None:
    with WORK.do() as tell:
        tell("Telt", 0.4)
        found = WORK.progress()
        assert (found.is_running, found.step, found.share, found.broke_off) == (True, "Telt", 0.4, False)
    assert WORK.progress() == Progress(False)


def test_who_does_it_keeps_others_from_it() -> None:
    with WORK.do():
        with pytest.raises(BusyError), WORK.do():
            pytest.fail("there are two")
        assert WORK.take() is None


def test_what_broke_off_is_known_until_the_next_time() -> None:
    with suppress(ZeroDivisionError), WORK.do() as tell:
        tell("Telt", 0.4)
        raise ZeroDivisionError
    assert WORK.progress().broke_off
    with WORK.do():
        pass
    assert not WORK.progress().broke_off


def test_a_process_that_cannot_be_started_holds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "KALM", ("/bestaat/niet",))
    with pytest.raises(OSError, match="bestaat"):
        WORK.start()
    assert not WORK.lives()


@pytest.mark.parametrize("survives", [True, False])
def test_without_the_web_app_it_ends_or_goes_on(survives: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    parents = iter([1, 2])
    monkeypatch.setattr(background.os, "getppid", lambda: next(parents))
    monkeypatch.setattr(background.os, "nice", lambda by: by)
    work = Work("something", survives=survives)
    lock = work.take()
    assert lock is not None
    ended = False
    with lock:
        try:
            with work.do(os.dup(lock.fileno())) as tell:
                tell("Telt", 0.4)
        except SystemExit:
            ended = True
    assert ended is not survives
