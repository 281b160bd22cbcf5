"""Which sentences are nearly the same: by meaning where there are embeddings, else by their letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from kalm.embedding import Vectors

_ROWS = 500
"""Compared at once with all others: 500 rows of 6000 scores take 12 MB."""


@dataclass(frozen=True)
class Thresholds:
    """From which likeness on two sentences are worth a look, from 0 to 1.

    Attributes:
        across: under two intents, where they may contradict each other.
        within: under one intent, where one of them may be too many.
    """

    across: float
    within: float


BY_MEANING = Thresholds(across=0.955, within=0.975)
"""Cosine of their embeddings. Read side by side in the 6,014 examples of November 2026: from 0.955 on there
are 76 pairs under two intents, most of which somebody should look at ("ik word gek van mijn benen"); from
0.95 on twice as many, half of them about something else. Under one intent, 0.975 leaves 79 pairs that differ
in a word or two."""

BY_LETTERS = Thresholds(across=0.88, within=0.93)
"""Share of letters in common, words in any order; it sees a changed word, not a changed way of saying."""


@dataclass(frozen=True)
class Alike:
    """Two sentences that are nearly the same, by their places; the first place is the smaller."""

    one: int
    other: int
    likeness: float


def by_meaning(vectors: Vectors, intents: Sequence[str]) -> Iterator[Alike]:
    """Pairs of n sentences, by their embeddings of shape (n, dimensions), each of length 1."""
    labels = np.array(intents)
    for start in range(0, len(vectors), _ROWS):
        scores = vectors[start : start + _ROWS] @ vectors.T
        yield from _above(scores, start, labels, BY_MEANING)


def by_letters(texts: Sequence[str], intents: Sequence[str]) -> Iterator[Alike]:
    """Pairs of n sentences, by their letters."""
    labels = np.array(intents)
    least = 100 * min(BY_LETTERS.across, BY_LETTERS.within)
    for start in range(0, len(texts), _ROWS):
        scores = process.cdist(
            texts[start : start + _ROWS],
            texts,
            scorer=fuzz.token_sort_ratio,
            score_cutoff=least,
            dtype=np.float32,
        )
        yield from _above(scores / 100, start, labels, BY_LETTERS)


def _above(
    scores: NDArray[np.float32], start: int, labels: NDArray[np.str_], thresholds: Thresholds
) -> Iterator[Alike]:
    rows, columns = np.nonzero(scores >= min(thresholds.across, thresholds.within))
    for row, column in zip(rows, columns, strict=True):
        one, other = start + int(row), int(column)
        least = thresholds.within if labels[one] == labels[other] else thresholds.across
        if one < other and scores[row, column] >= least:
            yield Alike(one, other, min(1.0, float(scores[row, column])))
