"""The long look for conflicts, on a handful of examples and without embeddings."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands import conflicts as command
from commands.cli import _app
from kalm.settings import load_settings, settings
from review import background
from review.background import CONFLICTS, Progress
from review.conflicts import results, sentences
from review.conflicts.edits import edits_in_force
from review.conflicts.findings import Finding, Kind
from storage.database import Database
from storage.migrate import migrate

GREETINGS = ["hoi", "hallo", "goedemorgen", "goedenavond", "hallo daar", "hoi hoi", "goedemiddag", "hey"]
LEGS = [
    "mijn benen zijn onrustig in bed",
    "mijn benen zijn onrustig in bedje",
    "wat zijn rusteloze benen",
    "waarom kriebelen mijn benen",
    "mijn benen trillen in bed",
    "zijn rusteloze benen erfelijk",
    "mijn benen doen raar in bed",
    "hoi mijn benen kriebelen",
]
WRONG = "goedemorgen hallo"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    folder = tmp_path / "nlu"
    folder.mkdir()
    lines = {"greet": GREETINGS, "ask_rls": [*LEGS, WRONG], "deny": ["nee"]}
    (folder / "a.yml").write_text(
        "nlu:\n"
        + "".join(
            f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {line}\n" for line in of)
            for intent, of in lines.items()
        )
    )
    monkeypatch.setattr(sentences, "FOLDER", folder)
    own = load_settings(**{**settings().dict(), "var": tmp_path})
    for module in (results, background):
        monkeypatch.setattr(module, "settings", lambda: own)
    address = f"sqlite:///{tmp_path / 'kalm.db'}"
    migrate(address)
    found = Database(address)

    @contextmanager
    def opened() -> Iterator[Database]:
        yield found

    monkeypatch.setattr(command, "opened", opened)
    monkeypatch.setattr(command, "embedder", lambda: None)
    yield found
    found.close()


def findings(database: Database) -> list[Finding]:
    result = results.read()
    assert result is not None
    with database.reading() as connection:
        found = sentences.sentences(connection, edits_in_force(connection))
    assert result.fingerprint == sentences.fingerprint(found)
    assert result.compared == len(found)
    return list(result.findings(found))


def test_it_finds_what_is_alike_and_what_is_doubted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "DOUBTED_FROM", 0.6)
    answer = CliRunner().invoke(_app, ["conflicts"])
    assert answer.exit_code == 0, answer.output
    found = findings(database)
    assert [
        (one.one.text, one.other.text) for one in found if one.kind == Kind.SUPERFLUOUS and one.other
    ] == [(LEGS[0], LEGS[1])]
    doubted = {one.one.text: one.predicted for one in found if one.kind == Kind.DOUBTED}
    assert doubted.get(WRONG) == "greet"
    assert CONFLICTS.progress() == Progress(False)


def test_of_two_looks_at_once_one_goes_on(database: Database) -> None:
    with CONFLICTS.do():
        answer = CliRunner().invoke(_app, ["conflicts"])
    assert answer.exit_code == 1
    assert results.read() is None


def test_a_look_without_its_web_app_ends(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    parents = iter([1, 1, 2])
    monkeypatch.setattr(background.os, "getppid", lambda: next(parents, 2))
    monkeypatch.setattr(background.os, "nice", lambda by: by)
    lock = CONFLICTS.take()
    assert lock is not None
    with lock:
        answer = CliRunner().invoke(_app, ["conflicts", "--lock", str(os.dup(lock.fileno()))])
    assert answer.exit_code == 1
    assert results.read() is None
    assert CONFLICTS.progress().broke_off


def test_too_few_examples_are_no_fault(database: Database) -> None:
    (sentences.FOLDER / "a.yml").write_text("nlu:\n- intent: greet\n  examples: |\n    - hoi\n    - dag\n")
    assert CliRunner().invoke(_app, ["conflicts"]).exit_code == 0
    assert findings(database) == []
