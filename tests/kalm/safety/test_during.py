from __future__ import annotations

from pathlib import Path

import pytest

from kalm.safety import SafetyError, during
from kalm.safety.during import MESSAGE, Remark, answer_during, during_danger
from kalm.safety.files import read_file


def test_every_text_in_a_crisis_names_both_numbers_and_none_sends_to_a_product() -> None:
    rules = during_danger()
    for text in (*(remark.crisis for remark in rules.remarks), *rules.again_crisis):
        assert "112" in text
        assert "113" in text
    for remark in rules.remarks:
        assert "magnesium" not in (remark.emergency + remark.crisis).lower()


@pytest.mark.parametrize("remark", during_danger().remarks, ids=lambda remark: remark.name)
def test_what_people_say_then_is_told_apart(remark: Remark) -> None:
    for text in remark.examples:
        assert answer_during(text, in_crisis=True, told_before=0) == remark.crisis, text
        assert answer_during(text, in_crisis=False, told_before=0) == remark.emergency, text
    for text in remark.counterexamples:
        assert answer_during(text, in_crisis=True, told_before=0) != remark.crisis, text


def test_anything_else_gets_the_repeated_texts_in_turn() -> None:
    said = [answer_during("hmm", in_crisis=False, told_before=count) for count in range(4)]
    assert said[:3] == list(during_danger().again_emergency)
    assert said[3] == said[0]
    assert all(MESSAGE in text for text in said)


def test_a_text_without_a_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = read_file("during.yml")
    raw["antwoorden"]["bang"]["crisis"] = "Rustig maar."

    def read(name: str, folder: Path = Path()) -> dict[str, object]:
        return raw

    monkeypatch.setattr(during, "read_file", read)
    during_danger.cache_clear()
    try:
        with pytest.raises(SafetyError, match=r"during\.yml: 'Rustig maar.* noemt 112 niet"):
            during_danger()
    finally:
        during_danger.cache_clear()
