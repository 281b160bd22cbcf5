"""The masking, measured on the labelled messages; of the held-out ones only counts are ever shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
import yaml

from commands.evaluation.data import DEVELOPMENT, HELD_OUT, rows
from kalm.privacy import mask
from kalm.privacy.masking import find_personal
from kalm.safety import danger_in
from kalm.settings import ROOT

SETS = {"development": DEVELOPMENT, "heldout": HELD_OUT}
CHECKSUMMED = ("bsn", "iban")


@dataclass
class Measured:
    """Counts over one set.

    Attributes:
        labelled: values per kind.
        found: values per kind of which every letter and digit is masked.
        near_misses: messages without a value.
        near_misses_masked: of those, messages in which anything is masked.
        positive: messages with a value.
        overmasked: of those, messages in which a letter or digit outside the values is masked.
    """

    labelled: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    near_misses: int = 0
    near_misses_masked: int = 0
    positive: int = 0
    overmasked: int = 0

    def recall(self, *kinds: str) -> float:
        chosen = kinds or tuple(self.labelled)
        return sum(self.found[kind] for kind in chosen) / sum(self.labelled[kind] for kind in chosen)

    def counts(self) -> str:
        kinds = ", ".join(
            f"{kind} {self.found[kind]}/{self.labelled[kind]}" for kind in sorted(self.labelled)
        )
        return (
            f"found: {kinds}; near misses masked: {self.near_misses_masked}/{self.near_misses}; "
            f"masked beyond the values: {self.overmasked}/{self.positive}"
        )


@cache
def measured(name: str) -> Measured:
    result = Measured()
    for row in rows(SETS[name] / "privacy" / "messages.jsonl"):
        _count(row, result)
    return result


def _count(row: dict[str, Any], result: Measured) -> None:
    text = row["text"]
    masked = {
        place
        for span in find_personal(text)
        for place in range(span.start, span.end)
        if text[place].isalnum()
    }
    if not row["mask"]:
        result.near_misses += 1
        result.near_misses_masked += mask(text) != text
        return
    allowed: set[int] = set()
    for label in row["mask"]:
        spots = [
            {place for place in range(match.start(), match.end()) if text[place].isalnum()}
            for match in re.finditer(re.escape(label["value"]), text)
        ]
        allowed |= set().union(*spots)
        result.labelled[label["kind"]] += 1
        result.found[label["kind"]] += any(spot <= masked for spot in spots)
    result.positive += 1
    result.overmasked += not masked <= allowed


@pytest.mark.parametrize("name", SETS)
def test_numbers_with_a_checksum_are_found(name: str) -> None:
    assert measured(name).recall(*CHECKSUMMED) >= 0.98, measured(name).counts()


@pytest.mark.parametrize("name", SETS)
def test_personal_data_is_found(name: str) -> None:
    assert measured(name).recall() >= 0.95, measured(name).counts()


@pytest.mark.parametrize("name", SETS)
def test_near_misses_are_left_alone(name: str) -> None:
    result = measured(name)
    assert result.near_misses_masked <= 0.02 * result.near_misses, result.counts()


@pytest.mark.parametrize("name", SETS)
def test_hardly_anything_beyond_the_values_is_masked(name: str) -> None:
    result = measured(name)
    assert result.overmasked <= 0.02 * result.positive, result.counts()


def other_messages() -> Iterator[str]:
    """The development messages and dialogues that were written for other purposes."""
    for path in sorted(DEVELOPMENT.rglob("*.jsonl")):
        if path.parent.name != "privacy":
            for row in rows(path):
                yield from (turn["text"] for turn in row.get("turns", (row,)) if "text" in turn)


def test_danger_is_seen_all_the_same() -> None:
    messages = [*other_messages(), *(row["text"] for row in rows(DEVELOPMENT / "privacy" / "messages.jsonl"))]
    assert len(messages) > 1500
    assert [
        text for text in messages if mask(text) != text and danger_in(mask(text)) != danger_in(text)
    ] == []


def training_sentences() -> Iterator[str]:
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in item.get("examples", "").splitlines():
                yield re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", line.removeprefix("- "))


def test_training_sentences_are_understood_as_before() -> None:
    """The few that change hold a name or an address."""
    sentences = list(training_sentences())
    changed = [sentence for sentence in sentences if mask(sentence) != sentence]
    assert len(sentences) > 5000
    assert len(changed) <= 0.002 * len(sentences), changed
    assert {label for sentence in changed for label in re.findall(r"\[\w+\]", mask(sentence))} <= {
        "[naam]",
        "[adres]",
    }


def test_articles_hold_nothing_to_mask() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "data" / "articles").glob("*.md"))]
    assert [line for text in texts for line in text.splitlines() if mask(line) != line] == []
