"""Multinomial logistic regression over many sparse features and a few dense ones.

What it makes small is what scikit-learn's ``LogisticRegression`` makes small: the log loss of the training
texts, each weighted, times C, and half the sum of the squared weights, without those of the bias. It is
fitted by :mod:`kalm.lbfgs`, in single precision, with the dense features apart: several times as quick on a
small machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from kalm.lbfgs import Numbers, minimise

TOLERANCE = 1e-4


@dataclass(frozen=True)
class Fitted:
    """What was learned.

    Attributes:
        labels: n labels, sorted.
        sparse: weights of the sparse features, shape (m, n).
        dense: weights of the dense features, shape (d, n).
        bias: shape (n,).
    """

    labels: tuple[str, ...]
    sparse: Numbers
    dense: Numbers
    bias: Numbers


def fit(
    features: sparse.csr_matrix,
    dense: Numbers,
    labels: Sequence[str],
    *,
    inverse_regularisation: float,
    iterations: int,
    balanced: bool,
) -> Fitted:
    """Learn the weights.

    Args:
        features: shape (texts, m), float32.
        dense: shape (texts, d), float32; d may be 0.
        labels: of each text.
        inverse_regularisation: C.
        iterations: most steps; stopping early is no error.
        balanced: give rare labels as much weight as common ones.
    """
    names, numbers = np.unique(np.asarray(labels), return_inverse=True)
    weights = _weights(numbers, len(names), balanced)
    loss = _Loss(features, dense, numbers, inverse_regularisation * weights, len(names))
    reached = minimise(loss, np.zeros(loss.size, dtype=np.float32), iterations, TOLERANCE)
    return Fitted(tuple(map(str, names)), *loss.parts(reached))


def _weights(numbers: NDArray[np.intp], count: int, balanced: bool) -> NDArray[np.float64]:
    """Of each text; balanced: by how rare its label is, 1 on average over the labels."""
    if not balanced:
        return np.ones(len(numbers))
    of_label = len(numbers) / (count * np.bincount(numbers))
    weights: NDArray[np.float64] = of_label[numbers]
    return weights


class _Loss:
    """Value and gradient, at a point that holds the weights of sparse and dense features and the bias."""

    def __init__(
        self,
        features: sparse.csr_matrix,
        dense: Numbers,
        numbers: NDArray[np.intp],
        weights: NDArray[np.float64],
        labels: int,
    ) -> None:
        self._features, self._dense = features, dense
        # Kept by column as well: summing up along the other side reads all over the memory.
        self._by_feature = features.T.tocsr()
        self._numbers, self._weights, self._labels = numbers, weights, labels
        self._rows = np.arange(len(numbers))
        self._ends = np.cumsum([features.shape[1] * labels, dense.shape[1] * labels])

    @property
    def size(self) -> int:
        """Of a point."""
        return int(self._ends[-1]) + self._labels

    def parts(self, point: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """Weights of the sparse features, of the dense ones, and the bias; views of the point."""
        of_sparse, of_dense, bias = np.split(point, self._ends)
        return of_sparse.reshape(-1, self._labels), of_dense.reshape(-1, self._labels), bias

    def __call__(self, point: Numbers) -> tuple[float, Numbers]:
        of_sparse, of_dense, bias = self.parts(point)
        scores = self._features @ of_sparse
        scores += self._dense @ of_dense
        scores += bias
        scores -= scores.max(axis=1, keepdims=True)
        right = scores[self._rows, self._numbers].astype(np.float64)
        np.exp(scores, out=scores)
        sums = scores.sum(axis=1, dtype=np.float64)
        loss = float(self._weights @ (np.log(sums) - right))
        scores *= (self._weights / sums).astype(np.float32)[:, None]
        scores[self._rows, self._numbers] -= self._weights.astype(np.float32)
        gradient = np.empty_like(point)
        to_sparse, to_dense, to_bias = self.parts(gradient)
        np.add(self._by_feature @ scores, of_sparse, out=to_sparse)
        np.add(self._dense.T @ scores, of_dense, out=to_dense)
        to_bias[:] = scores.sum(axis=0)
        regularised = point[: self._ends[-1]]
        return loss + 0.5 * float(regularised @ regularised), gradient
