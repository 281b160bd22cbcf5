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


@given(st.lists(st.tuples(WEIGHTS, GRAMS), max_size=5), WEIGHTS, GRAMS)
def test_likeness_to_all_is_that_to_each_by_the_plain_definition(
    questions: list[tuple[dict[str, float], frozenset[str]]], asked: dict[str, float], grams: frozenset[str]
) -> None:
    vectors = [Vector(weights, RARITY) for weights, _ in questions]
    vector = Vector(asked, RARITY)
    found = Questions(vectors, [own for _, own in questions]).likeness(vector, grams)
    assert list(found.cosine) == pytest.approx([vector.cosine(other) for other in vectors])
    assert list(found.dice) == pytest.approx(
        [2 * len(grams & own) / max(1, len(grams) + len(own)) for _, own in questions]
    )


def test_index_without_questions_compares_with_nothing() -> None:
    found = Questions([], []).likeness(Vector({"ijzer": 1.0}, RARITY), frozenset({"ijz"}))
    assert len(found.cosine) == len(found.dice) == 0
