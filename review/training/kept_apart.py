"""Sentences that Kalm is measured with, and that it must therefore never learn from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from review.folding import fold

FOLDERS = ("tests/data/development", "tests/data/heldout")


def kept_apart(root: Path) -> frozenset[str]:
    """The keys (:func:`review.folding.fold`) of all sentences of the measurements."""
    paths = sorted(path for folder in FOLDERS for path in (root / folder).rglob("*.jsonl"))
    return _keys(tuple((path, path.stat().st_mtime_ns) for path in paths))


@lru_cache(maxsize=2)
def _keys(files: tuple[tuple[Path, int], ...]) -> frozenset[str]:
    return frozenset(
        fold(text)
        for path, _ in files
        for line in path.read_text(encoding="utf-8").splitlines()
        for text in _texts(json.loads(line))
    )


def _texts(row: dict[str, Any]) -> Iterator[str]:
    if "text" in row:
        yield str(row["text"])
    for turn in row.get("turns", ()):
        yield str(turn["text"])
