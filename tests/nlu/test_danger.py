from __future__ import annotations

import logging
from typing import Any

import pytest
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu import danger
from nlu.danger import DANGER_SIGN, DangerGate, SuspectedDanger


def message(text: str, ranking: dict[str, float] | None = None) -> Message:
    guesses = [{"name": name, "confidence": chance} for name, chance in (ranking or {}).items()]
    data: dict[str, Any] = {TEXT: text}
    if guesses:
        data |= {INTENT: guesses[0], "intent_ranking": guesses}
    return Message(data)


def test_the_gate_names_intent_and_sign_and_is_not_overruled() -> None:
    (found,) = SuspectedDanger().process(DangerGate().process([message("ik heb pijn op de borst")]))
    assert found.get(INTENT) == {"name": "report_emergency", "confidence": 1.0}
    assert found.get(DANGER_SIGN) == "hart"
    assert found.as_dict(only_output_properties=True)[DANGER_SIGN] == "hart"


def test_what_the_classifier_suspects_counts_without_a_rule() -> None:
    ranking = {"thank": 0.6, "report_crisis": 0.55}
    (found,) = SuspectedDanger().process(DangerGate().process([message("dank voor alles", ranking)]))
    assert found.get(INTENT)["name"] == "report_crisis"


def test_a_danger_that_the_message_takes_back_is_none() -> None:
    ranking = {"report_emergency": 0.8, "ask_rls": 0.31}
    (found,) = SuspectedDanger().process([message("ik heb geen pijn op de borst", ranking)])
    assert found.get(INTENT)["name"] == "ask_rls"


def test_when_the_rules_fail_the_classifier_still_looks_and_no_text_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(text: str) -> None:
        raise ValueError(f"cannot read {text}")

    monkeypatch.setattr(danger, "look_for_danger", fail)
    with caplog.at_level(logging.DEBUG):
        messages = DangerGate().process([message("mijn geheim", {"report_crisis": 0.7})])
        (found,) = SuspectedDanger().process(messages)
    assert found.get(INTENT)["name"] == "report_crisis"
    assert "ValueError" in caplog.text
    assert "geheim" not in caplog.text


def test_a_crisis_in_what_gets_a_kind_word_is_suspected_only_when_nearly_certain() -> None:
    text = "ik ben zo alleen vannacht"
    for chance, intent in ((0.7, "out_of_scope"), (0.92, "report_crisis")):
        (found,) = SuspectedDanger().process([message(text, {"report_crisis": chance, "out_of_scope": 0.3})])
        assert found.get(INTENT)["name"] == intent
    (found,) = SuspectedDanger().process([message(text, {"report_emergency": 0.7, "out_of_scope": 0.3})])
    assert found.get(INTENT)["name"] == "report_emergency"


def test_a_condition_that_is_over_is_suspected_only_when_nearly_certain() -> None:
    ranking = {"report_crisis": 0.6, "ask_personal_advice": 0.35}
    (over,) = SuspectedDanger().process([message("ik ben niet meer zwanger", ranking)])
    assert over.get(INTENT)["name"] == "ask_personal_advice"
    (still,) = SuspectedDanger().process([message("ik ben er niet meer", ranking)])
    assert still.get(INTENT)["name"] == "report_crisis"
