from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from kalm.conversation import DANGER_LASTS, FORGOTTEN_AFTER, Conversation
from kalm.settings import ROOT

CONVERSATIONS = st.builds(
    Conversation,
    disclaimed=st.booleans(),
    topic=st.text(max_size=20),
    question=st.text(max_size=20),
    shown=st.lists(st.text(max_size=10), max_size=4).map(tuple),
    rejections=st.integers(0, 5),
    answers=st.integers(0, 50),
    dangers=st.lists(st.sampled_from(["hart", "crisis"]), min_size=1, max_size=2).map(tuple),
    danger_at=st.just(0),
    danger_open=st.booleans(),
    danger_told=st.integers(0, 5),
    danger_over=st.booleans(),
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


NOW = 1_800_000_000
TALKING = Conversation(disclaimed=True, topic="ijzer", question="ijzer", shown=("ijzer#tekort",), at=NOW)
IN_DANGER = replace(TALKING, dangers=("hart",), danger_at=NOW, danger_open=True)


def test_an_hour_of_silence_begins_a_new_conversation() -> None:
    soon, late = NOW + FORGOTTEN_AFTER - 1, NOW + FORGOTTEN_AFTER
    assert Conversation.from_slot(TALKING.to_slot(), soon) == replace(TALKING, at=soon)
    assert Conversation.from_slot(TALKING.to_slot(), late) == Conversation(at=late)


def test_of_a_danger_the_new_conversation_still_knows_for_a_day() -> None:
    tomorrow = NOW + DANGER_LASTS
    later = Conversation.from_slot(IN_DANGER.to_slot(), tomorrow - 1)
    assert (later.dangers, later.danger_at) == (("hart",), NOW)
    assert (later.topic, later.shown, later.danger_open) == ("", (), False)
    assert Conversation.from_slot(later.to_slot(), tomorrow) == replace(later.without_danger(), at=tomorrow)


def test_a_danger_that_is_over_is_remembered_for_the_rest_of_the_day() -> None:
    over = IN_DANGER.settled()
    assert not over.is_in_danger
    evening = Conversation.from_slot(over.to_slot(), NOW + DANGER_LASTS - 1)
    assert (evening.dangers, evening.danger_over) == (("hart",), True)
    back = evening.back_in_danger()
    assert back.is_in_danger
    assert back.danger_at == evening.at
    assert Conversation.from_slot(over.to_slot(), NOW + DANGER_LASTS).dangers == ()


def test_a_clock_that_was_set_back_forgets_no_danger() -> None:
    assert Conversation.from_slot(IN_DANGER.to_slot(), NOW - 5000).dangers == ("hart",)


def test_rasa_begins_no_sessions_in_which_it_would_write_old_slots_again() -> None:
    session = yaml.safe_load((ROOT / "domain" / "conversation.yml").read_text("utf-8"))["session_config"]
    assert session["session_expiration_time"] == 0


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
