from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kalm.conversation import Conversation

CONVERSATIONS = st.builds(
    Conversation,
    disclaimed=st.booleans(),
    topic=st.text(max_size=20),
    question=st.text(max_size=20),
    shown=st.lists(st.text(max_size=10), max_size=4).map(tuple),
    rejections=st.integers(0, 5),
    answers=st.integers(0, 50),
)
NAMES = [field.name for field in fields(Conversation)]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(CONVERSATIONS)
def test_conversation_comes_back_from_the_slot_the_same(conversation: Conversation) -> None:
    kept = json.loads(json.dumps(conversation.to_slot()))
    assert Conversation.from_slot(kept) == conversation


@pytest.mark.parametrize(
    "value", [None, "", "tekst", 3, [], [("topic", "x")], {}, {"shown": None}, {"shown": 5}]
)
def test_empty_or_damaged_slot_is_a_new_conversation(value: object) -> None:
    assert Conversation.from_slot(value) == Conversation()


def test_fields_of_another_version_are_left_out() -> None:
    assert Conversation.from_slot({"topic": "ijzer", "of_later": 1}) == Conversation(topic="ijzer")


@given(st.dictionaries(st.sampled_from(NAMES), JSON))
@example({"rejections": "veel"})
@example({"question": None})
@example({"answers": [1]})
@example({"topic": 5})
@example({"shown": "ijzer#tekort"})
def test_whatever_the_slot_holds_every_field_has_its_type(value: dict[str, Any]) -> None:
    conversation = Conversation.from_slot(value)
    for name in ("topic", "question"):
        assert isinstance(getattr(conversation, name), str), name
    for name in ("rejections", "answers"):
        assert isinstance(getattr(conversation, name), int), name
    assert isinstance(conversation.disclaimed, bool)
    assert all(isinstance(passage, str) for passage in conversation.shown)
    if isinstance(value.get("shown"), str):
        assert conversation.shown == (), "a text is no list of ids"
