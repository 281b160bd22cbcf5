from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from commands.doctor.subjects import release as subject
from kalm import pointer
from kalm import release as releases
from kalm.classification import TextClassifier
from kalm.embedding import Embedder, EmbedderError
from kalm.search import build_index
from tests.commands.doctor.conftest import Examine, all_good, faults, warnings
from tests.conftest import WordEmbedder

Make = Callable[..., tuple[Path, Path]]


@pytest.fixture
def make(here: Path, passages: tuple, unanswered: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> Make:
    """Train a small release, and say what the present files would give."""
    monkeypatch.setattr(subject, "embedder", lambda: None)
    monkeypatch.setattr(releases, "embedder", lambda: None)

    def make(trained_with: Embedder | None = None) -> tuple[Path, Path]:
        models = here / "models"
        classifier = here / "train_nlu.intent_classifier.DutchIntentClassifier2"
        classifier.mkdir()
        texts = ["hallo daar", "goedemorgen", "tot ziens", "dag hoor"]
        intents = ["greet", "greet", "goodbye", "goodbye"]
        TextClassifier.train(texts, intents, embedder=trained_with).save(classifier)
        model, index = models / "kalm-1.tar.gz", models / "index-1"
        build_index(passages, index, unanswered, trained_with)
        with tarfile.open(model, "w:gz") as archive:
            archive.add(classifier, f"components/{classifier.name}")
        release = pointer.Release(model, index)
        (models / pointer.POINTER).write_text(json.dumps({"model": model.name, "index": index.name}))
        monkeypatch.setattr(releases, "wanted", lambda root: release)
        return model, index

    return make


def test_a_release_of_the_present_files(examined: Examine, make: Make) -> None:
    make()
    assert all_good(examined(subject.look, embeddings=False))


def test_nothing_was_trained(examined: Examine, here: Path) -> None:
    (found,) = faults(examined(subject.look, embeddings=False))
    assert "make train" in found.what


def test_the_pointer_names_what_is_gone(examined: Examine, make: Make) -> None:
    _, index = make()
    shutil.rmtree(index)
    (found,) = faults(examined(subject.look, embeddings=False))
    assert "index-1" in found.what


def test_made_with_another_embedder(examined: Examine, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    model, index = make(WordEmbedder())
    found = faults(examined(subject.look, embeddings=False))
    assert [one.where for one in found] == [str(model), str(index)]
    assert all("words for tests" in one.what for one in found)


def test_damaged(examined: Examine, make: Make) -> None:
    model, index = make()
    model.write_bytes(model.read_bytes()[:200])
    (index / "passages.json").write_text("{")
    found = faults(examined(subject.look, embeddings=False))
    assert [one.where for one in found] == [str(model), str(index)]


def test_a_model_without_a_classifier_of_kalm(examined: Examine, make: Make) -> None:
    model, _ = make()
    with tarfile.open(model, "w:gz"):
        pass
    (found,) = faults(examined(subject.look, embeddings=False))
    assert found.where == str(model)


@pytest.mark.parametrize("old", ["model", "index"])
def test_older_than_the_files(
    examined: Examine, make: Make, monkeypatch: pytest.MonkeyPatch, old: str
) -> None:
    model, index = make()
    wanted = {
        "model": model,
        "index": index,
        old: model.parent / ("kalm-2.tar.gz" if old == "model" else "index-2"),
    }
    monkeypatch.setattr(releases, "wanted", lambda root: pointer.Release(**wanted))
    (found,) = warnings(examined(subject.look, embeddings=False))
    assert found.where == {"model": model, "index": index}[old].name
    assert "make train" in found.remedy


def test_embeddings_are_wanted_and_not_there(
    examined: Examine, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make()
    (found,) = warnings(examined(subject.look))
    assert found.where == "KALM_EMBEDDINGS"


def test_embeddings_are_there_and_do_not_work(
    examined: Examine, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise EmbedderError(RuntimeError("no such instruction"))

    make()
    monkeypatch.setattr(subject, "embed_once", broken)
    (found,) = faults(examined(subject.look))
    assert found.where == "KALM_EMBEDDINGS"
    assert "cannot be used here (RuntimeError: no such instruction)" in found.what
