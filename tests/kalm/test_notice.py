from __future__ import annotations

import pytest

from kalm.notice import notice
from kalm.sentences import sentences


@pytest.mark.parametrize(
    ("topics", "text", "named"),
    [
        (["magnesium"], "Een voetenbad duurt twintig minuten.", True),
        (["rls"], "Magnesium hielp in één proef niet.", True),
        (["rls"], "Rusteloze benen komen in families voor.", False),
    ],
)
def test_the_shops_interest_is_named_wherever_magnesium_is_spoken_of(
    topics: list[str], text: str, named: bool
) -> None:
    assert notice(topics, text) == (sentences().notice_magnesium if named else "")
