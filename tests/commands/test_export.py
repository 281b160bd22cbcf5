"""``kalm export`` looks first whether the files of a candidate give the release that it was trained to."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import typer

from commands.errors import CommandError
from commands.export import _refuse_unless_it_is_what_was_trained, export
from commands.supervising.programs import EXPLAINED
from kalm import release
from kalm.settings import ROOT, settings
from review.access import members
from review.access.members import NewPassword
from review.live.withdrawn import has_withdrawn_text
from review.states import Role
from review.training.data_files import UNANSWERED, hash_of
from review.training.export import ExportError
from review.training.folders import folder_of
from storage.database import Database
from storage.migrate import migrate
from storage.schema import article_drafts, candidates, team_members

ID = "abcdef012345"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("KALM_VAR", str(tmp_path / "var"))
    settings.cache_clear()
    (tmp_path / "var").mkdir()
    migrate(settings().database_url)
    opened = Database(settings().database_url)
    yield opened
    opened.close()
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def keep(database: Database) -> Callable[..., None]:
    """Keeps a candidate with one changed file, trained to some release."""

    def keep(names: tuple[str, str], content: bytes, drafts: Sequence[Sequence[int]] = ()) -> None:
        before = (ROOT / UNANSWERED).read_bytes()
        folder = folder_of(ID)
        (folder.path / "after").mkdir(parents=True)
        (folder.path / "after" / "0").write_bytes(content)
        changes: dict[str, Any] = {
            "files": [{"name": UNANSWERED, "before": hash_of(before), "after": hash_of(content)}],
            "learns": {"drafts": [list(one) for one in drafts]},
            "asked": [],
            "judged_by": [],
            "reviewed_by": [],
        }
        (folder.path / "changes.json").write_text(json.dumps(changes))
        with database.writing() as connection:
            members.add(
                connection,
                "eva",
                "Eva Evers",
                Role.EDITOR,
                NewPassword.of("paard-batterij-nietje", "eva"),
                time.time(),
            )
            eva = members.by_name(connection, "eva")
            assert eva is not None
            connection.execute(
                candidates.insert().values(
                    id=ID,
                    at=0.0,
                    member_id=eva.id,
                    state="going_live",
                    error="",
                    files=[],
                    release={"model": names[0], "index": names[1]},
                    earlier={},
                )
            )

    return keep


def test_files_that_give_the_release_that_was_trained_may_be_put_in_place(
    database: Database, keep: Callable[..., None]
) -> None:
    keep(release.wanted().names, (ROOT / UNANSWERED).read_bytes())
    _refuse_unless_it_is_what_was_trained(ID, database)
    assert not folder_of(ID).tree.exists()


def test_what_changed_beside_them_is_noticed_before_any_file_is_touched(
    database: Database, keep: Callable[..., None]
) -> None:
    text = (ROOT / UNANSWERED).read_bytes()
    keep(release.wanted().names, text + b'- "een vraag meer"\n')
    with pytest.raises(ExportError, match="nog iets veranderd"):
        _refuse_unless_it_is_what_was_trained(ID, database)
    assert (ROOT / UNANSWERED).read_bytes() == text
    assert not folder_of(ID).tree.exists()


@pytest.mark.parametrize(
    ("state", "version", "candidate", "may"),
    [
        ("approved", 3, ID, True),
        ("approved", 3, "", True),
        ("approved", 4, "", False),
        ("draft", 4, "", False),
        ("learnt", 3, ID, True),
        ("learnt", 3, "fedcba543210", False),
        ("undone", 4, "", False),
    ],
)
def test_a_text_that_was_taken_back_after_the_training_does_not_go_live(
    database: Database, keep: Callable[..., None], state: str, version: int, candidate: str, may: bool
) -> None:
    keep(release.wanted().names, (ROOT / UNANSWERED).read_bytes(), [(1, 3)])
    with database.writing() as connection:
        connection.execute(
            article_drafts.insert().values(
                id=1,
                article="x",
                section="y",
                fields={},
                member_id=connection.scalar(sa.select(team_members.c.id)),
                at=0.0,
                state=state,
                candidate=candidate,
                version=version,
            )
        )
    found = folder_of(ID)
    assert has_withdrawn_text(database, found) is not may
    if not may:
        with pytest.raises(ExportError, match="teruggehaald of veranderd"):
            _refuse_unless_it_is_what_was_trained(ID, database)


def test_when_a_file_cannot_be_written_it_is_not_said_that_nothing_changed(
    database: Database, keep: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    keep(release.wanted().names, (ROOT / UNANSWERED).read_bytes())
    monkeypatch.setattr("commands.export.exporting.export", fail)
    with pytest.raises(CommandError, match="No space left"):
        export(ID, back=False)


@pytest.mark.parametrize("name", [ID, "../../etc"])
def test_the_reason_is_the_last_line_and_has_a_code_of_its_own(
    database: Database, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    with pytest.raises(typer.Exit) as ended:
        export(name, back=False)
    assert ended.value.exit_code == EXPLAINED
    assert capsys.readouterr().err == "Deze training bestaat niet (meer).\n"


def test_a_candidate_that_is_not_there_is_refused(database: Database) -> None:
    with pytest.raises(ExportError, match="bestaat niet"):
        _refuse_unless_it_is_what_was_trained(ID, database)
