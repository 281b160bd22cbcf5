"""What is done in the background, with processes that do nothing."""

from __future__ import annotations

import os
import signal
import subprocess
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


STARTS_ANOTHER = """
import subprocess
other = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])
told.write(str(other.pid))
"""


def exists(number: int) -> bool:
    """Whether there is such a process, one that only waits to be buried left out."""
    status = Path(f"/proc/{number}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def test_what_a_dead_process_had_started_is_ended_too(does: Callable[[str], Path]) -> None:
    told = does(f"exec({STARTS_ANOTHER!r})")
    WORK.start()
    wait(lambda: text_of(told))
    number, other = WORK._number(), int(text_of(told))
    os.kill(number, signal.SIGKILL)
    wait(lambda: not WORK.lives())
    assert exists(other)
    WORK.end()
    wait(lambda: not exists(other))


@pytest.mark.parametrize("where", ["", "an-earlier-start/pid:[1]"])
def test_a_number_of_before_the_machine_was_started_names_nobody(where: str) -> None:
    innocent = subprocess.Popen(
        [sys.executable, "-c", "import subprocess; subprocess.Popen(['sleep', '600'])"],
        start_new_session=True,
    )
    innocent.wait()  # its group lives on without it
    try:
        WORK._file("lock").write_text(f"{innocent.pid} {where}")
        WORK.end()
        os.killpg(innocent.pid, 0)  # raises when there is no such group
    finally:
        os.killpg(innocent.pid, signal.SIGKILL)


def test_who_does_it_says_its_own_number_until_it_is_done() -> None:
    with WORK.do():
        assert WORK._number() == os.getpid()
    assert WORK._number() == 0


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
