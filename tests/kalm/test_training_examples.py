"""Examples as they stand in the files of Rasa."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kalm.training_examples import Example, TrainingExamplesError, read_examples, without_marks


def test_examples_keep_their_marks_and_know_their_file(tmp_path: Path) -> None:
    (tmp_path / "b.yml").write_text("nlu:\n- intent: greet\n  examples: |\n    - hoi\n    - dag - of niet\n")
    (tmp_path / "a.yml").write_text(
        'version: "3.1"\nnlu:\n- lookup: trigger\n  examples: |\n    - thee\n'
        "- intent: ask_rls\n  examples: |\n    - helpt [thee](trigger)\n    - \n"
    )
    assert read_examples(tmp_path) == [
        Example("helpt [thee](trigger)", "ask_rls", "a.yml"),
        Example("hoi", "greet", "b.yml"),
        Example("dag - of niet", "greet", "b.yml"),
    ]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("helpt [thee](trigger) of [koffie](trigger)", "helpt thee of koffie"),
        ('[bakkie]{"entity": "trigger", "value": "koffie"} erbij', "bakkie erbij"),
        ("[geen merk] (echt niet)", "[geen merk] (echt niet)"),
    ],
)
def test_marks_are_taken_out_in_both_ways_of_writing(text: str, plain: str) -> None:
    assert without_marks(text) == plain


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    file.write_text("nlu:\n- intent: greet\n  examples: |\n    - hoi\n")
    assert [example.text for example in read_examples(tmp_path)] == ["hoi"]
    file.write_text("nlu:\n- intent: greet\n  examples: |\n    - dag\n")
    os.utime(file, ns=(1, 1))
    assert [example.text for example in read_examples(tmp_path)] == ["dag"]


@pytest.mark.parametrize(
    "content", [b"nlu: [", b"", b"- x", b"nlu:\n- intent: greet\n", b"\xff\xfe\x00", b"nlu: 3"]
)
def test_a_file_that_is_written_otherwise_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "kapot.yml").write_bytes(content)
    with pytest.raises(TrainingExamplesError, match=r"kapot\.yml"):
        read_examples(tmp_path)
