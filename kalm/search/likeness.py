"""How alike a question is to the editors' questions of a passage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction import DictVectorizer

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
    """The editors' questions of each passage, as sparse matrices."""

    def __init__(
        self, vectors: Sequence[Sequence[Vector]], ngrams: Sequence[Sequence[frozenset[str]]]
    ) -> None:
        """Keep the questions of m passages.

        Args:
            vectors: per passage the weighted terms of each of its questions.
            ngrams: per passage the character n-grams of each of its questions, as many.
        """
        self._terms = _Rows([[vector.values for vector in asked] for asked in vectors])
        self._ngrams = _Rows([[dict.fromkeys(grams, 1.0) for grams in asked] for asked in ngrams])
        self._lengths = [np.array([vector.length for vector in asked]) for asked in vectors]
        self._sizes = [np.array([len(grams) for grams in asked], dtype=np.float64) for asked in ngrams]

    def likeness(
        self, vector: Vector, ngrams: frozenset[str], passages: Iterable[int]
    ) -> dict[int, Likeness]:
        """Likeness to each question of these passages, by number; 0 where one of the two is empty."""
        terms = self._terms.dense(vector.values)
        letters = self._ngrams.dense(dict.fromkeys(ngrams, 1.0))
        return {
            number: Likeness(
                cosine=_share(self._terms.matrices[number] @ terms, vector.length * self._lengths[number]),
                dice=_share(2 * (self._ngrams.matrices[number] @ letters), self._sizes[number] + len(ngrams)),
            )
            for number in passages
        }


class _Rows:
    """One sparse row per question, one matrix per passage."""

    def __init__(self, passages: Sequence[Sequence[Mapping[str, float]]]) -> None:
        vectorizer = DictVectorizer(sort=False)
        # The empty row makes a matrix of passages without any question too.
        rows = vectorizer.fit_transform([*(row for asked in passages for row in asked), {}])
        self._columns: Mapping[str, int] = vectorizer.vocabulary_
        bounds = accumulate(map(len, passages), initial=0)
        self.matrices = [rows[start:end] for start, end in pairwise(bounds)]

    def dense(self, features: Mapping[str, float]) -> Values:
        """The features as a dense vector, shape (columns,); those of no question are left out."""
        values = np.zeros(len(self._columns))
        for feature, value in features.items():
            place = self._columns.get(feature)
            if place is not None:
                values[place] = value
        return values


def _share(part: Values, whole: Values) -> Values:
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)
