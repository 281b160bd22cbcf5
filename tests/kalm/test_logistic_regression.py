from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from kalm.logistic_regression import Fitted, fit

TEXTS, SPARSE, DENSE = 90, 40, 5
NAMES = ["bad", "ijzer", "slaap"]


@pytest.fixture(scope="module")
def examples() -> tuple[sparse.csr_matrix, np.ndarray, list[str]]:
    """Texts of three subjects, one of them rare, that cannot be told apart wholly."""
    random = np.random.default_rng(7)
    features = sparse.random(TEXTS, SPARSE, density=0.2, random_state=7, dtype=np.float32, format="csr")
    meaning = random.normal(size=(TEXTS, DENSE)).astype(np.float32)
    labels = random.choice(NAMES, TEXTS, p=[0.1, 0.5, 0.4]).tolist()
    return features, meaning, labels


def probabilities(fitted: Fitted, features: sparse.csr_matrix, meaning: np.ndarray) -> np.ndarray:
    exponents = np.exp(features @ fitted.sparse + meaning @ fitted.dense + fitted.bias)
    return np.asarray(exponents / exponents.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("balanced", [True, False])
@pytest.mark.parametrize("count", [2, 3])
def test_it_finds_what_scikit_learn_finds(
    examples: tuple[sparse.csr_matrix, np.ndarray, list[str]], balanced: bool, count: int
) -> None:
    features, meaning, labels = examples
    labels = [label if label in NAMES[:count] else NAMES[0] for label in labels]
    fitted = fit(features, meaning, labels, inverse_regularisation=3.0, iterations=500, balanced=balanced)
    theirs = LogisticRegression(
        C=3.0,
        max_iter=2000,
        tol=1e-8,
        class_weight="balanced" if balanced else None,
        multi_class="multinomial",
    )
    both = sparse.hstack([features, sparse.csr_matrix(meaning)], format="csr").astype(np.float64)
    theirs.fit(both, labels)
    assert fitted.labels == tuple(theirs.classes_)
    assert probabilities(fitted, features, meaning) == pytest.approx(theirs.predict_proba(both), abs=1e-3)


def test_without_dense_features_it_learns_from_the_others(
    examples: tuple[sparse.csr_matrix, np.ndarray, list[str]],
) -> None:
    features, _, labels = examples
    none = np.zeros((TEXTS, 0), dtype=np.float32)
    fitted = fit(features, none, labels, inverse_regularisation=30.0, iterations=200, balanced=False)
    assert fitted.dense.shape == (0, 3)
    found = probabilities(fitted, features, none).argmax(axis=1)
    assert (np.array(NAMES)[found] == np.array(labels)).mean() > 0.8


def test_the_same_examples_give_the_same_weights(
    examples: tuple[sparse.csr_matrix, np.ndarray, list[str]],
) -> None:
    features, meaning, labels = examples
    first, second = (
        fit(features, meaning, labels, inverse_regularisation=30.0, iterations=20, balanced=True)
        for _ in range(2)
    )
    assert np.array_equal(first.sparse, second.sparse)
    assert np.array_equal(first.bias, second.bias)
