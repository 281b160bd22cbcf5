"""What was written, read by Rasa itself; and why its own writer is not used."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader, RasaYAMLWriter

from kalm.settings import ROOT
from kalm.training_examples import examples_in
from review.training.markup import marked_up
from review.training.nlu_file import add_examples, remove_example
from tests.review.training.sentences import sentences

FILES = {path.name: path.read_bytes().decode() for path in sorted((ROOT / "data" / "nlu").glob("*.yml"))}


def read(text: str) -> Counter[tuple[str, str, str]]:
    """Intent, text and entities of each example, as Rasa reads them."""
    data = RasaYAMLReader().reads(text)
    return Counter(
        (
            message.get("intent"),
            message.get("text"),
            str([(one["start"], one["end"], one["entity"]) for one in message.get("entities", [])]),
        )
        for message in data.training_examples
    )


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from(["rls.yml", "smalltalk.yml", "personal_advice.yml"]),
    sentences("[]", longest=60),
    st.booleans(),
)
def test_rasa_reads_the_old_examples_and_the_new_one(name: str, text: str, marked: bool) -> None:
    intent = examples_in(FILES[name], name)[0].intent
    entities = [{"start": 0, "end": len(text), "entity": "product"}] if marked else []

    after = add_examples(FILES[name], intent, [marked_up(text, entities)])

    spans = [(0, len(text), "product")] if marked else []
    assert read(after) - read(FILES[name]) == Counter([(intent, text, str(spans))])
    assert read(FILES[name]) - read(after) == Counter()


def test_rasa_misses_only_the_example_that_was_removed() -> None:
    example = examples_in(FILES["rls.yml"], "rls.yml")[0]

    after = remove_example(FILES["rls.yml"], example.intent, example.text)

    assert read(FILES["rls.yml"]) - read(after) == Counter([(example.intent, example.plain, "[]")])
    assert read(after) - read(FILES["rls.yml"]) == Counter()


@pytest.mark.parametrize("name", sorted(FILES))
def test_rasas_own_writer_gives_no_file_back_as_it_was(name: str) -> None:
    """If this ever fails, Rasa's writer can be used after all."""
    assert RasaYAMLWriter().dumps(RasaYAMLReader().reads(FILES[name])) != FILES[name]
