from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalm.language import Term
from kalm.search.vectors import PART_WEIGHT, Rarity, Vector, analysed_terms

FORMS = st.sampled_from(["ijzer", "been", "bad", "water", "nacht", "onbekend"])
WEIGHTS = st.dictionaries(FORMS, st.floats(0.1, 2.0), max_size=5)
RARITY = Rarity.count([["ijzer", "been"], ["been", "bad"], ["been", "water", "water"], ["nacht"]])


def test_a_form_counts_once_per_document_and_rarer_weighs_more() -> None:
    assert RARITY.frequencies["water"] == 1
    assert RARITY.of("been") < RARITY.of("ijzer") < RARITY.of("onbekend") == RARITY.highest


def test_a_form_in_every_document_still_weighs_something() -> None:
    assert Rarity.count([["been"], ["been"]]).of("been") > 0


@given(WEIGHTS, WEIGHTS)
def test_cosine_is_symmetric_and_between_0_and_1(first: dict[str, float], second: dict[str, float]) -> None:
    one, other = Vector(first, RARITY), Vector(second, RARITY)
    assert one.cosine(other) == pytest.approx(other.cosine(one))
    assert 0.0 <= one.cosine(other) <= 1.0 + 1e-9


@given(WEIGHTS.filter(bool), st.floats(0.5, 3.0))
def test_cosine_of_the_same_direction_is_1_and_with_nothing_0(
    weights: dict[str, float], factor: float
) -> None:
    scaled = {form: weight * factor for form, weight in weights.items()}
    assert Vector(weights, RARITY).cosine(Vector(scaled, RARITY)) == pytest.approx(1.0)
    assert Vector(weights, RARITY).cosine(Vector({}, RARITY)) == 0.0


def test_part_counts_less_than_a_word_unless_it_is_there_as_a_word() -> None:
    compound = Term("ijzertekort", ("ijzer", "tekort"))
    assert analysed_terms([compound, Term("ijzer")], frozenset()).weights == {
        "ijzertekort": 1.0,
        "ijzer": 1.0,
        "tekort": PART_WEIGHT,
    }


def test_content_leaves_question_words_out() -> None:
    analysed = analysed_terms([Term("hoe", (), False), Term("bad")], frozenset())
    assert [term.form for term in analysed.content] == ["bad"]
    assert len(analysed.terms) == 2
