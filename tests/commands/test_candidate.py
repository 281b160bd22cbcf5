"""The process of a candidate: what it leaves behind, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from commands import candidate as command
from commands.comparing import steps
from commands.errors import CommandError
from kalm import pointer
from kalm.pointer import named
from review import background
from review.states import CandidateState
from review.training import candidates, listing
from review.training.changes import ChangeSet, FileChange
from review.training.data_files import Place
from review.training.folders import folder_of
from storage.database import Database
from tests.commands.comparing.test_steps import called, folder, place  # noqa: F401  (fixtures)
from tests.review.conftest import Shop, database, shop  # noqa: F401
from tests.review.training.conftest import member  # noqa: F401
from tests.storage.conftest import (  # noqa: F401
    address,
    migrated_postgresql,
    migrated_sqlite,
    postgresql_server,
    sort,
)

Begin = Callable[[], str]


@pytest.fixture
def begun(
    shop: Shop,  # noqa: F811
    member: Callable[[str], int],  # noqa: F811
    called: object,  # noqa: F811
    place: Place,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """A candidate whose process has not begun its work."""
    monkeypatch.setattr(command, "here", lambda: place)
    monkeypatch.setattr(background, "KALM", ("true",))
    changes = ChangeSet(files=(FileChange("data/nlu/a.yml", None, b"x", ()),))
    return candidates.start(shop.database, member("eva"), "eva", changes, time.time())


def read(shop: Shop, candidate_id: str) -> listing.Candidate:  # noqa: F811
    with shop.database.reading() as connection:
        found = listing.one_candidate(connection, candidate_id)
    assert found is not None
    return found


def test_it_ends_ready_with_a_comparison(shop: Shop, begun: str) -> None:  # noqa: F811
    command._run(shop.database, begun, folder_of(begun))
    found = read(shop, begun)
    assert (found.state, found.release) == (CandidateState.READY, ("kalm-new.tar.gz", "index-new"))
    assert found.folder.comparison() is not None
    assert not found.folder.tree.exists()


def test_an_error_is_told_in_dutch_and_kept_without_its_words(
    shop: Shop,  # noqa: F811
    begun: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*given: object) -> None:
        raise ValueError("wat een bezoeker typte")

    monkeypatch.setattr(command, "train_and_compare", fail)
    command._run(shop.database, begun, folder_of(begun))
    assert read(shop, begun).state is CandidateState.FAILED
    assert read(shop, begun).error.startswith("Het trainen lukte niet door een fout in Kalm zelf.")
    assert "ValueError" in caplog.text
    assert "bezoeker" not in caplog.text


def test_an_id_without_a_folder_is_no_candidate() -> None:
    with pytest.raises(CommandError, match="there is no candidate"):
        command.candidate("niets")


@pytest.mark.parametrize("at", [1, 2, 3, 4, 5])
def test_killed_at_any_step_it_leaves_nothing_half_done(
    shop: Shop,  # noqa: F811
    begun: str,
    place: Place,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    at: int,
) -> None:
    before = {path: path.read_bytes() for path in place.root.rglob("*") if path.is_file()}
    kept = folder_of(begun)
    number = os.fork()
    if not number:
        _die_at(at, shop.database.engine.url.render_as_string(hide_password=False), begun)
    assert os.WTERMSIG(os.waitpid(number, 0)[1]) == signal.SIGKILL

    candidates.bury_dead(shop.database)

    found = read(shop, begun)
    assert (found.state, "onverwacht gestopt" in found.error) == (CandidateState.FAILED, True)
    assert not kept.tree.exists()
    assert kept.comparison() is None
    assert pointer.current() == named("kalm-old.tar.gz", "index-old")
    assert {path: path.read_bytes() for path in place.root.rglob("*") if path.is_file()} == before


def _die_at(at: int, url: str, candidate_id: str) -> None:
    """Do what ``kalm candidate`` does, in this process, which is killed as a step begins."""
    try:
        left, working = at, steps._kalm

        def deadly(arguments: Sequence[str], *rest: Any) -> subprocess.CompletedProcess[str]:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return working(arguments, *rest)

        steps._kalm = deadly
        if at == 5:  # when all is measured and nothing is written down
            steps.compare = lambda *given: os.kill(os.getpid(), signal.SIGKILL)
        command._run(Database(url), candidate_id, folder_of(candidate_id))
    finally:
        os._exit(1)


def test_it_ends_at_the_next_step_when_nobody_wants_it_any_more(
    shop: Shop,  # noqa: F811
    begun: str,
    called: list[tuple[str, ...]],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stopped_meanwhile(*given: object) -> None:
        with shop.database.writing() as connection:
            candidates._end(connection, begun, CandidateState.STOPPED, "")

    monkeypatch.setattr(steps, "_check", stopped_meanwhile)
    with pytest.raises(SystemExit):
        command._run(shop.database, begun, folder_of(begun))
    assert called == []
    assert read(shop, begun).state is CandidateState.STOPPED
    assert not folder_of(begun).tree.exists()
