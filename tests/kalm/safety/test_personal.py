from __future__ import annotations

import json
from typing import Any

import pytest

from commands.evaluation.data import DEVELOPMENT
from kalm.safety.personal import is_personal_decision

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (DEVELOPMENT / "safety" / "personal.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize(
    "text",
    [
        *("mag ik er nog een bijnemen", "kan ik de dosis verdubbelen", "hoeveel mag ik slikken"),
        *("zal ik de pramipexol afbouwen", "moet mijn man zijn pillen minderen", "2 tabletten"),
        *("ik ben er gisteren al mee gestopt", "en als ik 75 ben", "hoofdpijn na de magnesium"),
        *("is 400 mg te veel voor mij", "hoeveel magnesium moet ik nemen", "MAG IK STOPPEN MET SIFROL"),
    ],
)
def test_a_decision_for_one_person_is_seen(text: str) -> None:
    assert is_personal_decision(text)


@pytest.mark.parametrize("text", ["ik ben gestopt met roken", "kun je diarree krijgen van magnesium"])
def test_what_is_no_decision_passes(text: str) -> None:
    assert not is_personal_decision(text)


def test_general_questions_of_the_development_set_pass() -> None:
    general = [row["text"] for row in ROWS if not row["personal"]]
    assert len(general) >= 60
    assert [text for text in general if is_personal_decision(text)] == []
