"""A linear text classifier over Dutch features: one machine for intents and for passages.

Words, pairs of words, meaningful terms and character n-grams, weighted by TF-IDF, into a multinomial
logistic regression. Trained with scikit-learn, kept and asked with numpy alone: a prediction adds up one
row of weights per feature of the text. Measured against Rasa's own count features with the same training
data in docs/evaluation.md.
"""

from __future__ import annotations

import json
import warnings
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from kalm.language import DutchLanguage, character_ngrams, dutch

INVERSE_REGULARISATION = 30.0

_WEIGHTS, _VOCABULARY = "weights.npz", "vocabulary.json"


class TextClassifier:
    """Gives each of its labels a probability for a text."""

    def __init__(
        self,
        labels: Sequence[str],
        vocabulary: dict[str, int],
        rarity: NDArray[np.float32],
        weights: NDArray[np.float32],
        bias: NDArray[np.float32],
        language: DutchLanguage | None = None,
    ) -> None:
        """Use :meth:`train` or :meth:`load`.

        Args:
            labels: n labels.
            vocabulary: feature to its row, m features.
            rarity: idf per feature, shape (m,).
            weights: shape (m, n).
            bias: shape (n,).
            language: default the one of this process.
        """
        self.labels = tuple(labels)
        self._vocabulary = vocabulary
        self._rarity = rarity
        self._weights = weights
        self._bias = bias
        self._language = language or dutch()

    @classmethod
    def train(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        *,
        balanced: bool = True,
        iterations: int = 300,
        language: DutchLanguage | None = None,
    ) -> TextClassifier:
        """Train on texts and their labels (same length).

        Args:
            texts: examples.
            labels: label of each example.
            balanced: give rare labels as much weight as common ones.
            iterations: most steps the solver takes; stopping early is no error.
            language: default the one of this process.

        Raises:
            ValueError: fewer than two different labels.
        """
        if len(set(labels)) < 2:
            raise ValueError("training needs examples of at least two labels")
        language = language or dutch()
        vectorizer = TfidfVectorizer(
            analyzer=lambda text: _features(text, language), sublinear_tf=True, dtype=np.float32
        )
        model = LogisticRegression(
            C=INVERSE_REGULARISATION,
            max_iter=iterations,
            class_weight="balanced" if balanced else None,
            multi_class="multinomial",
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(vectorizer.fit_transform(texts), list(labels))
        coefficients, bias = model.coef_, model.intercept_
        if len(model.classes_) == 2:  # scikit-learn keeps one row for two classes
            coefficients, bias = np.vstack([-coefficients, coefficients]), np.hstack([-bias, bias])
        return cls(
            [str(label) for label in model.classes_],
            {str(feature): int(row) for feature, row in vectorizer.vocabulary_.items()},
            vectorizer.idf_.astype(np.float32),
            np.ascontiguousarray(coefficients.T, dtype=np.float32),
            bias.astype(np.float32),
            language,
        )

    def scores(self, text: str) -> NDArray[np.float32]:
        """One score per label (log-odds before normalising), shape (labels,)."""
        counts = Counter(_features(text, self._language))
        found = [
            (row, count)
            for feature, count in counts.items()
            if (row := self._vocabulary.get(feature)) is not None
        ]
        if not found:
            return self._bias
        rows = np.fromiter((row for row, _ in found), dtype=np.intp)
        values = 1 + np.log(np.fromiter((count for _, count in found), dtype=np.float32))
        values *= self._rarity[rows]
        values = values / np.linalg.norm(values)
        scores: NDArray[np.float32] = values @ self._weights[rows] + self._bias
        return scores

    def probabilities(self, text: str) -> NDArray[np.float32]:
        """Probability per label in the order of ``labels``, summing to 1."""
        scores = self.scores(text)
        exponents = np.exp(scores - scores.max())
        probabilities: NDArray[np.float32] = exponents / exponents.sum()
        return probabilities

    def save(self, folder: Path) -> None:
        """Write the classifier into an existing folder."""
        np.savez_compressed(folder / _WEIGHTS, rarity=self._rarity, weights=self._weights, bias=self._bias)
        features = sorted(self._vocabulary, key=self._vocabulary.__getitem__)
        content = {"labels": self.labels, "features": features}
        (folder / _VOCABULARY).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, language: DutchLanguage | None = None) -> TextClassifier:
        """Read a classifier that :meth:`save` wrote.

        Raises:
            FileNotFoundError: there is none in ``folder``.
        """
        content: dict[str, Any] = json.loads((folder / _VOCABULARY).read_text(encoding="utf-8"))
        with np.load(folder / _WEIGHTS) as arrays:
            return cls(
                content["labels"],
                {feature: row for row, feature in enumerate(content["features"])},
                arrays["rarity"],
                arrays["weights"],
                arrays["bias"],
                language,
            )


def _features(text: str, language: DutchLanguage) -> list[str]:
    lemmas = [token.lemma for token in language.tokens(text)]
    features = [f"w:{lemma}" for lemma in lemmas]
    features += [f"w:{first} {second}" for first, second in pairwise(lemmas)]
    for term in language.terms(text):
        features.append(f"t:{term.form}")
        features += [f"t:{part}" for part in term.parts]
    features += [f"c:{gram}" for gram in character_ngrams(text, 2, 5)]
    return features
