from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalm.language.lemmas import Lemmatizer


@pytest.fixture(scope="module")
def lemmatizer() -> Lemmatizer:
    return Lemmatizer({"beentjes": "been", "kalmwoord": "kalm"})


@pytest.mark.parametrize(
    ("form", "lemma"),
    [("benen", "been"), ("voeten", "voet"), ("medicijnen", "medicijn"), ("nachten", "nacht")],
)
def test_dictionary_gives_the_lemma(lemmatizer: Lemmatizer, form: str, lemma: str) -> None:
    assert lemmatizer.lemma(form) == lemma


def test_own_correction_goes_before_dictionary_and_suggestion(lemmatizer: Lemmatizer) -> None:
    assert lemmatizer.lemma("beentjes") == "been"
    assert lemmatizer.lemma("beentjes", "iets anders") == "been"
    assert lemmatizer.is_known("kalmwoord")


def test_dictionary_goes_before_the_suggestion_of_a_trained_model(lemmatizer: Lemmatizer) -> None:
    assert lemmatizer.lemma("benen", "bene") == "been"


def test_suggestion_counts_where_no_dictionary_knows_the_word(lemmatizer: Lemmatizer) -> None:
    assert lemmatizer.lemma("frobbelingen", "frobbeling") == "frobbeling"


def test_unknown_compound_takes_the_lemma_of_its_tail(lemmatizer: Lemmatizer) -> None:
    assert not lemmatizer.is_known("kriebelvoeten")
    assert lemmatizer.lemma("kriebelvoeten") == "kriebelvoet"
    assert lemmatizer.lemma("kriebelvoeten", "kriebelvoeten") == "kriebelvoet"


def test_nothing_is_no_known_word(lemmatizer: Lemmatizer) -> None:
    assert not lemmatizer.is_known("")
    assert lemmatizer.lemma("") == ""


@given(word=st.text(max_size=30))
def test_any_word_has_a_lemma(lemmatizer: Lemmatizer, word: str) -> None:
    assert isinstance(lemmatizer.lemma(word), str)
    assert bool(lemmatizer.lemma(word)) == bool(word)
