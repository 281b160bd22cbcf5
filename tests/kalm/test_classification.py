from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalm.classification import TextClassifier
from kalm.embedding import OtherEmbedderError
from tests.conftest import WordEmbedder

EXAMPLES = {
    "ijzer": ["te weinig ijzer in het bloed", "mijn ferritine is laag", "ijzertabletten slikken"],
    "bad": ["warm voetenbad nemen", "badkristallen in het water", "voeten in bad"],
    "slaap": ["ik lig wakker", "slecht slapen in de nacht", "moe door wakker liggen"],
}


def train(labels: list[str]) -> TextClassifier:
    texts = [(text, label) for label in labels for text in EXAMPLES[label]]
    return TextClassifier.train([text for text, _ in texts], [label for _, label in texts])


@pytest.fixture(scope="module")
def classifier() -> TextClassifier:
    return train(["ijzer", "bad", "slaap"])


def likeliest(classifier: TextClassifier, text: str) -> str:
    return classifier.labels[int(np.argmax(classifier.probabilities(text)))]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("heb ik te weinig ijzer", "ijzer"),
        ("hoe warm is het voetenbad", "bad"),
        ("ik slaap zo slecht", "slaap"),
    ],
)
def test_classifier_generalises_to_new_wording(classifier: TextClassifier, text: str, label: str) -> None:
    assert likeliest(classifier, text) == label


def test_classifier_sees_through_a_typing_mistake(classifier: TextClassifier) -> None:
    assert likeliest(classifier, "feritine te laag") == "ijzer"


@settings(deadline=None, max_examples=60)
@given(text=st.text(max_size=60))
def test_probabilities_are_a_distribution_for_any_text(classifier: TextClassifier, text: str) -> None:
    probabilities = classifier.probabilities(text)
    assert probabilities.shape == (3,)
    assert float(probabilities.sum()) == pytest.approx(1.0, abs=1e-5)
    assert bool((probabilities >= 0).all())


def test_text_without_known_features_gets_the_prior_and_leaves_it_untouched(
    classifier: TextClassifier,
) -> None:
    assert classifier.scores("漢字").tolist() == classifier.scores("☃").tolist()


def test_two_labels_work_like_more() -> None:
    classifier = train(["ijzer", "bad"])
    assert classifier.probabilities("ferritine en ijzer").shape == (2,)
    assert likeliest(classifier, "ferritine en ijzer") == "ijzer"
    assert likeliest(classifier, "warm bad met badkristallen") == "bad"


def test_saved_classifier_gives_the_same_scores(classifier: TextClassifier, tmp_path: Path) -> None:
    classifier.save(tmp_path)
    loaded = TextClassifier.load(tmp_path)
    assert loaded.labels == classifier.labels
    for text in ("ijzer in het bloed", "een onbekende tekst", ""):
        np.testing.assert_array_equal(loaded.scores(text), classifier.scores(text))


def test_training_needs_two_labels() -> None:
    with pytest.raises(ValueError, match="two labels"):
        TextClassifier.train(["een", "twee"], ["zelfde", "zelfde"])


def test_loading_from_an_empty_folder_fails(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        TextClassifier.load(tmp_path)


def test_balancing_gives_a_rare_label_more_weight() -> None:
    texts = ["voetenbad", *["ijzer slikken"] * 20]
    labels = ["bad", *["ijzer"] * 20]
    rare = {
        balanced: TextClassifier.train(texts, labels, balanced=balanced).probabilities("iets anders")[0]
        for balanced in (True, False)
    }
    assert rare[True] > rare[False]


@pytest.fixture(scope="module")
def knowing() -> TextClassifier:
    """A classifier whose embedder knows that a tub is a bath."""
    texts = [(text, label) for label, examples in EXAMPLES.items() for text in examples]
    return TextClassifier.train(
        [text for text, _ in texts],
        [label for _, label in texts],
        embedder=WordEmbedder({"kuipje": "bad"}),
    )


def test_an_embedder_teaches_what_the_letters_do_not_tell(
    classifier: TextClassifier, knowing: TextClassifier
) -> None:
    assert likeliest(knowing, "kuipje") == "bad"
    assert likeliest(classifier, "kuipje") != "bad"


def test_classifier_with_embedder_is_loaded_with_that_embedder_only(
    knowing: TextClassifier, tmp_path: Path
) -> None:
    embedder = WordEmbedder({"kuipje": "bad"})
    knowing.save(tmp_path)
    loaded = TextClassifier.load(tmp_path, embedder=embedder)
    for text in ("kuipje", "mijn ferritine", ""):
        np.testing.assert_allclose(loaded.scores(text), knowing.scores(text), rtol=1e-5)
    with pytest.raises(OtherEmbedderError, match="words for tests"):
        TextClassifier.load(tmp_path)


def test_classifier_without_embedder_is_not_loaded_with_one(
    classifier: TextClassifier, tmp_path: Path
) -> None:
    classifier.save(tmp_path)
    with pytest.raises(OtherEmbedderError, match="no embeddings"):
        TextClassifier.load(tmp_path, embedder=WordEmbedder())


def test_features_of_too_few_texts_are_not_learned() -> None:
    texts = ["ijzer", "ijzer", "water", "water", "ufo water"]
    labels = ["a", "a", "b", "b", "b"]
    trained = TextClassifier.train(texts, labels, least_texts=2)
    assert trained.scores("ufo").tolist() == trained.scores("☃").tolist()
