from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kalm.settings import ROOT
from kalm.understanding import NLU_FALLBACK, Understanding

INTENTS = ("report_emergency", "report_crisis", "ask_rls")


def test_nothing_is_understood_of_nothing() -> None:
    nothing = Understanding()
    assert (nothing.out_of_scope, nothing.likeliest) == (0.0, "")
    assert not nothing.is_out_of_scope
    assert nothing.suspected_danger() is None


@pytest.mark.parametrize(("out", "expected"), [(0.5, True), (0.3, False)])
def test_out_of_scope_only_when_likeliest(out: float, expected: bool) -> None:
    understanding = Understanding({"ask_rls": 0.4, "out_of_scope": out})
    assert understanding.is_out_of_scope is expected
    assert understanding.out_of_scope == out


@pytest.mark.parametrize(
    ("intent", "danger"),
    [("report_emergency", "report_emergency"), ("report_crisis", "report_crisis"), ("greet", None)],
)
def test_likeliest_danger_is_suspected_even_when_unsure(intent: str, danger: str | None) -> None:
    assert Understanding({intent: 0.5, "ask_rls": 0.45}).suspected_danger() == danger


@pytest.mark.parametrize(
    ("ranking", "asks"), [({"forget_me": 0.6}, True), ({"forget_me": 0.4}, False), ({}, False)]
)
def test_only_a_clear_request_asks_to_forget(ranking: dict[str, float], asks: bool) -> None:
    assert Understanding(ranking).asks_to_forget is asks


def test_danger_of_which_the_kind_is_not_clear_is_danger() -> None:
    understanding = Understanding({"report_emergency": 0.35, "report_crisis": 0.2, "ask_rls": 0.45})
    assert understanding.suspected_danger() == "report_emergency"


def test_danger_that_the_message_takes_back_must_be_nearly_certain() -> None:
    assert Understanding({"report_crisis": 0.8}).suspected_danger(taken_back=True) is None
    assert Understanding({"report_crisis": 0.95}).suspected_danger(taken_back=True) == "report_crisis"


@pytest.mark.parametrize(
    ("ranking", "present", "taken_back", "expected"),
    [
        ({"report_emergency": 0.6, "ask_rls": 0.4}, "ask_rls", False, "report_emergency"),
        ({"report_emergency": 0.6, "ask_rls": 0.4}, "report_emergency", True, "ask_rls"),
        ({"report_emergency": 0.45, "ask_rls": 0.2}, "report_emergency", False, "nlu_fallback"),
        ({"report_emergency": 0.1, "ask_rls": 0.2}, "nlu_fallback", False, None),
        ({}, None, False, None),
    ],
)
def test_what_follows_where_danger_was_suspected_or_was_none(
    ranking: dict[str, float], present: str | None, taken_back: bool, expected: str | None
) -> None:
    assert Understanding(ranking).intent_after_danger(present, taken_back) == expected


@given(
    ranking=st.dictionaries(st.sampled_from(INTENTS), st.floats(0, 1)),
    present=st.sampled_from([*INTENTS, NLU_FALLBACK, None]),
    taken_back=st.booleans(),
    has_kind_word=st.booleans(),
)
def test_what_leaves_no_danger_open_gives_no_intent_whatever_else_is_known(
    ranking: dict[str, float], present: str | None, taken_back: bool, has_kind_word: bool
) -> None:
    understanding = Understanding(ranking)
    intent = understanding.intent_after_danger(present, taken_back, has_kind_word)
    assert intent is None or understanding.leaves_danger_open(present)


def test_an_intent_is_chosen_from_the_same_probability_as_the_pipeline_does() -> None:
    pipeline = yaml.safe_load((ROOT / "config.yml").read_text("utf-8"))["pipeline"]
    (fallback,) = [component for component in pipeline if component["name"] == "FallbackClassifier"]
    least = fallback["threshold"]
    assert Understanding({"ask_rls": least}).intent_after_danger("report_crisis", False) == "ask_rls"
    assert (
        Understanding({"ask_rls": least - 0.01}).intent_after_danger("report_crisis", False) == NLU_FALLBACK
    )


def test_rasas_ranking_is_read_without_the_fallback() -> None:
    ranking = [
        {"name": "nlu_fallback", "confidence": 0.7},
        {"name": "greet", "confidence": 0.2},
        {"name": None, "confidence": 0.1},
    ]
    assert Understanding.of_ranking(ranking).ranking == {"greet": 0.2}
