from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.danger import DANGER_SIGN
from nlu.intent_classifier import DutchIntentClassifier


class Stub:
    """A classifier that is as sure as it was told to be."""

    labels = ("affirm", "give_feedback_positive")

    def __init__(self, sure: float) -> None:
        self.sure = sure

    def probabilities(self, text: str) -> Any:
        return np.array([self.sure, 1 - self.sure])


def classify(message: Message, sure: float) -> Any:
    component = DutchIntentClassifier(cast(Any, None), cast(Any, None), cast(Any, Stub(sure)))
    (classified,) = component.process([message])
    return classified.get(INTENT)


@pytest.mark.parametrize(
    ("text", "sure", "intent"),
    [
        ("👍", 0.9, "affirm"),
        ("🦵🔥", 0.55, "nlu_fallback"),
        ("?", 0.55, "nlu_fallback"),
        ("ja", 0.55, "affirm"),
        ("ja 👍", 0.55, "affirm"),
    ],
)
def test_a_picture_counts_only_when_it_is_clear(text: str, sure: float, intent: str) -> None:
    assert classify(Message({TEXT: text}), sure)["name"] == intent


def test_what_was_masked_is_no_part_of_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(Stub, "probabilities", lambda self, text: seen.append(text) or np.array([0.9, 0.1]))
    classify(Message({TEXT: "vergeet mij [naam]"}), 0.9)
    assert seen == ["vergeet mij "]


def test_what_the_gate_for_danger_found_stays() -> None:
    found = Message({TEXT: "pijn op de borst", INTENT: {"name": "report_emergency"}, DANGER_SIGN: "hart"})
    assert classify(found, 0.9) == {"name": "report_emergency"}
