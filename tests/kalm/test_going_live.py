"""The files by which screens, command line and supervisor agree."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kalm import going_live, locks
from kalm.going_live import BusyError, Outcome, Reason, Running, Step, Wish
from kalm.settings import settings


@pytest.fixture(autouse=True)
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("KALM_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("KALM_MODELS", str(tmp_path / "models"))
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@contextmanager
def supervised() -> Iterator[None]:
    lock = going_live.be_the_supervisor()
    assert lock is not None
    with lock:
        yield


def test_a_supervisor_is_there_as_long_as_it_holds_its_lock() -> None:
    assert not going_live.is_supervised()
    with supervised():
        assert going_live.is_supervised()
        assert going_live.is_supervised(), "looking does not take it"
    assert not going_live.is_supervised()


def test_there_is_one_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "_TRIED_FOR", 0.05)
    with supervised():
        assert going_live.be_the_supervisor() is None
    with supervised():
        pass


def test_who_only_looks_keeps_no_supervisor_from_starting() -> None:
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            going_live.is_supervised()

    looking = [threading.Thread(target=look) for _ in range(3)]
    for thread in looking:
        thread.start()
    try:
        for _ in range(10):
            with supervised():
                pass
    finally:
        over.set()
        for thread in looking:
            thread.join()


def test_of_many_who_ask_at_once_one_is_heard() -> None:
    heard: list[str] = []
    together = threading.Barrier(8)

    def ask(number: int) -> None:
        wish = Wish(f"kalm-{number}.tar.gz", f"index-{number}")
        together.wait()
        try:
            going_live.ask(wish)
        except BusyError:
            return
        heard.append(wish.id)

    with supervised():
        threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = going_live.wish()
    assert found is not None
    assert heard == [found.id]
    assert [path.name for path in going_live.folder().glob("wish*")] == ["wish.json"]


def test_what_is_told_is_read_again() -> None:
    wish = Wish("kalm-a.tar.gz", "index-a", candidate="abc", back=True)
    outcome = Outcome.of(wish, Step.REFUSED, Reason.FILES.value, "Een zin.")
    running = Running("kalm-a.tar.gz", "index-a", "abc", actions_port=1, earlier=("kalm-b.tar.gz", "index-b"))
    going_live.tell(outcome)
    going_live.tell_running(running)
    assert going_live.outcome() == outcome
    assert going_live.running() == running


def test_a_wish_whose_supervisor_is_gone_was_stopped() -> None:
    wish = Wish("kalm-a.tar.gz", "index-a", candidate="abc")
    with supervised():
        going_live.ask(wish)
        assert going_live.outcome_of(wish.id).step is Step.WAITING
        going_live.tell(Outcome.of(wish, Step.ANSWERED))
        assert going_live.outcome_of(wish.id).step is Step.ANSWERED
    found = going_live.last_about("abc")
    assert found is not None
    assert (found.step, found.reason) == (Step.REFUSED, "stopped")


def test_what_ended_stays_as_it_ended() -> None:
    wish = Wish("kalm-a.tar.gz", "index-a", candidate="abc")
    going_live.tell(Outcome.of(wish, Step.LIVE))
    assert going_live.outcome_of(wish.id).step is Step.LIVE
    assert going_live.last_about("another") is None


@pytest.mark.parametrize("content", ["", "{", "[]", "1", "null", '{"wish": "a"}', '{"earlier": 1}', "\0"])
def test_broken_files_count_as_none(content: str) -> None:
    for name in ("outcome.json", "running.json"):
        (going_live.folder() / name).write_text(content)
    assert going_live.outcome() is None
    assert going_live.running() is None
    assert going_live.kept() == set()


def test_what_runs_ran_before_or_is_wanted_is_kept() -> None:
    going_live.tell_running(Running("kalm-a.tar.gz", "index-a", earlier=("kalm-b.tar.gz", "index-b")))
    with supervised():
        going_live.ask(Wish("kalm-c.tar.gz", "index-c"))
    names = {path.name for path in going_live.kept()}
    assert names == {f"kalm-{one}.tar.gz" for one in "abc"} | {f"index-{one}" for one in "abc"}


def test_the_action_server_is_where_the_running_release_has_it() -> None:
    usual = settings().actions_url
    going_live.tell_running(Running("kalm-a.tar.gz", "index-a", actions_port=12345))
    assert going_live.actions_url() == usual, "of a supervisor that is gone it says nothing"
    with supervised():
        assert going_live.actions_url() == "http://127.0.0.1:12345"
