from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalm.articles import Passage
from kalm.embedding import OtherEmbedderError, Vectors
from kalm.search import SearchIndex, build_index, load_index
from kalm.search.calibration import feature_names, load_calibration
from kalm.search.fit import Fit, Verdict, judge
from kalm.search.index import CANDIDATES, LONGEST_QUERY
from tests.conftest import WordEmbedder

EMBEDDER = WordEmbedder({"kuipje": "voetenbad"})


def best(index: SearchIndex, text: str) -> str:
    return index.search(text)[0].passage.id


def test_an_editors_own_question_finds_its_passage_for_certain(index: SearchIndex) -> None:
    for passage in index.passages:
        for question in passage.questions:
            match = index.search(question)[0]
            assert (match.passage.id, match.probability) == (passage.id, 1.0), question


@pytest.mark.parametrize(
    "typed", ["WAT IS EEN IJZERTEKORT", "wat is een ijzertekort", "  Wat is een ijzertekórt?!  "]
)
def test_case_marks_and_accents_do_not_make_another_question(index: SearchIndex, typed: str) -> None:
    match = index.search(typed)[0]
    assert (match.passage.id, match.probability) == ("ijzer#tekort", 1.0)


@pytest.mark.parametrize(
    ("typed", "passage"),
    [
        ("zijn wriemelbenen erfelijk", "onrust#erfelijk"),
        ("welke temperatuur moet een voetbad hebben", "voetenbad#temperatuur"),
        ("welke bijwerkngen hebben ijzertabletten", "ijzer#tabletten"),
        ("wat is badzout", "voetenbad#kristallen"),
        ("Welke rol speelt dopamin?", "onrust#avond"),
        ("magnesium opnemen via huid", "voetenbad#huid"),
    ],
)
def test_other_words_and_typing_mistakes_find_the_passage(
    index: SearchIndex, typed: str, passage: str
) -> None:
    assert best(index, typed) == passage


@pytest.mark.parametrize(
    "typed", ["vertel nog eens een mop", "wanneer vertrekt mijn trein", "pannenkoeken maken"]
)
def test_another_subject_is_less_likely_than_any_real_question(index: SearchIndex, typed: str) -> None:
    assert index.search(typed)[0].probability < index.search("zijn wriemelbenen erfelijk")[0].probability / 2


@pytest.mark.parametrize("typed", ["", "???", "  ", "🙂"])
def test_nothing_asked_finds_nothing(index: SearchIndex, typed: str) -> None:
    assert index.search(typed) == []


@settings(deadline=None, max_examples=60)
@given(text=st.text(max_size=120) | st.text("benijzr tkowma?' ", max_size=60))
def test_any_text_gives_few_distinct_candidates_best_first(index: SearchIndex, text: str) -> None:
    matches = index.search(text)
    probabilities = [match.probability for match in matches]
    assert len(matches) <= CANDIDATES
    assert len({match.passage.id for match in matches}) == len(matches)
    assert probabilities == sorted(probabilities, reverse=True)
    assert all(0.0 <= value <= 1.0 for value in probabilities)
    assert all(len(match.features) == len(feature_names(with_embeddings=False)) for match in matches)


def test_end_of_a_long_story_is_not_read(index: SearchIndex) -> None:
    story = ("ijzer " * LONGEST_QUERY)[:LONGEST_QUERY]
    assert index.search(story + " voetenbad temperatuur water") == index.search(story)


def test_passages_are_found_by_id_and_article_in_order(
    index: SearchIndex, passages: tuple[Passage, ...]
) -> None:
    assert index.passage("ijzer#eten") is passages[7]
    assert index.passage("ijzer#weg") is None
    assert index.of_article("ijzer") == list(passages[4:8])
    assert index.of_article("onbekend") == []


def test_saved_index_answers_the_same(
    passages: tuple[Passage, ...], unanswered: tuple[str, ...], tmp_path: Path
) -> None:
    folder = tmp_path / "new" / "index"
    built = build_index(passages, folder, unanswered)
    loaded = load_index(folder)
    assert loaded.passages == passages
    for text in ("zijn wriemelbenen erfelijk", "Wat is een ijzertekort?", "vertel een mop", ""):
        assert loaded.search(text) == built.search(text)


def test_sentences_that_nothing_answers_lower_the_probability(
    index: SearchIndex, passages: tuple[Passage, ...], tmp_path: Path
) -> None:
    naive = build_index(passages, tmp_path / "index")
    typed = "helpt een verzwaringsdeken tegen hoofdpijn"
    assert index.search(typed)[0].probability < naive.search(typed)[0].probability


def test_existing_folder_is_not_overwritten(passages: tuple[Passage, ...], tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        build_index(passages, tmp_path)


def test_one_passage_is_too_few(passages: tuple[Passage, ...], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two"):
        build_index(passages[:1], tmp_path / "index")


def test_folder_without_index_cannot_be_loaded(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_index(tmp_path)


@pytest.fixture(scope="module")
def meaning_folder(
    passages: tuple[Passage, ...], unanswered: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """An index whose embedder knows that a tub is a foot bath."""
    folder = tmp_path_factory.mktemp("index") / "meaning"
    build_index(passages, folder, unanswered, EMBEDDER)
    return folder


def test_an_embedder_finds_what_no_word_tells(index: SearchIndex, meaning_folder: Path) -> None:
    with_meaning = load_index(meaning_folder, EMBEDDER)
    assert with_meaning.search("een kuipje")[0].passage.slug == "voetenbad"
    assert index.search("een kuipje")[0].passage.slug != "voetenbad"


def test_the_meaning_is_looked_at_where_words_leave_doubt_and_nowhere_else(meaning_folder: Path) -> None:
    asked: list[str] = []

    class Counting(WordEmbedder):
        def embed(self, text: str) -> Vectors:
            asked.append(text)
            return super().embed(text)

    found = load_index(meaning_folder, Counting({"kuipje": "voetenbad"}))
    exact = found.passages[0].questions[0]
    (first, *others) = found.search(exact)
    assert first.is_exact
    assert not any(match.with_meaning for match in (first, *others))
    assert asked == []
    matches = found.search("een kuipje")
    assert all(match.with_meaning for match in matches)
    assert set(asked) == {"een kuipje"}
    assert matches == found.look("een kuipje", with_meaning=True)
    assert all(len(match.features) == len(feature_names(with_embeddings=True)) for match in matches)


def test_what_was_found_is_judged_by_the_weights_of_how_it_was_found(meaning_folder: Path) -> None:
    found = load_index(meaning_folder, EMBEDDER)
    for with_meaning in (False, True):
        matches = found.look("hoe warm moet het water zijn", with_meaning)
        _, weights = load_calibration(with_meaning)
        assert found.judge(matches, 0.2) == judge(matches, 0.2, weights)
    assert found.judge([], 0.0) == Verdict(Fit.NOT, 0.0, ())


def test_without_an_embedder_words_alone_decide(index: SearchIndex) -> None:
    for text in ("een kuipje", "zijn wriemelbenen erfelijk"):
        assert index.search(text) == index.look(text, with_meaning=False)


def test_index_is_only_used_with_the_embedder_it_was_built_with(
    passages: tuple[Passage, ...], meaning_folder: Path, tmp_path: Path
) -> None:
    build_index(passages, tmp_path / "words")
    with pytest.raises(OtherEmbedderError, match="run 'make train'"):
        load_index(meaning_folder)
    with pytest.raises(OtherEmbedderError, match="no embeddings"):
        load_index(tmp_path / "words", EMBEDDER)


@settings(deadline=None, max_examples=30)
@given(text=st.text(max_size=80))
def test_with_embeddings_too_any_text_gives_probabilities(meaning_folder: Path, text: str) -> None:
    found = load_index(meaning_folder, EMBEDDER).search(text)
    assert all(0.0 <= match.probability <= 1.0 for match in found)
    assert all(0.0 <= match.nothing <= 1.0 for match in found)
