"""Sentences that look the same count as the same."""

from __future__ import annotations

import pytest

from review.folding import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wat is  RLS?", "wat is rls"),
        ("één keer", "een keer"),
        ("rls-klachten", "rls klachten"),
        ("foto's", "fotos"),
        ("‘s avonds", "'s avonds"),
        (" 👍 ", "👍"),
    ],
)
def test_how_it_is_written_makes_no_difference(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("wat is rls", "wat is pls"),
        ("👍", "👎"),
        ("?", ""),
        ("1", "2"),
        ("1,5 tablet", "15 tablet"),
        ("2-3 keer", "23 keer"),
    ],
)
def test_what_is_said_does(one: str, other: str) -> None:
    assert fold(one) != fold(other)
