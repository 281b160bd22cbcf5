from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalm.search.engine import Document, Engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder: Path = tmp_path_factory.mktemp("engine")
    Engine.build(
        folder,
        [
            Document(["ijzer", "bloed"], ["tekort"]),
            Document(["water", "tekort", "vitamine d"], ["voetenbad"]),
            Document(["ijzer", "meten"], []),
        ],
    )
    return Engine.load(folder)


def test_documents_are_found_by_their_terms(engine: Engine) -> None:
    assert set(engine.search(["ijzer"], 5)) == {0, 2}
    assert engine.search(["meten"], 5) == [2]


def test_heading_says_more_than_text(engine: Engine) -> None:
    assert engine.search(["tekort"], 5) == [0, 1]


def test_more_shared_terms_come_first(engine: Engine) -> None:
    assert engine.search(["meten", "ijzer"], 5) == [2, 0]


def test_term_of_two_words_is_one_term(engine: Engine) -> None:
    assert engine.search(["vitamine d"], 5) == [1]
    assert engine.search(["vitamine"], 5) == []


def test_limit_holds(engine: Engine) -> None:
    assert len(engine.search(["ijzer", "tekort", "water"], 2)) == 2


def test_nothing_asked_finds_nothing(engine: Engine) -> None:
    assert engine.search([], 5) == []


@settings(deadline=None, max_examples=60)
@given(terms=st.lists(st.text(min_size=1, max_size=12), max_size=5))
def test_marks_of_a_query_language_are_only_words(engine: Engine, terms: list[str]) -> None:
    assert {0, 1, 2} <= set(engine.search(["ijzer", *terms, 'AND (") OR *:', "terms:water", "water"], 5))
