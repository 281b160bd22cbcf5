"""Fit the weights of :mod:`kalm.search.calibration`.

``python -m kalm calibrate`` does so on the development set (``tests/data/development``).
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from kalm.search.calibration import (
    CALIBRATION,
    WITNESSES,
    Calibration,
    FitCalibration,
    feature_names,
    kind_of,
)

FOLDS = 5


def save_calibration(
    with_embeddings: bool, passage: Calibration, fits: FitCalibration, path: Path = CALIBRATION
) -> None:
    """Write the weights for one kind of index with their names, for people to read too; keep the other's."""
    content = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    content[kind_of(with_embeddings)] = {
        "passage": _named(feature_names(with_embeddings), passage),
        "fit": {"fits_from": round(fits.fits_from, 4), **_named(WITNESSES, fits)},
    }
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    draft.replace(path)


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


def _named(names: Sequence[str], fitted: Calibration | FitCalibration) -> dict[str, Any]:
    weights = {name: round(weight, 4) for name, weight in zip(names, fitted.weights, strict=True)}
    return {"bias": round(fitted.bias, 4), "weights": weights}
