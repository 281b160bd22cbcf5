"""Examples go in and out of the repository's own files, and every other byte stays."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kalm.settings import ROOT
from kalm.training_examples import examples_in, without_marks
from review.training.markup import MarkupError, marked_up, split_marked
from review.training.nlu_file import TrainingFileError, add_examples, example_lines, remove_example
from tests.review.training.sentences import sentences

FILES = {path.name: path.read_bytes().decode() for path in sorted((ROOT / "data" / "nlu").glob("*.yml"))}
INTENTS = [
    (name, intent)
    for name, text in FILES.items()
    for intent in {one.intent for one in examples_in(text, name)}
]
WITH_CR = {name: text.replace("\n", "\r\n") for name, text in FILES.items()}
WITHOUT_END = {name: text.rstrip("\n") for name, text in FILES.items()}


def parsed(text: str) -> list[tuple[str, list[str]]]:
    """All examples as YAML has them, without this project's code."""
    return [
        (entry["intent"], [line[1:].strip() for line in entry["examples"].splitlines()])
        for entry in yaml.safe_load(text)["nlu"]
        if "intent" in entry
    ]


def test_the_examples_are_those_that_yaml_reads() -> None:
    for name, text in FILES.items():
        lines = example_lines(text.splitlines())
        assert [(one.intent, one.text) for one in lines] == [
            (intent, example) for intent, examples in parsed(text) for example in examples
        ]
        assert [(one.intent, one.text) for one in lines] == [
            (one.intent, one.text) for one in examples_in(text, name)
        ]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(INTENTS), st.lists(sentences(), min_size=1, max_size=4), st.sampled_from([0, 1, 2]))
def test_what_was_added_can_be_removed_and_no_byte_changed(
    where: tuple[str, str], added: list[str], ends: int
) -> None:
    name, intent = where
    before = (FILES, WITH_CR, WITHOUT_END)[ends][name]

    after = add_examples(before, intent, added)

    expected = parsed(before)
    expected[[one for one, _ in expected].index(intent)][1].extend(added)
    assert parsed(after) == expected
    kept = after
    for one in reversed(added):
        kept = remove_example(kept, intent, one)
    assert kept == before


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_an_example_that_goes_takes_one_line_with_it(data: st.DataObject) -> None:
    before = FILES[data.draw(st.sampled_from([name for name, _ in INTENTS]))].splitlines(keepends=True)
    example = data.draw(st.sampled_from(example_lines(before)))

    after = remove_example("".join(before), example.intent, example.text)

    assert after.splitlines(keepends=True) == before[: example.number] + before[example.number + 1 :]


def test_adding_nothing_changes_no_byte() -> None:
    for name, intent in INTENTS:
        assert add_examples(FILES[name], intent, []) == FILES[name]


SMALL = """\
version: "3.1"  # een opmerking
nlu:
# boven de eerste
- intent: greet   # groet
  examples: |
    - hoi

    - dag
# tussen twee
  - intent: niet_zo
- intent: "thank"
  examples: |
    - dank
"""


def test_comments_and_blank_lines_stay_where_they_are() -> None:
    text = SMALL.replace("  - intent: niet_zo\n", "")
    assert add_examples(text, "greet", ["hallo"]) == text.replace("    - dag\n", "    - dag\n    - hallo\n")
    assert add_examples(text, "thank", ["bedankt"]) == text + "    - bedankt\n"


@pytest.mark.parametrize(
    ("text", "intent", "example"),
    [
        (SMALL.replace("  - intent: niet_zo\n", ""), "deny", "nee"),
        (SMALL, "greet", "hallo"),
        ("nlu: [", "greet", "hallo"),
        ("", "greet", "hallo"),
    ],
)
def test_what_cannot_be_added_is_refused(text: str, intent: str, example: str) -> None:
    with pytest.raises(TrainingFileError):
        add_examples(text, intent, [example])


def test_the_last_example_of_an_intent_and_one_that_is_gone_stay() -> None:
    text = SMALL.replace("  - intent: niet_zo\n", "")
    with pytest.raises(TrainingFileError, match="enige zin"):
        remove_example(text, "thank", "dank")
    with pytest.raises(TrainingFileError, match="staat niet meer"):
        remove_example(text, "greet", "weg")


def test_entities_become_markup_and_can_be_read_back() -> None:
    text = "ik ben zwanger en neem magnesium"
    entities = [{"start": 23, "end": 32, "entity": "product"}, {"start": 7, "end": 14, "entity": "trigger"}]

    made = marked_up(text, entities)

    assert made == "ik ben [zwanger](trigger) en neem [magnesium](product)"
    assert without_marks(made) == text
    assert split_marked(made) == [
        ("ik ben ", ""),
        ("zwanger", "trigger"),
        (" en neem ", ""),
        ("magnesium", "product"),
    ]


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("mijn adres is [adres]", []),
        ("kijk [hier](product)", []),
        ("kort", [{"start": 0, "end": 9, "entity": "product"}]),
        ("kort", [{"start": 2, "end": 2, "entity": "product"}]),
        ("kort", [{"start": -1, "end": 2, "entity": "product"}]),
        ("kort", [{"start": 0, "end": 2, "entity": "a:b"}]),
        ("kort", [{"start": 0, "end": 2}]),
        ("kort", [{"start": 0, "end": 3, "entity": "x"}, {"start": 2, "end": 4, "entity": "x"}]),
        ("kort", [{"start": "0", "end": 2, "entity": "product"}]),
    ],
)
def test_markup_that_would_not_be_read_back_is_refused(text: str, entities: list[dict[str, object]]) -> None:
    with pytest.raises(MarkupError):
        marked_up(text, entities)
