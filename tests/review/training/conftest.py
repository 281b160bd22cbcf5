"""A checkout of one's own, and approved work."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from kalm.settings import ROOT, settings
from review.states import ItemState
from review.training.data_files import Place
from storage.schema import judgements, review_items, team_members, training_edits
from tests.review.conftest import Shop


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """The repository's own training data in a folder of its own, and what it is measured with."""
    root = tmp_path / "checkout"
    for name in ("data/nlu", "data/articles", "tests/data/development", "tests/data/heldout"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("data/unanswered.yml", "data/approved.yml"):
        shutil.copy(ROOT / name, root / name)
    return Place(root, root / "data" / "articles")


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of what is made while running, and one for models, of this test alone."""
    folder = tmp_path / "var"
    (tmp_path / "models").mkdir()
    monkeypatch.setenv("KALM_VAR", str(folder))
    monkeypatch.setenv("KALM_MODELS", str(tmp_path / "models"))
    settings.cache_clear()
    yield folder
    monkeypatch.undo()
    settings.cache_clear()


Judge = Callable[..., int]


@pytest.fixture
def member(shop: Shop) -> Callable[[str], int]:
    """The number of somebody of the team, by name."""

    def find(name: str) -> int:
        with shop.database.reading() as connection:
            return int(
                connection.execute(
                    sa.select(team_members.c.id).where(team_members.c.name == name)
                ).scalar_one()
            )

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
