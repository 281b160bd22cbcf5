"""From features to the probability that a passage answers the question: two small logistic regressions.

Their weights stand in ``calibration.json`` beside this file, one set for an index with embeddings and one
for words and letters alone; ``python -m kalm calibrate`` fits them on the development set
(``tests/data/development``).
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
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from kalm.search import features, meaning

FOLDS = 5

_LEAST = 1e-4
CALIBRATION = Path(__file__).with_name("calibration.json")
_WITNESSES = ("first", "second", "shown_together", "out_of_scope", "nothing")


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
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))[_kind(with_embeddings)]
    passage, fits = content["passage"], content["fit"]
    names = feature_names(with_embeddings)
    return (
        Calibration(tuple(passage["weights"][name] for name in names), passage["bias"]),
        FitCalibration(tuple(fits["weights"][name] for name in _WITNESSES), fits["bias"], fits["fits_from"]),
    )


def save_calibration(
    with_embeddings: bool, passage: Calibration, fits: FitCalibration, path: Path = CALIBRATION
) -> None:
    """Write the weights for one kind of index with their names, for people to read too; keep the other's."""
    content = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    content[_kind(with_embeddings)] = {
        "passage": _named(feature_names(with_embeddings), passage),
        "fit": {"fits_from": round(fits.fits_from, 4), **_named(_WITNESSES, fits)},
    }
    path.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def fit_passage(features: Sequence[Sequence[float]], right: Sequence[bool]) -> Calibration:
    """Fit the weights of the features.

    Args:
        features: one row per candidate passage of a question, shape (n, features).
        right: whether that passage answers the question, n values.

    Raises:
        ValueError: all are right, or none is.
    """
    return Calibration(*_fit(features, right))


def fit_verdict(
    witnesses: Sequence[Sequence[float]], right: Sequence[bool], wrong_at_most: float
) -> FitCalibration:
    """Fit the weights of the witnesses, and the probability from which there are few enough wrong answers.

    The probabilities that decide about that come from cross-validation: from weights that have not seen the
    message.

    Args:
        witnesses: :func:`witness_features` of each message, shape (n, witnesses).
        right: whether a passage that would be shown answers, n values.
        wrong_at_most: how many of these messages may get a wrong answer.

    Raises:
        ValueError: fewer than :data:`FOLDS` are right, or wrong.
    """
    if min(sum(right), len(right) - sum(right)) < FOLDS:
        raise ValueError(f"calibration needs at least {FOLDS} right and {FOLDS} wrong passages")
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    unseen = cross_val_predict(
        _model(), np.array(witnesses), np.array(right), cv=folds, method="predict_proba"
    )
    wrong = sorted((float(p) for p, hit in zip(unseen[:, 1], right, strict=True) if not hit), reverse=True)
    allowed = int(wrong_at_most)
    highest_wrong = wrong[allowed] if allowed < len(wrong) else 0.0
    return FitCalibration(*_fit(witnesses, right), fits_from=math.floor(highest_wrong * 1e4 + 1) / 1e4)


def _fit(features: Sequence[Sequence[float]], right: Sequence[bool]) -> tuple[tuple[float, ...], float]:
    if len(set(right)) < 2:
        raise ValueError("calibration needs right and wrong passages")
    model = _model()
    model.fit(np.array(features), np.array(right))
    return tuple(map(float, model.coef_[0])), float(model.intercept_[0])


def _model() -> LogisticRegression:
    return LogisticRegression(C=1.0, max_iter=3000)


def _kind(with_embeddings: bool) -> str:
    return "with_embeddings" if with_embeddings else "words_alone"


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
