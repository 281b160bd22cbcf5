from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalm.choosing import pointed_at


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1", 0),
        ("2.", 1),
        ("3️⃣", 2),
        ("nummer 2 graag", 1),
        ("nr2", 1),
        ("nummer een", 0),
        ("een", 0),
        ("nummer twee", 1),
        ("De Eerste", 0),
        ("1e", 0),
        ("die derde bedoel ik", 2),
        ("de 2de", 1),
        ("ja, doe de tweede maar", 1),
        ("de laatste", 2),
        ("de derde, de laatste dus", 2),
        ("de middelste", 1),
        ("de bovenste", 0),
    ],
)
def test_number_or_word_points_at_one_of_three(text: str, place: int) -> None:
    assert pointed_at(text, 3) == place


@pytest.mark.parametrize("text", ["ja", "4", "0", "-", "1 of 2", "", "😀", "9" * 5000, "ja een", "de"])
def test_what_names_none_or_two_of_three_points_at_nothing(text: str) -> None:
    assert pointed_at(text, 3) is None


@pytest.mark.parametrize(
    "text",
    [
        "mag ik er 2",
        "2 per dag",
        "ik neem er 2",
        "is 2 goed",
        "3 slikken",
        "doe maar 3 pillen",
        "niet de eerste",
        "niet nummer 2",
        "geen van drie",
        "alle drie",
        "2 van de 3",
        "ja een beetje",
        "ja dat is een goede",
        "de laatste pil",
        "dit is de laatste keer",
        "eerste hulp",
    ],
)
@pytest.mark.parametrize("count", [1, 3])
def test_number_in_a_sentence_that_says_something_else_is_no_choice(text: str, count: int) -> None:
    assert pointed_at(text, count) is None


def test_four_have_no_middle_one() -> None:
    assert pointed_at("de middelste", 4) is None


words = st.sampled_from(
    ["1", "2", "3", "4", "5", "0", "eerste", "tweede", "laatste", "middelste", "de", "een", "nummer", "pil"]
)


@given(text=st.one_of(st.text(), st.lists(words, max_size=4).map(" ".join)), count=st.integers(1, 4))
def test_whatever_is_typed_the_place_exists(text: str, count: int) -> None:
    place = pointed_at(text, count)
    assert place is None or 0 <= place < count
