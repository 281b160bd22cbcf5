"""How alike a question is to each of the editors' questions, all at once.

One pass over what the question holds, through an inverted index: some five thousand comparisons in the time
that fifty would take one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kalm.search.vectors import Vector

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Likeness:
    """Of one question to n others.

    Attributes:
        cosine: of the weighted terms, shape (n,).
        dice: of the character n-grams, shape (n,).
    """

    cosine: Values
    dice: Values


class Questions:
    """The editors' questions as an inverted index."""

    def __init__(self, vectors: Sequence[Vector], ngrams: Sequence[frozenset[str]]) -> None:
        """Index n questions.

        Args:
            vectors: weighted terms of each, n.
            ngrams: character n-grams of each, n.
        """
        self._terms = _Postings([vector.values for vector in vectors])
        self._ngrams = _Postings([dict.fromkeys(grams, 1.0) for grams in ngrams])
        self._lengths = np.array([vector.length for vector in vectors], dtype=np.float64)
        self._sizes = np.array([len(grams) for grams in ngrams], dtype=np.float64)

    def likeness(self, vector: Vector, ngrams: frozenset[str]) -> Likeness:
        """Likeness to each question; 0 where one of the two is empty."""
        dot = self._terms.sum(vector.values)
        shared = self._ngrams.sum(dict.fromkeys(ngrams, 1.0))
        return Likeness(
            cosine=_share(dot, vector.length * self._lengths),
            dice=_share(2 * shared, self._sizes + len(ngrams)),
        )


class _Postings:
    """Per feature the documents that hold it, and its weight there."""

    def __init__(self, documents: Sequence[Mapping[str, float]]) -> None:
        self._count = len(documents)
        collected: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, document in enumerate(documents):
            for feature, weight in document.items():
                collected[feature].append((number, weight))
        self._numbers = {
            feature: np.array([number for number, _ in found], dtype=np.intp)
            for feature, found in collected.items()
        }
        self._weights = {
            feature: np.array([weight for _, weight in found]) for feature, found in collected.items()
        }

    def sum(self, features: Mapping[str, float]) -> Values:
        """Per document the sum of the products of shared weights, shape (documents,)."""
        known = [feature for feature in features if feature in self._numbers]
        if not known:
            return np.zeros(self._count)
        return np.bincount(
            np.concatenate([self._numbers[feature] for feature in known]),
            np.concatenate([self._weights[feature] * features[feature] for feature in known]),
            minlength=self._count,
        ).astype(np.float64)


def _share(part: Values, whole: Values) -> Values:
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)
