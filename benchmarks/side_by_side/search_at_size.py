"""The search engine alone with ever more passages: in this process, a worker's, which builds or searches.

What grows with the passages of a shop is the engine, ``kalm.search.engine``. The classifier that Kalm puts
beside it learns each passage from its questions, and is trained for some hundred passages; it is not measured
here.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil

from benchmarks.side_by_side.workers import answer_parent
from kalm.search.engine import Document, Engine

SIZES = (100, 10_000, 1_000_000)
TERMS, TERMS_OF_HEADING, FOUND = 60, 4, 10
"""Terms of a made-up passage, of its heading, and how many passages are asked for."""

_SEED = 3
_ROUNDS = 3
_ROW = 1_000_000


def made_up_passages(terms: Sequence[str], count: int) -> Iterator[Document]:
    """Passages of terms drawn as often as they stand in the articles.

    Each is cut at random out of one long row of them: that takes some microseconds, and building far more.

    Args:
        terms: one for each place in the articles where it stands.
        count: how many passages.
    """
    chance = random.Random(_SEED)
    row = chance.choices(terms, k=_ROW)
    for _ in range(count):
        start = chance.randrange(_ROW - TERMS - TERMS_OF_HEADING)
        end = start + TERMS
        yield Document(dict.fromkeys(row[start:end]), row[end : end + TERMS_OF_HEADING])


def _build(question: dict[str, Any]) -> dict[str, float]:
    started = time.perf_counter()
    Engine.build(Path(question["folder"]), made_up_passages(question["terms"], question["count"]))
    return {"build": time.perf_counter() - started}


def _search(question: dict[str, Any]) -> dict[str, Any]:
    """Milliseconds of each query, the first round left out, and the MB that the process grew by."""
    this = psutil.Process()
    before = this.memory_info().rss
    engine = Engine.load(Path(question["folder"]))
    taken = []
    for measured in range(-1, _ROUNDS):
        for terms in question["queries"]:
            started = time.perf_counter()
            engine.search(terms, FOUND)
            if measured >= 0:
                taken.append((time.perf_counter() - started) * 1000)
    return {"milliseconds": taken, "memory": (this.memory_info().rss - before) / 1024**2}


def _answer(question: dict[str, Any]) -> Any:
    return _build(question) if question["what"] == "build" else _search(question)


if __name__ == "__main__":
    answer_parent(_answer)
