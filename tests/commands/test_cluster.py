from __future__ import annotations

import time
from pathlib import Path

import pytest

from commands import cluster
from review.inbox.indexing import index
from review.unanswered import runs
from storage.database import Database
from storage.migrate import migrate
from storage.schema import review_items
from tests.review.conftest import Shop
from tests.review.unanswered.conftest import no_answer


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    address = f"sqlite:///{tmp_path / 'kalm.db'}"
    migrate(address)
    return Shop(Database(address), None)


def test_it_writes_which_messages_belong_together(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "embedder", lambda: None)
    shop.conversation(
        no_answer("kan rls ook maar in 1 been zitten"),
        no_answer("zit rls soms in een been alleen"),
        no_answer("hoeveel magnesium zit er in pindakaas"),
        {"text": "wat is rls"},
    )
    index(shop.database)
    with shop.database.writing() as connection:
        number = runs.begin(connection, None, time.time())
    assert number is not None
    cluster._look(shop.database, number, None)
    with shop.database.reading() as connection:
        found = sorted(
            (row.cluster or 0, row.typical is not None) for row in connection.execute(review_items.select())
        )
        run = runs.last_done(connection, time.time())
    first = number * runs.PER_RUN
    assert found == [(0, False), (first, True), (first, True), (first + 1, True)]
    assert run is not None
    assert (run.questions, run.left_out, run.is_running) == (3, 0, False)


def test_it_ends_when_whoever_started_it_is_gone(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "embedder", lambda: None)
    shop.conversation(no_answer("kan rls ook maar in 1 been zitten"), no_answer("wat is pindakaas"))
    index(shop.database)
    with shop.database.writing() as connection:
        number = runs.begin(connection, None, time.time())
    assert number is not None
    with pytest.raises(SystemExit):
        cluster._look(shop.database, number, -1)
