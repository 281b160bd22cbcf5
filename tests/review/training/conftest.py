"""A checkout of one's own, and approved work."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kalm.settings import ROOT
from review.access import members
from review.access.members import Member
from review.states import ItemState
from review.training import candidates
from review.training.changes import waiting_changes
from review.training.data_files import Place
from review.training.folders import folder_of
from storage.schema import judgements, review_items, training_edits
from tests.review.conftest import Shop

NEW = "mijn onderstel krijgt maar geen vrede als ik op de sofa plof"
"""A sentence that Kalm does not know."""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """The repository's own training data in a folder of its own, and what it is measured with."""
    root = tmp_path / "checkout"
    for name in ("data/nlu", "data/articles", "tests/data/development", "tests/data/heldout"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("data/unanswered.yml", "data/approved.yml"):
        shutil.copy(ROOT / name, root / name)
    return Place(root, root / "data" / "articles")


Judge = Callable[..., int]


@pytest.fixture
def member(shop: Shop) -> Callable[[str], int]:
    """The number of somebody of the team, by name."""

    def find(name: str) -> int:
        with shop.database.reading() as connection:
            found = members.by_name(connection, name)
        assert found is not None
        return found.id

    return find


@pytest.fixture
def judge(shop: Shop, member: Callable[[str], int]) -> Judge:
    """Keeps an approved judgement of a message, and gives the message's id."""

    def keep(
        text: str,
        intent: str = "ask_rls",
        passage: str = "",
        entities: Any = (),
        state: ItemState = ItemState.APPROVED,
    ) -> int:
        _, ids = shop.conversation({"text": text, "kind": "no_answer", "intent": "nlu_fallback"})
        with shop.database.writing() as connection:
            connection.execute(
                review_items.insert().values(
                    message_id=ids[0],
                    at=time.time(),
                    channel="website",
                    intent="nlu_fallback",
                    confidence=0.3,
                    kind="no_answer",
                    group_key=str(ids[0])[:32],
                    score=1.0,
                    reasons=[],
                    state=state.value,
                    version=1,
                )
            )
            connection.execute(
                judgements.insert().values(
                    message_id=ids[0],
                    text=text,
                    intent=intent,
                    entities=entities if not isinstance(entities, tuple) else list(entities),
                    passage=passage,
                    proposal="",
                    judged_by=member("bea"),
                    judged_at=time.time(),
                    looked_by=member("bram"),
                    looked_at=time.time(),
                    second_intent="",
                    candidate="",
                )
            )
        return ids[0]

    return keep


@pytest.fixture
def edit(shop: Shop, member: Callable[[str], int]) -> Callable[..., int]:
    """Keeps an approved decision about an example, and gives its number."""

    def keep(kind: str, text: str, intent: str, to_intent: str = "") -> int:
        with shop.database.writing() as connection:
            done = connection.execute(
                training_edits.insert().values(
                    kind=kind,
                    text=text,
                    intent=intent,
                    to_intent=to_intent,
                    other_text="",
                    member_id=member("eva"),
                    at=time.time(),
                    state="approved",
                    candidate="",
                )
            )
            return int(done.inserted_primary_key[0])

    return keep


@pytest.fixture
def eva(shop: Shop) -> Member:
    with shop.database.reading() as connection:
        found = members.by_name(connection, "eva")
    assert found is not None
    return found


@pytest.fixture
def ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is started in the background ends without doing anything."""
    monkeypatch.setattr("review.background.KALM", (sys.executable, "-c", "pass"))


@pytest.fixture
def trained(
    shop: Shop,
    place: Place,
    var: Path,
    judge: Judge,
    edit: Callable[..., int],
    eva: Member,
    ends_at_once: None,
) -> str:
    """A candidate that learnt :data:`NEW` and lost another sentence, compared and good."""
    judge(NEW, "ask_product", "restless-legs-en-magnesium#vraag")
    edit("remove", "rls erfelijk?", "ask_rls")
    changes = waiting_changes(shop.database, place)
    started = candidates.start(shop.database, eva.id, "eva", changes, time.time())
    folder_of(started).keep_comparison({"forbidden": []})
    return started
