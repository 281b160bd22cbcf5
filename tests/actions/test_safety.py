from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Action

from actions.base import answering
from actions.safety import Refer, RespondToCrisis, RespondToEmergency
from kalm import release
from kalm.release import ReleaseError


@pytest.mark.parametrize(
    ("action", "kind", "words"),
    [
        (RespondToEmergency(), "emergency", "112"),
        (RespondToCrisis(), "crisis", "113"),
        (Refer(), "referral", "huisarts of apotheker"),
    ],
    ids=["emergency", "crisis", "referral"],
)
@pytest.mark.parametrize("text", ["mag ik dat wel", ""])
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


@pytest.mark.parametrize(
    ("action", "words"),
    [(RespondToEmergency(), "112"), (RespondToCrisis(), "113")],
    ids=["emergency", "crisis"],
)
def test_danger_is_answered_also_when_the_index_is_gone(
    run: Any, monkeypatch: pytest.MonkeyPatch, action: Action, words: str
) -> None:
    def gone() -> None:
        raise ReleaseError("gone")

    monkeypatch.setattr(release, "load_index", gone)
    answering.cache_clear()
    try:
        messages, _ = run(action, "help")
    finally:
        answering.cache_clear()
    assert messages[0]["custom"]["kind"] in ("emergency", "crisis")
    assert words in messages[0]["text"]
