"""A training in the background: one at a time, to be stopped, and found dead."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from kalm.pointer import named
from review import background
from review.background import TRAINING, BusyError
from review.states import CandidateState
from review.training import candidates, listing
from review.training.candidates import NothingToTrainError
from review.training.changes import ChangeSet, FileChange
from review.training.folders import folder_of, home, kept, remove_others
from review.training.listing import Candidate
from storage.database import Database
from storage.schema import audit_log, judgements
from storage.schema import candidates as rows
from tests.review.conftest import Shop
from tests.review.training.conftest import Judge

SLEEPS = (sys.executable, "-c", "import time; time.sleep(600)")
ENDS = ("true",)


def with_child(told: Path) -> tuple[str, ...]:
    """A command that starts another, and tells its number."""
    code = (
        "import subprocess, sys, time;"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
        f"open({str(told)!r}, 'w').write(str(p.pid)); time.sleep(600)"
    )
    return (sys.executable, "-c", code)


def changes(message: int = 0) -> ChangeSet:
    learns = {"messages": [[message, "x"]] if message else [], "edits": [], "drafts": []}
    return ChangeSet(files=(FileChange("data/nlu/rls.yml", b"oud", b"nieuw", ()),), learns=learns)


def exists(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    return state != "Z"


def wait(test: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not test():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def begin(
    shop: Shop, var: Path, member: Callable[[str], int], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """Begins a training that is no training."""

    def start(command: tuple[str, ...] = SLEEPS, message: int = 0) -> str:
        monkeypatch.setattr(background, "KALM", command)
        started = candidates.start(shop.database, member("eva"), "eva", changes(message), time.time())
        wait(lambda: command != ENDS or not TRAINING.lives())
        return started

    return start


def read(database: Database, candidate_id: str) -> Candidate:
    with database.reading() as connection:
        found = listing.one_candidate(connection, candidate_id)
    assert found is not None
    return found


Begin = Callable[..., str]


def test_a_training_is_kept_with_what_it_changes(shop: Shop, begin: Begin, judge: Judge) -> None:
    message = judge("een zin")

    started = begin(message=message)

    found = read(shop.database, started)
    assert (found.state, found.by, found.files) == (
        CandidateState.TRAINING,
        "Eva Evers",
        ("data/nlu/rls.yml",),
    )
    assert found.folder.changes().files[0].name == "data/nlu/rls.yml"
    assert (found.folder.content(0, after=False), found.folder.content(0, after=True)) == (b"oud", b"nieuw")
    assert TRAINING.lives()
    with shop.database.reading() as connection:
        assert connection.execute(sa.select(judgements.c.candidate)).scalar_one() == started
        noted = connection.execute(sa.select(audit_log.c.action, audit_log.c.subject)).all()
    assert noted == [("candidate.start", started)]
    candidates.stop(shop.database, started, "eva", time.time())


def test_a_second_one_is_refused_while_one_runs(shop: Shop, begin: Begin) -> None:
    started = begin()
    with pytest.raises(BusyError):
        begin()
    candidates.stop(shop.database, started, "eva", time.time())
    second = begin()
    candidates.stop(shop.database, second, "eva", time.time())


def test_nothing_is_no_training(shop: Shop, var: Path) -> None:
    with pytest.raises(NothingToTrainError):
        candidates.start(shop.database, 1, "eva", ChangeSet(), time.time())


def test_breaking_off_ends_all_of_it_and_lets_the_work_wait(
    shop: Shop, begin: Begin, judge: Judge, tmp_path: Path
) -> None:
    told = tmp_path / "child"
    started = begin(with_child(told), judge("een zin"))
    wait(lambda: told.exists() and told.read_text() != "")
    folder = folder_of(started)
    folder.tree.mkdir()

    assert candidates.stop(shop.database, started, "eva", time.time())

    assert read(shop.database, started).state is CandidateState.STOPPED
    assert not TRAINING.lives()
    wait(lambda: not exists(int(told.read_text())))
    assert not folder.tree.exists()
    with shop.database.reading() as connection:
        assert connection.execute(sa.select(judgements.c.candidate)).scalar_one() == ""
    assert not candidates.stop(shop.database, started, "eva", time.time())


def test_one_that_was_killed_is_found_dead_with_what_it_left(
    shop: Shop, begin: Begin, judge: Judge, tmp_path: Path
) -> None:
    told = tmp_path / "child"
    started = begin(with_child(told), judge("een zin"))
    wait(lambda: told.exists() and told.read_text() != "")
    folder = folder_of(started)
    folder.tree.mkdir()
    candidates.bury_dead(shop.database)
    assert read(shop.database, started).state is CandidateState.TRAINING

    number = TRAINING._number()
    os.kill(number, signal.SIGKILL)
    wait(lambda: not background._exists(number))
    candidates.bury_dead(shop.database)

    found = read(shop.database, started)
    assert found.state is CandidateState.FAILED
    assert "onverwacht gestopt" in found.error
    wait(lambda: not exists(int(told.read_text())))
    assert not folder.tree.exists()
    with shop.database.reading() as connection:
        assert connection.execute(sa.select(judgements.c.candidate)).scalar_one() == ""


def test_one_that_cannot_be_started_has_failed(shop: Shop, begin: Begin) -> None:
    started = begin(("/bestaat/niet",))
    assert read(shop.database, started).state is CandidateState.FAILED


def test_one_that_was_stopped_cannot_become_ready(shop: Shop, begin: Begin) -> None:
    started = begin(ENDS)
    release = named("kalm-x.tar.gz", "index-x")
    assert candidates.is_wanted(shop.database, started)
    candidates.stop(shop.database, started, "eva", time.time())
    assert not candidates.is_wanted(shop.database, started)
    assert not candidates.ready(shop.database, started, release)
    assert not candidates.fail(shop.database, started, "te laat")
    assert read(shop.database, started).state is CandidateState.STOPPED


def make_ready(database: Database, candidate_id: str) -> None:
    release = named(f"kalm-{candidate_id}.tar.gz", f"index-{candidate_id}")
    assert candidates.ready(database, candidate_id, release)
    folder_of(candidate_id).view("models", release)


def test_one_that_is_ready_can_be_thrown_away_and_one_that_is_live_cannot(
    shop: Shop, begin: Begin, judge: Judge
) -> None:
    started = begin(ENDS, judge("een zin"))
    make_ready(shop.database, started)
    assert candidates.throw_away(shop.database, started, "eva", time.time())
    with shop.database.reading() as connection:
        assert connection.execute(sa.select(judgements.c.candidate)).scalar_one() == ""

    other = begin(ENDS)
    with shop.database.writing() as connection:
        connection.execute(rows.update().where(rows.c.id == other).values(state="live"))
    assert not candidates.throw_away(shop.database, other, "eva", time.time())


def test_folders_of_what_nobody_needs_go_at_the_next_start(shop: Shop, begin: Begin) -> None:
    first = begin(ENDS)
    candidates.fail(shop.database, first, "jammer")
    ready = begin(ENDS)
    make_ready(shop.database, ready)
    (home() / ".half").mkdir()

    third = begin(ENDS)

    assert {path.name for path in home().iterdir()} == {ready, third}
    assert {path.name for path in kept()} == {f"kalm-{ready}.tar.gz", f"index-{ready}"}
    remove_others(())
    assert list(home().iterdir()) == []


@pytest.mark.parametrize("name", ["..", "a/b", "", "ZZZZZZZZ", "../../etc"])
def test_an_id_leads_nowhere_else(var: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no id"):
        folder_of(name)


@pytest.mark.parametrize("state", [CandidateState.GOING_LIVE, CandidateState.LIVE])
def test_what_is_live_or_going_there_is_kept_after_many_others(
    shop: Shop, begin: Begin, state: CandidateState
) -> None:
    wanted = begin(ENDS)
    set_state(shop.database, wanted, state, None)
    for number in range(6):
        retired = begin(ENDS)
        set_state(shop.database, retired, CandidateState.RETIRED, time.time() + number)

    last = begin(ENDS)

    assert folder_of(wanted).path.exists()
    candidates.stop(shop.database, last, "eva", time.time())


def set_state(database: Database, candidate_id: str, state: CandidateState, live_at: float | None) -> None:
    with database.writing() as connection:
        connection.execute(
            rows.update().where(rows.c.id == candidate_id).values(state=state.value, live_at=live_at)
        )
