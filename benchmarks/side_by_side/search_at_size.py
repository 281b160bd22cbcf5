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

from benchmarks.side_by_side.workers import answer_parent
from kalm.search.engine import Document, Engine

SIZES = (100, 10_000, 1_000_000)
TERMS, TERMS_OF_HEADING, FOUND = 60, 4, 10
"""Terms of a made-up passage, of its heading, and how many passages are asked for."""

_SEED = 3
_ROUNDS = 3
_TIMED = 20_000


def made_up_passages(terms: Sequence[str], count: int) -> Iterator[Document]:
    """Passages of terms drawn as often as they stand in the articles.

    Args:
        terms: one for each place in the articles where it stands.
        count: how many passages.
    """
    chance = random.Random(_SEED)
    for _ in range(count):
        yield Document(
            dict.fromkeys(chance.choices(terms, k=TERMS)), chance.choices(terms, k=TERMS_OF_HEADING)
        )


def _build(question: dict[str, Any]) -> dict[str, float]:
    folder, count = Path(question["folder"]), question["count"]
    # What making them up takes is no part of building; that of the first ones tells that of all.
    few = min(count, _TIMED)
    started = time.perf_counter()
    for _ in made_up_passages(question["terms"], few):
        pass
    made_up = (time.perf_counter() - started) * count / few
    started = time.perf_counter()
    Engine.build(folder, made_up_passages(question["terms"], count))
    return {"build": time.perf_counter() - started - made_up}


def _search(question: dict[str, Any]) -> list[float]:
    """Milliseconds of each query; the first round finds everything cold and is left out."""
    engine = Engine.load(Path(question["folder"]))
    taken = []
    for measured in range(-1, _ROUNDS):
        for terms in question["queries"]:
            started = time.perf_counter()
            engine.search(terms, FOUND)
            if measured >= 0:
                taken.append((time.perf_counter() - started) * 1000)
    return taken


def _answer(question: dict[str, Any]) -> Any:
    return _build(question) if question["what"] == "build" else _search(question)


if __name__ == "__main__":
    answer_parent(_answer)
