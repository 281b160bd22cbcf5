from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from kalm.language import character_ngrams, normalise


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Rustelóze  BENENNN", "rusteloze benen"),
        ("’s nachts", "'s nachts"),
        ("  een\ttab\nen regel ", "een tab en regel"),
        ("geïrriteerd coëfficiënt", "geirriteerd coefficient"),
        ("1000 mg", "1000 mg"),
        ("zoooo moeeeee", "zo moe"),
        ("benen", "benen"),
        ("zee", "zee"),
        ("", ""),
    ],
)
def test_normalise_makes_spellings_of_one_word_the_same(typed: str, plain: str) -> None:
    assert normalise(typed) == plain


@given(st.text())
@example("Magnesium™")
def test_normalised_text_is_lower_case_without_stray_white_space(text: str) -> None:
    plain = normalise(text)
    assert plain == plain.lower()
    assert plain == " ".join(plain.split())


@given(st.text(alphabet="abcDÉë '’10\t\n"))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet="abcde fgh xyz", max_size=40))
def test_character_ngrams_are_those_of_scikit_learns_char_wb(text: str) -> None:
    # The docstring names the scheme; scikit-learn is the reference.
    reference = CountVectorizer(analyzer="char_wb", ngram_range=(3, 5)).build_analyzer()
    assert character_ngrams(text) == set(reference(normalise(text)))


def test_character_ngrams_do_not_cross_words_and_ignore_marks() -> None:
    assert character_ngrams("de, been!") == character_ngrams("been de")
    assert not any(gram.strip().count(" ") for gram in character_ngrams("de benen bewegen"))
