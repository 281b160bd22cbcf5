from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from benchmarks.side_by_side.diet import first_of_each, intents_alone, kalm_with_diet, write_nlu
from benchmarks.side_by_side.whole_training import first_fold
from kalm.training_examples import Example


def examples(count: int) -> list[Example]:
    return [
        Example(f"{intent} {number}", intent, "a.yml") for number in range(count) for intent in ("a", "b")
    ]


def test_diet_takes_the_place_of_kalms_classifier_and_danger_still_goes_first() -> None:
    names = [one["name"] for one in kalm_with_diet(100)["pipeline"]]
    assert "nlu.intent_classifier.DutchIntentClassifier" not in names
    assert names[0] == "nlu.tokenizer.DutchTokenizer"
    # What comes later writes over what came before.
    assert (
        names.index("DIETClassifier")
        < names.index("nlu.danger.DangerGate")
        < names.index("FallbackClassifier")
    )
    assert names.count("nlu.danger.DangerGate") == 1
    assert names[-1] == "nlu.danger.SuspectedDanger"


def test_diet_learns_intents_alone() -> None:
    (diet,) = (
        one for one in intents_alone("WhitespaceTokenizer", 3)["pipeline"] if one["name"] == "DIETClassifier"
    )
    assert diet["epochs"] == 3
    assert diet["entity_recognition"] is False


def test_training_data_is_written_as_rasa_reads_it(tmp_path: Path) -> None:
    write_nlu(tmp_path / "nlu.yml", [("hoi", "greet"), ("wat", "ask"), ("dag", "greet")])
    found = yaml.safe_load((tmp_path / "nlu.yml").read_text(encoding="utf-8"))
    assert found["nlu"] == [
        {"intent": "greet", "examples": "- hoi\n- dag\n"},
        {"intent": "ask", "examples": "- wat\n"},
    ]


def test_a_fifth_of_each_intent_is_left_out() -> None:
    taught, asked = first_fold(examples(10))
    assert (len(taught), len(asked)) == (16, 4)
    assert sorted(one.intent for one in asked) == ["a", "a", "b", "b"]
    assert not {one.text for one in taught} & {one.text for one in asked}


def test_a_trial_takes_few_examples_of_each_but_enough_to_leave_some_out() -> None:
    assert len(first_of_each(examples(10), 5)) == 10
    assert first_of_each(examples(10), None) == examples(10)
    with pytest.raises(ValueError, match="at least 5"):
        first_of_each(examples(10), 4)
