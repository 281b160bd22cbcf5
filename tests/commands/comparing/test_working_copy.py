"""What is trained in the copy is what the checkout is after its files are exported."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from commands.comparing.working_copy import NEEDED, environment_in, make_copy
from kalm import release
from kalm.settings import ROOT, load_settings
from kalm.settings import settings as read_settings
from review.training import folders
from review.training.changes import ChangeSet, FileChange
from review.training.data_files import Place
from review.training.folders import CandidateFolder

RULES = "data/nlu/rls.yml"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    root = tmp_path / "checkout"
    for name in NEEDED:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, root / name)  # type: ignore[operator]
    return Place(root, root / "data" / "articles")


@pytest.fixture
def folder(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CandidateFolder:
    """A candidate with an example more, and a new article."""
    monkeypatch.setattr(folders, "home", lambda: tmp_path)
    before = place.path(RULES).read_bytes()
    changes = ChangeSet(
        files=(
            FileChange(RULES, before, before + b"      - een zin meer\n", ()),
            FileChange(place.name_of(place.articles / "nieuw.md"), None, b"nieuw\n", ()),
        )
    )
    return folders.make_folder("0123456789ab", changes)


def fingerprints(root: Path, articles: Path) -> tuple[str, str]:
    return (
        release.fingerprint(root / name for name in release.MODEL_INPUTS),
        release.fingerprint([articles, *(root / name for name in release.INDEX_INPUTS)]),
    )


def put_in_place(place: Place, folder: CandidateFolder) -> None:
    for number, changed in enumerate(folder.changes().files):
        place.path(changed.name).write_bytes(folder.content(number, after=True))


def test_the_copy_has_the_fingerprint_of_the_checkout_after_the_export(
    place: Place, folder: CandidateFolder
) -> None:
    before = fingerprints(place.root, place.articles)

    copy = make_copy(place, folder)

    trained = fingerprints(copy, place.articles_in_copy(copy))
    assert fingerprints(place.root, place.articles) == before
    assert trained[0] != before[0]
    assert trained[1] != before[1]
    put_in_place(place, folder)
    assert fingerprints(place.root, place.articles) == trained


def test_articles_elsewhere_are_copied_too_and_keep_their_names(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "home", lambda: tmp_path)
    articles = tmp_path / "elders" / "artikelen"
    shutil.copytree(place.articles, articles)
    elsewhere = Place(place.root, articles)
    name = elsewhere.name_of(articles / "magnesiumtekort.md")
    before = (articles / "magnesiumtekort.md").read_bytes()
    changes = ChangeSet(files=(FileChange(name, before, before + b"- een vraag meer\n", ()),))
    folder = folders.make_folder("0123456789ab", changes)

    copy = make_copy(elsewhere, folder)

    trained = fingerprints(copy, elsewhere.articles_in_copy(copy))
    put_in_place(elsewhere, folder)
    assert fingerprints(elsewhere.root, articles) == trained


def test_a_process_in_the_copy_works_with_the_copy(place: Place, folder: CandidateFolder) -> None:
    copy = make_copy(place, folder)

    found = subprocess.run(
        [sys.executable, "-c", "from kalm import release; print(*release.wanted().names)"],
        cwd=copy,
        env={**os.environ, **environment_in(copy, place), "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=True,
    )

    model, index = fingerprints(copy, place.articles_in_copy(copy))
    assert found.stdout.split() == [f"kalm-{model}.tar.gz", f"index-{index}"]


def test_nothing_of_the_checkout_that_is_private_or_large_is_copied(
    place: Place, folder: CandidateFolder
) -> None:
    for name in (".git", ".venv", "var", "models", "widget", "data/__pycache__"):
        (place.root / name).mkdir()
        (place.root / name / "x.pyc").write_text("x")
    (place.root / ".env").write_text("geheim")

    copy = make_copy(place, folder)

    assert {path.name for path in copy.iterdir()} <= {name.partition("/")[0] for name in NEEDED}
    assert not list(copy.rglob("*.pyc"))


def test_the_settings_of_the_copy_are_complete(place: Place) -> None:
    assert set(environment_in(Path("/copy"), place)) == set(load_settings().environment())
    assert environment_in(Path("/copy"), place)["KALM_VAR"] == str(read_settings().var)
