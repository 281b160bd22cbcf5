from __future__ import annotations

import pytest

from kalm.understanding import Understanding


def test_nothing_is_understood_of_nothing() -> None:
    nothing = Understanding()
    assert (nothing.out_of_scope, nothing.likeliest) == (0.0, "")
    assert not nothing.is_out_of_scope
    assert nothing.suspected_danger is None


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
    assert Understanding({intent: 0.35, "ask_rls": 0.3}).suspected_danger == danger


def test_danger_inside_another_question_counts_and_hardly_likely_danger_does_not() -> None:
    assert Understanding({"report_crisis": 0.3, "ask_rls": 0.6}).suspected_danger == "report_crisis"
    assert Understanding({"report_crisis": 0.05, "ask_rls": 0.04}).suspected_danger is None


def test_rasas_ranking_is_read_without_the_fallback() -> None:
    ranking = [
        {"name": "nlu_fallback", "confidence": 0.7},
        {"name": "greet", "confidence": 0.2},
        {"name": None, "confidence": 0.1},
    ]
    assert Understanding.of_ranking(ranking).ranking == {"greet": 0.2}
