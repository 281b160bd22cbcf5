"""The labelled questions and dialogues that Kalm is measured on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kalm.settings import ROOT

DEVELOPMENT = ROOT / "tests" / "data" / "development"
HELD_OUT = ROOT / "tests" / "data" / "heldout"


@dataclass(frozen=True)
class Labelled:
    """A message with what it means.

    Attributes:
        text: as typed.
        intent: the right intent.
        sections: ids of the passages that hold the answer; empty when none does.
    """

    text: str
    intent: str
    sections: tuple[str, ...]


@dataclass(frozen=True)
class Turn:
    """One message of a dialogue.

    Attributes:
        message: the labelled message.
        kinds: the kinds of reply that are right; "smalltalk" for a reply without payload.
    """

    message: Labelled
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Dialogue:
    """A conversation of several turns."""

    name: str
    turns: tuple[Turn, ...]


def read_messages(folder: Path) -> list[Labelled]:
    """All labelled single messages of a folder."""
    return [_labelled(row) for path in sorted(folder.glob("*.jsonl")) for row in rows(path) if "text" in row]


def read_dialogues(folder: Path) -> list[Dialogue]:
    """All dialogues of a folder."""
    return [
        Dialogue(
            row["name"],
            tuple(
                Turn(
                    _labelled(turn),
                    (turn["kind"],) if isinstance(turn["kind"], str) else tuple(turn["kind"]),
                )
                for turn in row["turns"]
            ),
        )
        for path in sorted(folder.glob("*.jsonl"))
        for row in rows(path)
        if "turns" in row
    ]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The labelled lines of a file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def _labelled(row: dict[str, Any]) -> Labelled:
    return Labelled(row["text"], row["intent"], tuple(row.get("sections", ())))
