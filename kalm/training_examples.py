"""The sentences that Kalm is trained on, as they stand in ``data/nlu`` and ``data/unanswered.yml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

MARKED = re.compile(r"\[(?P<words>[^\]]+?)\](?:\((?P<entity>[^:)]+?)(?::[^)]+)?\)|\{[^}]+?\}|\[.*?\])")
"""Words with their entity, as ``rasa.shared.nlu.training_data.entities_parser`` has it."""

KINDS = ("intent", "synonym", "lookup", "regex")
"""Kinds of entries in a file of ``data/nlu``."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class TrainingExamplesError(Exception):
    """A file of the training data cannot be read; the message says which and why."""


@dataclass(frozen=True)
class Entry:
    """An entry of a file of ``data/nlu``.

    Attributes:
        kind: one of :data:`KINDS`.
        name: such as the name of the intent.
        examples: in order.
    """

    kind: str
    name: str
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Example:
    """One sentence of the training data.

    Attributes:
        text: as it stands in the file, with its entities marked: ``"helpt [yoga](treatment)"``.
        intent: under which it stands.
        file: name of the file, such as ``rls.yml``.
    """

    text: str
    intent: str
    file: str

    @property
    def plain(self) -> str:
        """As a visitor would type it."""
        return without_marks(self.text)


def without_marks(text: str) -> str:
    """A sentence without the marks of its entities."""
    return MARKED.sub(lambda found: found["words"], text)


def entries_in(content: str, name: str) -> list[Entry]:
    """The entries of a file of ``data/nlu``, in order.

    Args:
        content: of the file.
        name: of the file, for the message.

    Raises:
        TrainingExamplesError: it is not written as Rasa wants it.
    """
    try:
        return [_entry(entry) for entry in yaml.load(content, Loader=_Loader)["nlu"]]
    except (KeyError, TypeError, ValueError, AttributeError, StopIteration, yaml.YAMLError) as error:
        raise _unreadable(name, error) from error


def examples_in(content: str, name: str) -> list[Example]:
    """The examples of intents in a file, in order; see :func:`entries_in`."""
    return [
        Example(text, entry.name, name)
        for entry in entries_in(content, name)
        if entry.kind == "intent"
        for text in entry.examples
    ]


def read_examples(folder: Path) -> list[Example]:
    """All examples of intents below a folder, in the order of the files and of the lines in them.

    Raises:
        TrainingExamplesError: a file is not written as Rasa wants it.
    """
    examples: list[Example] = []
    for path in sorted(folder.glob("*.yml")):
        now = path.stat()
        examples += _read(path, now.st_mtime_ns, now.st_size)
    return examples


def unanswered_in(content: str) -> list[str]:
    """The questions of ``data/unanswered.yml``, in order.

    Args:
        content: of the file.

    Raises:
        TrainingExamplesError: it is no such list.
    """
    try:
        return [str(question) for question in yaml.load(content, Loader=_Loader)["vragen"]]
    except (KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise _unreadable("unanswered.yml", error) from error


@lru_cache(maxsize=64)
def _read(path: Path, changed: int, size: int) -> tuple[Example, ...]:
    """Of one file; when it was changed and its size only say whether it was read before."""
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise _unreadable(str(path), error) from error
    return tuple(examples_in(content, path.name))


def _entry(entry: dict[str, Any]) -> Entry:
    kind = next(one for one in KINDS if one in entry)
    lines = entry["examples"].splitlines()
    texts = (line.removeprefix("-").strip() for line in lines if line.startswith("-"))
    return Entry(kind, str(entry[kind]), tuple(filter(None, texts)))


def _unreadable(name: str, error: Exception) -> TrainingExamplesError:
    return TrainingExamplesError(
        f"{name} cannot be read as training data: {type(error).__name__}; "
        "write it as the other files beside it"
    )
