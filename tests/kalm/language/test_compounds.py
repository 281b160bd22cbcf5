from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalm.language.compounds import CompoundSplitter
from kalm.language.lemmas import Lemmatizer

LETTERS = "abdeghiklmnorstuvwz"


@pytest.fixture(scope="module")
def splitter() -> CompoundSplitter:
    return CompoundSplitter(Lemmatizer({}), {"naar"})


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("ijzertekort", ("ijzer", "tekort")),
        ("avondeten", ("avond", "eten")),
        ("spierkramp", ("spier", "kramp")),
    ],
)
def test_compound_has_its_two_parts(splitter: CompoundSplitter, word: str, parts: tuple[str, str]) -> None:
    assert splitter.parts(word) == parts


@pytest.mark.parametrize("word", ["", "been", "magnesium", "zzzzqqqqxxxx", "12345678"])
def test_simple_or_unknown_word_has_no_parts(splitter: CompoundSplitter, word: str) -> None:
    assert splitter.parts(word) == ()


def test_stop_word_is_never_a_part(splitter: CompoundSplitter) -> None:
    assert CompoundSplitter(Lemmatizer({}), {"tekort"}).parts("ijzertekort") == ()
    assert splitter.parts("ijzertekort") == ("ijzer", "tekort")


@given(head=st.text(LETTERS, min_size=3, max_size=8), tail=st.text(LETTERS, min_size=3, max_size=8))
def test_a_word_has_two_parts_or_none(splitter: CompoundSplitter, head: str, tail: str) -> None:
    assert len(splitter.parts(head + tail)) in (0, 2)
