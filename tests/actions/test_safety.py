from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Action

from actions.safety import Refer, RespondToCrisis, RespondToEmergency


@pytest.mark.parametrize(
    ("action", "kind", "words"),
    [
        (RespondToEmergency(), "emergency", "112"),
        (RespondToCrisis(), "crisis", "113"),
        (Refer(), "referral", "huisarts of apotheker"),
    ],
    ids=["emergency", "crisis", "referral"],
)
@pytest.mark.parametrize("text", ["mijn ijzer is te laag, wat doe ik nu", ""])
def test_a_person_has_to_help_whatever_was_asked(
    run: Any, action: Action, kind: str, words: str, text: str
) -> None:
    messages, _ = run(action, text)
    payload = messages[0]["custom"]
    assert (payload["kind"], payload["passages"], payload["suggestions"]) == (kind, [], [])
    assert words in messages[0]["text"]


def test_a_general_question_of_an_editor_is_answered_though_it_sounds_personal(run: Any) -> None:
    messages, _ = run(Refer(), "Wat is een ijzertekort?")
    assert messages[0]["custom"]["kind"] == "answer"
