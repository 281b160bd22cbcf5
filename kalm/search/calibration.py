"""From features to the probability that a passage answers the question: two small logistic regressions.

Their weights stand in ``calibration.json`` beside this file, one set for an index with embeddings and one
for words and letters alone; :mod:`kalm.search.fitting` makes it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kalm.search import features, meaning

_LEAST = 1e-4
CALIBRATION = Path(__file__).with_name("calibration.json")
WITNESSES = ("first", "second", "shown_together", "out_of_scope", "nothing")


@dataclass(frozen=True)
class Calibration:
    """Weights of a passage's features, in the order of :func:`feature_names`."""

    weights: tuple[float, ...]
    bias: float

    def probability(self, features: Sequence[float]) -> float:
        """Probability between 0 and 1 that the passage with these features is right."""
        return _sigmoid(self.bias + _dot(self.weights, features))


@dataclass(frozen=True)
class FitCalibration:
    """Weights of the witnesses: the search's view of the passages to show, and the intents' view.

    Attributes:
        weights: in the order of :func:`witness_features`.
        bias: added to their sum.
        fits_from: probability from which passages are shown as the answer.
    """

    weights: tuple[float, ...]
    bias: float
    fits_from: float

    def probability(self, witnesses: Sequence[float]) -> float:
        """Probability that what would be shown holds the answer, from :func:`witness_features`."""
        return _sigmoid(self.bias + _dot(self.weights, witnesses))


def witness_features(
    first: float, second: float | None, out_of_scope: float, nothing: float
) -> tuple[float, ...]:
    """What :class:`FitCalibration` weighs.

    Args:
        first: probability of the best passage.
        second: probability of the passage shown beside it, or None when it stands alone.
        out_of_scope: probability, by the intents, that the message is about something else.
        nothing: probability, by the passage classifier, that no passage answers.
    """
    return (
        _log_odds(first),
        0.0 if second is None else _log_odds(second),
        float(second is not None),
        out_of_scope,
        _log_odds(nothing),
    )


def feature_names(with_embeddings: bool) -> tuple[str, ...]:
    """Names of a passage's features, in the order of their values."""
    return (*features.NAMES, *meaning.NAMES) if with_embeddings else features.NAMES


def load_calibration(with_embeddings: bool, path: Path = CALIBRATION) -> tuple[Calibration, FitCalibration]:
    """Read the weights for one kind of index.

    Raises:
        KeyError: a feature has no weight.
    """
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))[kind_of(with_embeddings)]
    passage, fits = content["passage"], content["fit"]
    names = feature_names(with_embeddings)
    return (
        Calibration(tuple(passage["weights"][name] for name in names), passage["bias"]),
        FitCalibration(tuple(fits["weights"][name] for name in WITNESSES), fits["bias"], fits["fits_from"]),
    )


def kind_of(with_embeddings: bool) -> str:
    """The name of a set of weights in the file."""
    return "with_embeddings" if with_embeddings else "words_alone"


def _dot(weights: Sequence[float], values: Sequence[float]) -> float:
    return sum(weight * value for weight, value in zip(weights, values, strict=True))


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(bounded / (1 - bounded))


def _sigmoid(score: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, score))))
