from __future__ import annotations

from typing import Any

import pytest

from actions.knowledge import AnswerChoice, AnswerDifferently, AnswerMore, AnswerQuestion, ShowSource

RANKING = [{"name": "ask_rls", "confidence": 0.9}]


def conversation_after(events: list[dict[str, Any]]) -> dict[str, Any]:
    (value,) = [event["value"] for event in events if event["name"] == "conversation"]
    return dict(value)


def test_conversation_goes_on_through_the_slot(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kalm.answering.MAYBE_FROM", 0.0)
    monkeypatch.setattr("kalm.asking.NEAR_FROM", 0.0)
    messages, events = run(AnswerQuestion(), "Wat is een ijzertekort?", None, RANKING)
    assert messages[0]["custom"]["passages"][0]["id"] == "ijzer#tekort"
    slot = conversation_after(events)

    messages, _ = run(ShowSource(), "waar staat dat", slot)
    assert messages[0]["custom"]["kind"] == "source"
    assert messages[0]["custom"]["passages"][0]["id"] == "ijzer#tekort"

    messages, _ = run(AnswerMore(), "vertel meer", slot)
    assert messages[0]["custom"]["kind"] == "answer"
    assert messages[0]["custom"]["passages"][0]["id"] != "ijzer#tekort"

    messages, events = run(AnswerDifferently(), "dat bedoel ik niet", slot)
    assert messages[0]["custom"]["passages"][0]["id"] != "ijzer#tekort"
    messages, _ = run(AnswerDifferently(), "weer niet", conversation_after(events))
    assert messages[0]["custom"]["kind"] == "handoff"


def test_number_chooses_from_what_the_last_message_offered(run: Any) -> None:
    suggestions = [
        {"title": "x", "payload": "Zijn rusteloze benen erfelijk?"},
        {"title": "y", "payload": "Wat is een ijzertekort?"},
    ]
    said = [{"text": "...", "custom": {"kind": "answer", "suggestions": suggestions}}]
    messages, events = run(AnswerChoice(), "de tweede", None, (), said)
    assert messages[0]["custom"]["passages"][0]["id"] == "ijzer#tekort"
    assert conversation_after(events)["topic"] == "Wat is een ijzertekort?"


def test_ranking_of_the_classifier_reaches_the_answer(run: Any) -> None:
    elsewhere = [{"name": "nlu_fallback", "confidence": 0.9}, {"name": "out_of_scope", "confidence": 0.9}]
    messages, _ = run(AnswerQuestion(), "wanneer vertrekt de trein", None, elsewhere)
    assert messages[0]["custom"]["kind"] == "out_of_scope"
