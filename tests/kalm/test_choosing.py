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
        ("nummer twee", 1),
        ("De Eerste", 0),
        ("1e", 0),
        ("die derde bedoel ik", 2),
        ("de 2de", 1),
        ("de laatste", 2),
        ("de middelste", 1),
        ("de bovenste", 0),
    ],
)
def test_number_or_word_points_at_one_of_three(text: str, place: int) -> None:
    assert pointed_at(text, 3) == place


@pytest.mark.parametrize("text", ["ja", "4", "0", "-", "1 of 2", "", "😀", "99999999999999999999"])
def test_what_names_none_or_two_of_three_points_at_nothing(text: str) -> None:
    assert pointed_at(text, 3) is None


def test_two_names_of_the_same_one_are_one() -> None:
    assert pointed_at("de derde, de laatste dus", 3) == 2


def test_four_have_no_middle_one() -> None:
    assert pointed_at("de middelste", 4) is None


def test_a_single_suggestion_needs_no_number() -> None:
    assert pointed_at("ja", 1) == 0


@given(text=st.text(), count=st.integers(2, 4))
def test_whatever_is_typed_the_place_exists(text: str, count: int) -> None:
    place = pointed_at(text, count)
    assert place is None or 0 <= place < count
