from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands import cluster
from commands.cli import _app
from kalm.settings import load_settings, settings
from review import background
from review.background import CLUSTERING
from review.inbox.indexing import index
from review.unanswered import runs
from storage.database import Database
from storage.migrate import migrate
from storage.schema import clusterings, review_items
from tests.review.conftest import Shop
from tests.review.unanswered.conftest import no_answer


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    own = load_settings(**{**settings().dict(), "var": tmp_path})
    monkeypatch.setattr(background, "settings", lambda: own)
    address = f"sqlite:///{tmp_path / 'kalm.db'}"
    migrate(address)
    made = Shop(Database(address), None)
    monkeypatch.setattr(cluster, "opened", lambda: nullcontext(made.database))
    monkeypatch.setattr(cluster, "embedder", lambda: None)
    return made


def test_it_writes_which_messages_belong_together(shop: Shop) -> None:
    shop.conversation(
        no_answer("kan rls ook maar in 1 been zitten"),
        no_answer("zit rls soms in een been alleen"),
        no_answer("hoeveel magnesium zit er in pindakaas"),
        {"text": "wat is rls"},
    )
    index(shop.database)
    assert (
        CliRunner()
        .invoke(_app, ["cluster"])
        .output.startswith("3 berichten, 3 verschillende vragen, 2 groepjes")
    )
    with shop.database.reading() as connection:
        found = sorted(
            (row.cluster or 0, row.typical is not None) for row in connection.execute(review_items.select())
        )
        run = runs.last_done(connection)
    assert run is not None
    first, _ = run.numbers
    assert found == [(0, False), (first, True), (first, True), (first + 1, True)]
    assert (run.questions, run.left_out) == (3, 0)
    assert not CLUSTERING.progress().broke_off


def test_of_two_looks_at_once_one_goes_on(shop: Shop) -> None:
    with CLUSTERING.do():
        assert CliRunner().invoke(_app, ["cluster"]).exit_code == 1
    with shop.database.reading() as connection:
        assert connection.execute(clusterings.select()).first() is None
