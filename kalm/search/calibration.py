"""From features to the probability that a passage answers the question: two small logistic regressions.

Their weights stand in ``calibration.json`` beside this file; ``python -m kalm calibrate`` fits them on the
development set (``tests/data/development``).
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from kalm.search.features import NAMES

_LEAST = 1e-4
CALIBRATION = Path(__file__).with_name("calibration.json")
_WITNESSES = ("first", "second", "shown_together", "out_of_scope")


@dataclass(frozen=True)
class Calibration:
    """Weights of a passage's features, in the order of ``features.NAMES``."""

    weights: tuple[float, ...]
    bias: float

    def probability(self, features: Sequence[float]) -> float:
        """Probability between 0 and 1 that the passage with these features is right."""
        return _sigmoid(self.bias + _dot(self.weights, features))


@dataclass(frozen=True)
class FitCalibration:
    """Weights of the witnesses: the search's view of the passages to show, and the intents' view."""

    weights: tuple[float, ...]
    bias: float

    def probability(self, first: float, second: float | None, out_of_scope: float) -> float:
        """Probability that what would be shown holds the answer.

        Args:
            first: probability of the best passage.
            second: probability of the passage shown beside it, or None when it stands alone.
            out_of_scope: by the intents, that the message is about something else.
        """
        return _sigmoid(self.bias + _dot(self.weights, witness_features(first, second, out_of_scope)))


def witness_features(first: float, second: float | None, out_of_scope: float) -> tuple[float, ...]:
    """What :class:`FitCalibration` weighs, in the order of its weights."""
    together = second is not None
    return _log_odds(first), _log_odds(second or 0.0) if together else 0.0, float(together), out_of_scope


def load_calibration(path: Path = CALIBRATION) -> tuple[Calibration, FitCalibration]:
    """Read both sets of weights.

    Raises:
        KeyError: a feature has no weight.
    """
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    passage, fits = content["passage"], content["fit"]
    return (
        Calibration(tuple(passage["weights"][name] for name in NAMES), passage["bias"]),
        FitCalibration(tuple(fits["weights"][name] for name in _WITNESSES), fits["bias"]),
    )


def save_calibration(passage: Calibration, fits: FitCalibration, path: Path = CALIBRATION) -> None:
    """Write both sets of weights with their names, for people to read too."""
    content = {"passage": _named(NAMES, passage), "fit": _named(_WITNESSES, fits)}
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def fit_passage(features: Sequence[Sequence[float]], right: Sequence[bool]) -> Calibration:
    """Fit the weights of the features.

    Args:
        features: one row per candidate passage of a question, shape (n, features).
        right: whether that passage answers the question, n values.

    Raises:
        ValueError: all are right, or none is.
    """
    return Calibration(*_fit(features, right))


def fit_verdict(features: Sequence[Sequence[float]], right: Sequence[bool]) -> FitCalibration:
    """Fit the weights of the witnesses.

    Args:
        features: :func:`witness_features` of each message, shape (n, witnesses).
        right: whether a passage that would be shown answers, n values.

    Raises:
        ValueError: all are right, or none is.
    """
    return FitCalibration(*_fit(features, right))


def _fit(features: Sequence[Sequence[float]], right: Sequence[bool]) -> tuple[tuple[float, ...], float]:
    if len(set(right)) < 2:
        raise ValueError("calibration needs right and wrong passages")
    model = LogisticRegression(C=1.0, max_iter=2000)
    model.fit(np.array(features), np.array(right))
    return tuple(map(float, model.coef_[0])), float(model.intercept_[0])


def _named(names: Sequence[str], fitted: Calibration | FitCalibration) -> dict[str, Any]:
    weights = {name: round(weight, 4) for name, weight in zip(names, fitted.weights, strict=True)}
    return {"bias": round(fitted.bias, 4), "weights": weights}


def _dot(weights: Sequence[float], values: Sequence[float]) -> float:
    return sum(weight * value for weight, value in zip(weights, values, strict=True))


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(bounded / (1 - bounded))


def _sigmoid(score: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, score))))
