from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from kalm import release
from kalm.articles import Passage
from kalm.embedding import Embedder, embedder
from kalm.release import POINTER, Release, ReleaseError
from kalm.search import SearchIndex, build_index
from kalm.settings import settings


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder for models that the settings point to."""
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("KALM_MODELS", str(folder))
    settings.cache_clear()
    yield folder
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def made(models: Path) -> Callable[[str], Release]:
    def make(name: str) -> Release:
        made = Release(models / f"kalm-{name}.tar.gz", models / f"index-{name}")
        made.model.write_bytes(b"model")
        made.index.mkdir()
        return made

    return make


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "sub").mkdir(parents=True)
    (folder / "een.md").write_text("een", encoding="utf-8")
    (folder / "sub" / "twee.yml").write_text("twee", encoding="utf-8")
    return folder


def test_fingerprint_is_the_same_for_the_same_files_whatever_their_date(sources: Path) -> None:
    before = release.fingerprint([sources])
    os.utime(sources / "een.md", (0, 0))
    assert release.fingerprint([sources]) == before


def test_fingerprint_changes_with_the_embedder(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = release.fingerprint([sources])
    monkeypatch.setattr(release, "embedder_name", lambda: "another")
    assert release.fingerprint([sources]) != before


def test_fingerprint_changes_with_content(sources: Path) -> None:
    before = release.fingerprint([sources])
    (sources / "sub" / "twee.yml").write_text("twee!", encoding="utf-8")
    assert release.fingerprint([sources]) != before


def test_fingerprint_changes_with_a_name(sources: Path) -> None:
    before = release.fingerprint([sources])
    (sources / "een.md").rename(sources / "anders.md")
    assert release.fingerprint([sources]) != before


def test_fingerprint_changes_with_a_new_and_a_lost_file(sources: Path) -> None:
    before = release.fingerprint([sources])
    (sources / "drie.md").write_text("", encoding="utf-8")
    more = release.fingerprint([sources])
    (sources / "drie.md").unlink()
    (sources / "een.md").unlink()
    assert len({before, more, release.fingerprint([sources])}) == 3


def test_fingerprint_of_a_single_file_counts_its_name_too(sources: Path) -> None:
    (sources / "kopie.md").write_text("een", encoding="utf-8")
    assert release.fingerprint([sources / "een.md"]) != release.fingerprint([sources / "kopie.md"])


def test_fingerprint_overlooks_what_programs_leave_behind(sources: Path) -> None:
    before = release.fingerprint([sources])
    (sources / "__pycache__").mkdir()
    (sources / "__pycache__" / "een.cpython-310.pyc").write_bytes(b"x")
    (sources / ".een.md.swp").write_bytes(b"x")
    assert release.fingerprint([sources]) == before


def test_fingerprint_does_not_depend_on_where_the_files_are(sources: Path, tmp_path: Path) -> None:
    before = release.fingerprint([sources])
    (tmp_path / "elders").mkdir()
    moved = sources.rename(tmp_path / "elders" / "data")
    assert release.fingerprint([moved]) == before


def test_fingerprint_changes_with_the_dutch_in_use(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = release.fingerprint([sources])
    monkeypatch.setattr(release, "dutch", lambda: SimpleNamespace(source="another"))
    assert release.fingerprint([sources]) != before


def test_every_input_of_model_and_index_is_there() -> None:
    missing = [
        name for name in (*release.MODEL_INPUTS, *release.INDEX_INPUTS) if not (release.ROOT / name).exists()
    ]
    assert missing == []


def test_wanted_release_lies_in_the_models_folder_and_follows_the_articles(
    models: Path, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KALM_ARTICLES", str(sources))
    settings.cache_clear()
    before = release.wanted()
    assert {before.model.parent, before.index.parent} == {models}
    (sources / "een.md").write_text("een nieuw artikel", encoding="utf-8")
    after = release.wanted()
    assert after.index != before.index
    assert after.model == before.model


def test_published_release_is_current(made: Callable[[str], Release]) -> None:
    for name in ("een", "twee"):
        wanted = made(name)
        release.publish(wanted)
        assert release.current() == wanted


def test_publishing_replaces_the_file_in_one_step(models: Path, made: Callable[[str], Release]) -> None:
    old, new = made("old"), made("new")
    release.publish(old)
    with (models / POINTER).open(encoding="utf-8") as reader:  # a server that is reading just now
        release.publish(new)
        assert json.load(reader) == {"model": old.model.name, "index": old.index.name}
    assert release.current() == new
    assert {path for path in models.iterdir() if path.is_file()} == {old.model, new.model, models / POINTER}


def test_publishing_that_breaks_off_leaves_the_old_release(
    made: Callable[[str], Release], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = made("old"), made("new")
    release.publish(old)

    def break_off(self: Path, target: Path) -> Path:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", break_off)
        with pytest.raises(OSError, match="disk full"):
            release.publish(new)
    assert release.current() == old


@pytest.mark.parametrize(
    "content", [None, "", "{", "{}", '{"model": "x"}', "[]", "null", '{"model": 1, "index": 2}']
)
def test_pointer_that_names_nothing_is_an_error_with_the_command(models: Path, content: str | None) -> None:
    if content is not None:
        (models / POINTER).write_text(content, encoding="utf-8")
    with pytest.raises(ReleaseError, match="make train"):
        release.current()


@pytest.mark.parametrize("lost", ["model", "index"])
def test_lost_file_is_an_error_with_its_name_and_the_command(
    made: Callable[[str], Release], lost: str
) -> None:
    published = made("een")
    release.publish(published)
    path: Path = getattr(published, lost)
    path.rename(path.with_name("weg"))
    with pytest.raises(ReleaseError, match=rf"{path.name}.*make train"):
        release.current()


def test_index_of_the_current_release_is_loaded(
    models: Path, passages: tuple[Passage, ...], unanswered: tuple[str, ...]
) -> None:
    published = Release(models / "kalm-x.tar.gz", models / "index-x")
    published.model.write_bytes(b"model")
    build_index(passages, published.index, unanswered, embedder())
    release.publish(published)
    assert release.load_index().passages == passages


def test_nothing_trained_means_no_index(models: Path) -> None:
    with pytest.raises(ReleaseError, match="make train"):
        release.load_index()


def test_an_index_is_loaded_where_nothing_may_be_written(
    tmp_path: Path, passages: tuple[Passage, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "index-1"
    build_index(passages, folder)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    opened: list[Path] = []
    load = release._load_index

    def load_index(place: Path, embedder: Embedder | None) -> SearchIndex:
        opened.append(place)
        return load(place, embedder)

    monkeypatch.setattr(release, "embedder", lambda: None)
    monkeypatch.setattr(release, "_load_index", load_index)
    monkeypatch.setattr(os, "access", lambda path, mode: False)

    assert release.load_index_at(folder).search("Wat is een ijzertekort?")[0].passage.id == "ijzer#tekort"
    assert opened != [folder]
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
