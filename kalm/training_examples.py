"""The sentences that the intents are trained on, as Rasa reads them from ``data/nlu``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

_MARKED = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
_BULLET = "- "
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class TrainingExamplesError(Exception):
    """A file of the training data cannot be read; the message says which and why."""


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
    return _MARKED.sub(r"\1", text)


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


@lru_cache(maxsize=64)
def _read(path: Path, changed: int, size: int) -> tuple[Example, ...]:
    """Of one file; when it was changed and its size only say whether it was read before."""
    try:
        entries = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)["nlu"]
        return tuple(
            Example(line.removeprefix(_BULLET), str(entry["intent"]), path.name)
            for entry in entries
            if "intent" in entry
            for line in str(entry["examples"]).splitlines()
            if line.strip(" -")
        )
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        raise TrainingExamplesError(
            f"{path} cannot be read as training data: {type(error).__name__}; "
            "write it as the other files beside it"
        ) from error
