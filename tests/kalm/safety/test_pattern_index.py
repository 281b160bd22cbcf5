"""No pattern that stands in a text is passed over for the sake of speed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache

import pytest

from commands.evaluation.data import DEVELOPMENT, read_messages
from kalm.safety import danger_rules
from kalm.safety.pattern_index import PatternIndex
from kalm.safety.patterns import Pattern, read_pattern
from kalm.safety.text import Text, read_message


@cache
def texts() -> list[Text]:
    """What visitors type, what tells of danger, and what resembles it."""
    written = [message.text for message in read_messages(DEVELOPMENT)]
    lines = (DEVELOPMENT / "safety" / "danger.jsonl").read_text("utf-8").splitlines()
    written += [json.loads(line)["text"] for line in lines]
    for sign in danger_rules().signs:
        written += [*sign.examples, *sign.counterexamples]
    return [read_message(text) for text in ["", "?", *written]]


@pytest.mark.parametrize(
    "patterns",
    [
        *(pytest.param(sign.patterns, id=sign.name) for sign in danger_rules().signs),
        pytest.param(danger_rules().context.figures, id="beeldspraak"),
    ],
)
def test_every_pattern_that_stands_in_a_text_is_looked_for(patterns: Sequence[Pattern]) -> None:
    index = PatternIndex(patterns)
    found = 0
    for text in texts():
        standing = [pattern for pattern in patterns if pattern.stands_in(text)]
        looked_for = index.may_stand_in(text)
        assert [pattern for pattern in looked_for if pattern in standing] == standing
        found += len(standing)
    assert found > 0, "nothing was tried"


@pytest.mark.parametrize(
    ("text", "looked_for"),
    [
        ("ik slik elke avond magnesium", ["<pil> slikken"]),
        ("het been is warm", ["been + rood|warm"]),
        ("het been is dik", ["been + rood|warm"]),
        ("rood en warm", []),
        ("ineens moe", []),
        ("in eens moe", ["in_eens moe"]),
        ("wel 12 keer", ["≥10 keer"]),
        ("zelfmoordpoging", ["zelfmoord*"]),
        ("", []),
    ],
)
def test_a_pattern_is_looked_for_by_the_part_with_the_fewest_words(text: str, looked_for: list[str]) -> None:
    sources = ("<pil> slikken", "been + rood|warm", "in_eens moe", "≥10 keer", "zelfmoord*")
    words = {"pil": ["pil", "tablet", "poeder"]}
    index = PatternIndex([read_pattern(source, words) for source in sources])
    assert [pattern.source for pattern in index.may_stand_in(read_message(text))] == looked_for
