"""What sounds like what a shop may not publish, on sentences by someone who had not seen the examples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from commands.evaluation.data import DEVELOPMENT
from kalm.safety import SafetyError, wording
from kalm.safety.claims import claims_in
from kalm.safety.wording import ALLOWED, EXAMPLES, train_reader, wording_message

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (DEVELOPMENT / "safety" / "wording.jsonl").read_text("utf-8").splitlines()
]


def test_most_of_what_may_not_be_published_is_found() -> None:
    reader = train_reader()
    bad = [row for row in ROWS if row["sort"] != ALLOWED]
    passed = [row["text"] for row in bad if not (reader.doubts(row["text"]) or claims_in(row["text"]))]
    assert {row["sort"] for row in bad} == {"bewering", "dosering", "medicijn", "gevaar"}
    assert len(passed) <= 0.08 * len(bad), passed


def test_most_of_what_may_be_published_passes() -> None:
    reader = train_reader()
    good = [row for row in ROWS if row["sort"] == ALLOWED]
    doubted = [row["text"] for row in good if reader.doubts(row["text"])]
    assert len(doubted) <= 0.16 * len(good), doubted


def test_an_approved_passage_teaches_what_may_be_said() -> None:
    text = "Onze zolder staat vol met nachten en benen."
    doubted = [one.sentence for one in train_reader().doubts(text)]
    assert doubted == [text]
    assert train_reader((text,)).doubts(text) == []


def test_a_danger_sign_with_whom_to_call_is_no_danger() -> None:
    reader = train_reader()
    alone = "Eén been is ineens dik, rood en pijnlijk."
    assert [doubt.sort.name for doubt in reader.doubts(alone)] == ["gevaar"]
    assert reader.doubts(f"{alone} Bel dan meteen je huisarts.") == []
    for no_help in ("Een tablet bevat 112 mg magnesium.", "Bel je huisarts niet te snel."):
        assert reader.doubts(f"{no_help} {alone}")


def test_an_editor_reads_the_sentence_why_and_what_to_do() -> None:
    (doubt,) = train_reader().doubts("Neem elke avond drie tabletten.")
    message = wording_message(doubt)
    assert "‘Neem elke avond drie tabletten.’ klinkt als een hoeveelheid" in message
    assert "noemt voor niemand een dosis" in message


@pytest.mark.parametrize("content", [None, "# alleen uitleg\n\n"])
def test_examples_that_are_missing_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    if content is not None:
        (tmp_path / "bewering.txt").write_text(content, encoding="utf-8")
    monkeypatch.setattr(wording, "EXAMPLES", tmp_path)
    with pytest.raises(SafetyError, match=r"wording/bewering\.txt: .*een zin per regel"):
        train_reader(("iets",))


def test_no_labelled_sentence_is_learned_from() -> None:
    learned = {
        line.strip().lower()
        for path in EXAMPLES.glob("*.txt")
        for line in path.read_text("utf-8").splitlines()
    }
    for folder in ("development", "heldout"):
        for path in (DEVELOPMENT.parent / folder / "safety").glob("*.jsonl"):
            texts = [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]
            assert [text for text in texts if text.strip().lower() in learned] == [], path
