"""What the intents and the index are trained on, read from the files of Rasa."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from commands import training_data
from commands.training_data import training_examples, unanswered
from kalm.release import INDEX_INPUTS
from kalm.settings import ROOT


@pytest.fixture
def _small_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "nlu/other.yml": "nlu:\n- lookup: trigger\n  examples: |\n    - koffie\n"
        "- intent: greet\n  examples: |\n    - hoi\n",
        "nlu/scope.yml": "nlu:\n- intent: out_of_scope\n  examples: |\n"
        "    - hoe zet ik [koffie](trigger) of [thee](trigger)?\n    - wat een weer - of niet\n",
        "unanswered.yml": "vragen:\n- Slaapt een vis?\n- 42\n",
    }
    for name, text in files.items():
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(training_data, "ROOT", tmp_path)


@pytest.mark.usefixtures("_small_data")
def test_examples_come_with_their_intent_and_without_marks() -> None:
    assert list(zip(*training_examples(), strict=True)) == [
        ("hoi", "greet"),
        ("hoe zet ik koffie of thee?", "out_of_scope"),
        ("wat een weer - of niet", "out_of_scope"),
    ]


@pytest.mark.usefixtures("_small_data")
def test_unanswered_are_the_known_questions_and_all_that_is_out_of_scope() -> None:
    assert unanswered() == [
        "Slaapt een vis?",
        "42",
        "hoe zet ik koffie of thee?",
        "wat een weer - of niet",
    ]


def test_unanswered_holds_every_example_out_of_scope_without_marks() -> None:
    entries = [
        (path, line.removeprefix("- "))
        for path in (ROOT / "data" / "nlu").glob("*.yml")
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        if entry.get("intent") == "out_of_scope"
        for line in entry["examples"].splitlines()
    ]
    known = yaml.safe_load((ROOT / "data" / "unanswered.yml").read_text(encoding="utf-8"))["vragen"]
    found = unanswered()

    assert len(found) == len(known) + len(entries)
    assert {line for _, line in entries if "[" not in line} <= set(found)
    assert not any("](" in text or text.startswith("- ") for text in found)
    # The index would otherwise not be built anew when one of these files changes.
    assert {path.relative_to(ROOT).as_posix() for path, _ in entries} <= set(INDEX_INPUTS)
