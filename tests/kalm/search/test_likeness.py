from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalm.search.likeness import Questions
from kalm.search.vectors import Rarity, Vector

FORMS = st.sampled_from(["ijzer", "been", "bad", "water", "nacht", "onbekend"])
WEIGHTS = st.dictionaries(FORMS, st.floats(0.1, 2.0), max_size=5)
GRAMS = st.frozensets(st.sampled_from([" ij", "ijz", "jze", " ba", "bad", "ad "]))
RARITY = Rarity.count([["ijzer", "been"], ["been", "bad"], ["been", "water", "water"], ["nacht"]])


QUESTIONS = st.lists(st.tuples(WEIGHTS, GRAMS), max_size=3)


@given(st.lists(QUESTIONS, min_size=1, max_size=3), WEIGHTS, GRAMS)
def test_likeness_to_all_is_that_to_each_by_the_plain_definition(
    passages: list[list[tuple[dict[str, float], frozenset[str]]]],
    asked: dict[str, float],
    grams: frozenset[str],
) -> None:
    vectors = [[Vector(weights, RARITY) for weights, _ in questions] for questions in passages]
    vector = Vector(asked, RARITY)
    index = Questions(vectors, [[own for _, own in questions] for questions in passages])
    found = index.likeness(vector, grams, range(len(passages)))
    for number, questions in enumerate(passages):
        assert list(found[number].cosine) == pytest.approx(list(map(vector.cosine, vectors[number])))
        assert list(found[number].dice) == pytest.approx(
            [2 * len(grams & own) / max(1, len(grams) + len(own)) for _, own in questions]
        )


def test_passage_without_questions_compares_with_nothing() -> None:
    found = Questions([[]], [[]]).likeness(Vector({"ijzer": 1.0}, RARITY), frozenset({"ijz"}), [0])
    assert len(found[0].cosine) == len(found[0].dice) == 0


def test_only_the_passages_asked_for_are_compared() -> None:
    vector = Vector({"ijzer": 1.0}, RARITY)
    found = Questions([[vector], [vector]], [[frozenset()], [frozenset()]]).likeness(vector, frozenset(), [1])
    assert list(found) == [1]
