"""What the long look found, in a file: which sentences by key, never their words.

A visitor's approved message is among them, and erasing it does not reach this file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kalm.atomic import replace_file
from kalm.settings import settings
from review.conflicts.findings import Finding, Kind
from review.conflicts.sentences import Sentence

_FORMAT = 1


@dataclass(frozen=True)
class Result:
    """What a look found.

    Attributes:
        fingerprint: of the sentences it looked at.
        at: when it began, in seconds since 1970.
        seconds: that it took.
        compared: how many sentences.
        lines: kind, key of one sentence, key of the other or "", predicted intent or "", score.
    """

    fingerprint: str
    at: float
    seconds: float
    compared: int
    lines: tuple[tuple[str, str, str, str, float], ...]

    def findings(self, found: Sequence[Sentence]) -> Iterator[Finding]:
        """What is still so: a sentence that was changed or erased meanwhile is not found again."""
        by_key = {sentence.key: sentence for sentence in found}
        kinds: Mapping[str, Kind] = {kind.value: kind for kind in Kind}
        for name, key, other_key, predicted, score in self.lines:
            one, other, kind = by_key.get(key), by_key.get(other_key), kinds.get(name)
            if one is not None and kind is not None and (other is not None or not other_key):
                yield Finding(kind, one, other, predicted, score)


def _file() -> Path:
    return settings().var / "review" / "conflicts.json"


def read() -> Result | None:
    """The last result; None when there is none that can be read."""
    try:
        content = json.loads(_file().read_text(encoding="utf-8"))
        if content["format"] != _FORMAT:
            return None
        return Result(
            str(content["fingerprint"]),
            float(content["at"]),
            float(content["seconds"]),
            int(content["compared"]),
            tuple(
                (str(kind), str(one), str(other), str(predicted), float(score))
                for kind, one, other, predicted, score in content["findings"]
            ),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(result: Result) -> None:
    """Put a result in the place of the last one; whoever reads finds one or the other."""
    content = {
        "format": _FORMAT,
        "fingerprint": result.fingerprint,
        "at": result.at,
        "seconds": result.seconds,
        "compared": result.compared,
        "findings": result.lines,
    }
    replace_file(_file(), json.dumps(content))


def line(finding: Finding) -> tuple[str, str, str, str, float]:
    """A finding as it stands in the file."""
    other = finding.other.key if finding.other else ""
    return (finding.kind.value, finding.one.key, other, finding.predicted, round(finding.score, 4))
