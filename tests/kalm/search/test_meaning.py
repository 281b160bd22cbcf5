from __future__ import annotations

from pathlib import Path

import pytest

from kalm.search.meaning import NAMES, QuestionMeanings
from tests.conftest import WordEmbedder

QUESTIONS = [["warm voetenbad", "voeten in water"], ["te weinig ijzer"], []]
UNANSWERED = ["waar blijft mijn pakket"]


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def meaning(embedder: WordEmbedder) -> QuestionMeanings:
    return QuestionMeanings.build(embedder, QUESTIONS, UNANSWERED)


def test_the_nearer_the_questions_the_higher_the_feature(meaning: QuestionMeanings) -> None:
    features = meaning.features("is er te weinig ijzer", [0, 1])
    assert features[1][0] > features[0][0]
    assert len(features[0]) == len(NAMES)


def test_nearness_to_the_unanswered_is_the_same_for_all_candidates(meaning: QuestionMeanings) -> None:
    asked = meaning.features("waar blijft mijn pakket", [0, 1])
    other = meaning.features("te weinig ijzer", [0, 1])
    assert asked[0][1] == asked[1][1] > other[0][1]


def test_passage_without_questions_has_no_meaning_of_its_own(meaning: QuestionMeanings) -> None:
    assert meaning.features("te weinig ijzer", [2])[2][0] == 0.0


def test_index_without_unanswered_questions_works(embedder: WordEmbedder) -> None:
    meaning = QuestionMeanings.build(embedder, QUESTIONS, [])
    assert meaning.features("te weinig ijzer", [1])[1][1] == 0.0


def test_saved_meaning_gives_the_same_features(
    meaning: QuestionMeanings, embedder: WordEmbedder, tmp_path: Path
) -> None:
    meaning.save(tmp_path)
    loaded = QuestionMeanings.load(tmp_path, embedder)
    for text in ("warm voetenbad", "pakket", ""):
        for number, features in loaded.features(text, [0, 1, 2]).items():
            assert features == pytest.approx(meaning.features(text, [number])[number], abs=0.02)
