from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalm.search.engine import PASSAGE, QUESTION, Document, Engine


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("engine")
    Engine.build(
        folder,
        [
            Document.of_passage(0, ["ijzer", "bloed"], ["tekort"], [" tek"]),
            Document.of_passage(1, ["water", "tekort", "vitamine d"], ["voetenbad"], [" voe"]),
            Document.of_question(7, ["ijzer", "meten"], [" met"]),
        ],
    )
    return folder


@pytest.fixture(scope="module")
def engine(folder: Path) -> Engine:
    return Engine.load(folder)


def test_documents_are_found_by_their_terms_with_kind_and_ordinal(engine: Engine) -> None:
    assert set(engine.search(["ijzer"], [], 5)) == {(PASSAGE, 0), (QUESTION, 7)}
    assert engine.search(["meten"], [], 5) == [(QUESTION, 7)]


def test_heading_says_more_than_text(engine: Engine) -> None:
    assert engine.search(["tekort"], [], 5) == [(PASSAGE, 0), (PASSAGE, 1)]


def test_ngrams_find_what_terms_miss(engine: Engine) -> None:
    assert engine.search(["feotenbad"], [" voe"], 5) == [(PASSAGE, 1)]


def test_term_of_two_words_is_one_term(engine: Engine) -> None:
    assert engine.search(["vitamine d"], [], 5) == [(PASSAGE, 1)]
    assert engine.search(["vitamine"], [], 5) == []


def test_limit_holds(engine: Engine) -> None:
    assert len(engine.search(["ijzer", "tekort", "water"], [], 2)) == 2


def test_nothing_asked_finds_nothing(engine: Engine) -> None:
    assert engine.search([], [], 5) == []


@settings(deadline=None, max_examples=60)
@given(terms=st.lists(st.text(min_size=1, max_size=12), max_size=5))
def test_marks_of_a_query_language_are_only_words(engine: Engine, terms: list[str]) -> None:
    found = engine.search(["ijzer", *terms, 'AND (") OR *:', "terms:water"], [], 5)
    assert {(PASSAGE, 0), (QUESTION, 7)} <= set(found)
