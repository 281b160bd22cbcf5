"""From features to the probability that a passage answers the question.

The model is a logistic regression that learns from the articles themselves: each question an editor
wrote is asked with itself left out (its passage is the right one), and again with its whole passage left
out (then nothing is right). So it calibrates itself anew whenever articles change.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from kalm.search.features import NAMES


@dataclass(frozen=True)
class Calibration:
    """Weights of the logistic regression, in the order of ``features.NAMES``."""

    weights: tuple[float, ...]
    bias: float

    def probability(self, features: Sequence[float]) -> float:
        """Probability between 0 and 1 that the passage with these features is right."""
        score = self.bias + sum(
            weight * value for weight, value in zip(self.weights, features, strict=True)
        )
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, score))))


@dataclass(frozen=True)
class Example:
    """One candidate of one question in training.

    Attributes:
        features: of the candidate.
        right: whether it is the answer.
        weight: how much it counts; the candidates of one question share 1.
    """

    features: Sequence[float]
    right: bool
    weight: float = 1.0


def fit(examples: Sequence[Example]) -> Calibration:
    """Fit the weights.

    Raises:
        ValueError: there are no right or no wrong examples (too few articles).
    """
    labels = np.array([example.right for example in examples])
    if not examples or labels.all() or not labels.any():
        raise ValueError("the articles hold too few questions to calibrate the search; write at least two per section")
    model = LogisticRegression(C=10.0, max_iter=2000)
    model.fit(
        np.array([example.features for example in examples]),
        labels,
        sample_weight=np.array([example.weight for example in examples]),
    )
    assert len(NAMES) == model.coef_.shape[1]
    return Calibration(tuple(map(float, model.coef_[0])), float(model.intercept_[0]))
