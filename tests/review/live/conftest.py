"""Candidates that are trained and compared, and a supervisor that a test plays."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from kalm import going_live, pointer
from kalm.going_live import Outcome, Reason, Running, Step, Wish
from kalm.pointer import Release
from review.states import CandidateState
from review.training.folders import folder_of
from storage.schema import candidates
from tests.review.conftest import Keep, Shop

OLD, NEW = ("kalm-old.tar.gz", "index-old"), ("kalm-new.tar.gz", "index-new")
ID = "abcdef012345"


def made(names: tuple[str, str]) -> Release:
    """A release that is there."""
    release = pointer.named(*names)
    release.model.write_bytes(b"model")
    release.index.mkdir(exist_ok=True)
    return release


@pytest.fixture
def models(var: Path) -> None:
    """Folders of this test alone, with the old release, which is current, and the new one."""
    made(NEW)
    pointer.publish(made(OLD))


@pytest.fixture
def candidate(keep_candidate: Keep, models: None) -> Keep:
    """Keeps a candidate with its folder, and gives its id."""

    def keep(
        candidate_id: str = ID,
        state: CandidateState = CandidateState.READY,
        release: Any = NEW,
        earlier: Any = OLD,
        forbidden: tuple[str, ...] = (),
        live_at: float | None = None,
    ) -> str:
        folder = folder_of(candidate_id)
        folder.path.mkdir(parents=True)
        changes = {"files": [], "learns": {}, "asked": [], "judged_by": [], "reviewed_by": []}
        (folder.path / "changes.json").write_text(json.dumps(changes))
        folder.keep_comparison({"forbidden": list(forbidden)})
        names = {"release": _row(release), "earlier": _row(earlier)}
        return keep_candidate(candidate_id, state, live_at=live_at, **names)

    return keep


def _row(names: Any) -> Any:
    return {"model": names[0], "index": names[1]} if isinstance(names, tuple) else names


@pytest.fixture
def state_of(shop: Shop) -> Callable[[str], tuple[str, str]]:
    """State and error of a candidate, as they are in the database."""

    def find(candidate_id: str) -> tuple[str, str]:
        with shop.database.reading() as connection:
            wanted = sa.select(candidates.c.state, candidates.c.error).where(candidates.c.id == candidate_id)
            row = connection.execute(wanted).one()
        return row.state, row.error

    return find


class PlayedSupervisor(AbstractContextManager["PlayedSupervisor"]):
    """Holds the lock of a supervisor, and says what one says."""

    def __enter__(self) -> PlayedSupervisor:
        self._lock = going_live.be_the_supervisor()
        assert self._lock is not None
        going_live.tell_running(Running(*OLD))
        return self

    def __exit__(self, *error: object) -> None:
        assert self._lock is not None
        self._lock.close()

    @property
    def wish(self) -> Wish:
        found = going_live.wish()
        assert found is not None
        return found

    def reach(self, step: Step) -> None:
        """The wish is that far."""
        going_live.tell(Outcome.of(self.wish, step))

    def fulfil(self) -> None:
        """The wish is live."""
        wish, before = self.wish, going_live.running()
        assert before is not None
        pointer.publish(pointer.named(wish.model, wish.index))
        candidate = "" if wish.back else wish.candidate
        going_live.tell_running(Running(wish.model, wish.index, candidate, earlier=before.names))
        self.reach(Step.LIVE)
        going_live.take_away()

    def refuse(self, reason: Reason, details: str = "") -> None:
        """The wish is refused."""
        going_live.tell(Outcome.of(self.wish, Step.REFUSED, reason.value, details))
        going_live.take_away()


@pytest.fixture
def supervisor(models: None) -> Iterator[PlayedSupervisor]:
    with PlayedSupervisor() as played:
        yield played
