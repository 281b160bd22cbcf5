"""Add and remove examples in the text of a file of ``data/nlu``, and keep every other byte.

Rasa's own writer (``RasaYAMLWriter``, Rasa 3.6.21) does not: of the eleven files of ``data/nlu`` it gave
back none as it was. It drops every comment and the blank line below ``version``, and indents the seven files
with ``  - intent:`` anew, which changes nearly all of their lines. So lines are put in and taken out here,
and each result is read again by YAML; ``tests/review/training/test_with_rasa.py`` has Rasa's own reader read
them, and says so again of its writer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kalm.training_examples import KINDS, TrainingExamplesError, entries_in
from review.training import text_lines

_ITEM = re.compile(rf"^(?P<indent> *)- +(?P<kind>{'|'.join(KINDS)}): *(?P<name>[^#]*?) *(?:#.*)?$")
_EXAMPLES = re.compile(r"^(?P<indent> +)examples: *\|[+-]? *(?:#.*)?$")
_EXAMPLE = re.compile(r"^(?P<indent> *)- ?(?P<text>.*)$")


class TrainingFileError(Exception):
    """A file cannot be changed that way; the message says why, in Dutch."""


@dataclass(frozen=True)
class ExampleLine:
    """A line that holds an example.

    Attributes:
        intent: under which it stands.
        text: as it stands there, with ``[words](entity)``.
        number: its place among the lines of the file, from 0.
    """

    intent: str
    text: str
    number: int


def add_examples(text: str, intent: str, examples: Sequence[str]) -> str:
    """The file with more examples, as the last ones of their intent.

    Args:
        text: of the file.
        intent: that the file has.
        examples: each on one line, with markup.

    Raises:
        TrainingFileError: the intent has no examples here, or one would not be read back the same.
    """
    lines = text_lines.split(text)
    there = [one for one in example_lines(lines) if one.intent == intent]
    if not there:
        raise TrainingFileError("deze bedoeling heeft in het bestand nog geen voorbeeldzinnen")
    last = there[-1].number
    indent = lines[last][: lines[last].index("-")]
    changed = text_lines.insert(lines, last + 1, (f"{indent}- {example}" for example in examples))
    expected = _read(text)
    next(texts for name, texts in reversed(expected) if name == ("intent", intent)).extend(examples)
    if expected != _read(changed):
        raise TrainingFileError("deze zin is niet zo te bewaren dat Kalm hem hetzelfde terugleest")
    return changed


def remove_example(text: str, intent: str, example: str) -> str:
    """The file without an example; where it stands twice, without the last.

    Raises:
        TrainingFileError: it is not there, or it is the only one of its intent.
    """
    lines = text_lines.split(text)
    there = [one for one in example_lines(lines) if one.intent == intent]
    found = [one for one in there if one.text == example]
    if not found:
        raise TrainingFileError("de zin staat niet meer bij deze bedoeling")
    if len(there) == 1:
        raise TrainingFileError("dit is de enige zin van deze bedoeling")
    changed = text_lines.remove(lines, found[-1].number)
    expected = _read(text)
    # Of an intent that stands in the file in two places, the last one is meant.
    texts = next(texts for name, texts in reversed(expected) if name[1] == intent and example in texts)
    del texts[len(texts) - 1 - texts[::-1].index(example)]
    if expected != _read(changed):
        raise TrainingFileError("het bestand is anders opgebouwd dan verwacht")
    return changed


def example_lines(lines: Sequence[str]) -> list[ExampleLine]:
    """The examples of all intents of a file, in order.

    Args:
        lines: of the file, with or without their ends.
    """
    found, kind, name, depth = [], "", "", -1
    for number, line in enumerate(map(text_lines.bare, lines)):
        if not line.strip():
            continue
        indent = len(line) - len(line.lstrip(" "))
        if depth >= 0 and indent > depth:
            example = _EXAMPLE.match(line)
            if example and kind == "intent":
                found.append(ExampleLine(name, example["text"].strip(), number))
            continue
        depth = -1
        if item := _ITEM.match(line):
            kind, name = item["kind"], item["name"].strip("\"'")
        elif (block := _EXAMPLES.match(line)) and name:
            depth = len(block["indent"])
    return found


def _read(text: str) -> list[tuple[tuple[str, str], list[str]]]:
    """What Kalm reads of a file: kind, name and examples of each entry, in order.

    Raises:
        TrainingFileError: it is no training data.
    """
    try:
        entries = entries_in(text, "")
    except TrainingExamplesError as error:
        raise TrainingFileError("het bestand met voorbeeldzinnen is niet te lezen") from error
    return [((entry.kind, entry.name), list(entry.examples)) for entry in entries]
