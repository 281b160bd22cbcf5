from __future__ import annotations

import pytest

from kalm.reply import Kind
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
    ("intent", "kind"),
    [("report_emergency", Kind.EMERGENCY), ("report_crisis", Kind.CRISIS), ("greet", None)],
)
def test_likeliest_danger_is_suspected_even_when_unsure(intent: str, kind: Kind | None) -> None:
    assert Understanding({intent: 0.35, "ask_rls": 0.3}).suspected_danger is kind


def test_danger_inside_another_question_counts_and_hardly_likely_danger_does_not() -> None:
    assert Understanding({"report_crisis": 0.3, "ask_rls": 0.6}).suspected_danger is Kind.CRISIS
    assert Understanding({"report_crisis": 0.05, "ask_rls": 0.04}).suspected_danger is None
