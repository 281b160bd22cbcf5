from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalm.embedding import DIMENSIONS, lately
from kalm.meaning_along import FIELD, take_meaning, with_meaning
from kalm.text_cache import forget_texts

TEXT = "waarom kriebelen mijn benen 's nachts"
VECTOR = np.linspace(-1, 1, DIMENSIONS, dtype=np.float32)


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    forget_texts()
    yield
    forget_texts()


def test_a_meaning_that_was_found_goes_along_and_is_remembered_at_the_other_end() -> None:
    lately.put(TEXT, VECTOR)
    call = json.loads(json.dumps(with_meaning({"next_action": "a"}, TEXT)))
    assert call["next_action"] == "a"
    forget_texts()
    take_meaning(call)
    found = lately.get(TEXT)
    assert found is not None
    assert np.array_equal(found, VECTOR)
    assert not found.flags.writeable


def test_what_was_not_looked_for_does_not_go_along() -> None:
    call = {"next_action": "a"}
    assert with_meaning(call, TEXT) is call
    take_meaning(call)
    assert len(lately) == 0


def told(**changed: Any) -> dict[str, Any]:
    vector = base64.b64encode(VECTOR.tobytes()).decode()
    return {FIELD: {"text": TEXT, "vector": vector, **changed}}


@pytest.mark.parametrize(
    "call",
    [
        *(None, [], "a", {FIELD: None}, {FIELD: "a"}, {FIELD: {}}),
        *(told(text=None), told(vector=None), told(vector="?"), told(vector="AAAA"), told(vector=[1.0])),
    ],
)
def test_what_is_no_meaning_is_passed_over(call: Any) -> None:
    take_meaning(call)
    assert len(lately) == 0


@given(st.text(max_size=40))
def test_any_text_may_stand_in_place_of_a_vector(text: str) -> None:
    take_meaning(told(vector=text))
    assert len(lately) == 0
