"""A linear text classifier over Dutch features: one machine for intents and for passages.

Words, pairs of words, meaningful terms and character n-grams, weighted by TF-IDF, and beside them the
sentence embedding where there is an embedder, into a multinomial logistic regression. Kept and asked with
numpy alone: a prediction adds up one row of weights per feature of the text. Measured against Rasa's own
count features with the same training data in docs/evaluation.md.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from kalm.embedding import DIMENSIONS, Embedder, Vectors, check_embedder
from kalm.language import DutchLanguage, character_ngrams, dutch
from kalm.logistic_regression import fit
from kalm.text_cache import text_cache
from kalm.threads import compute_in_one_thread

INVERSE_REGULARISATION = 30.0

EMBEDDING_SCALE = 1.5
"""How much the embedding counts beside the words; chosen on the development set."""

_WEIGHTS, _VOCABULARY = "weights.npz", "vocabulary.json"


@dataclass(frozen=True)
class EmbeddingWeights:
    """What the classifier learned from embeddings.

    Attributes:
        embedder: that made them, and makes those of new texts.
        mean: of the training texts, shape (DIMENSIONS,).
        weights: shape (DIMENSIONS, n labels).
    """

    embedder: Embedder
    mean: Vectors
    weights: Vectors

    def scores(self, text: str) -> Vectors:
        """What the meaning of the text adds to the score of each label, shape (labels,)."""
        scores: Vectors = (self.embedder.embed(text) - self.mean) @ self.weights
        return scores


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
        embedding: EmbeddingWeights | None = None,
    ) -> None:
        """Use :meth:`train` or :meth:`load`.

        Args:
            labels: n labels.
            vocabulary: feature to its row, m features.
            rarity: idf per feature, shape (m,).
            weights: shape (m, n).
            bias: shape (n,).
            language: default the one of this process.
            embedding: what embeddings add; None without an embedder.
        """
        self.labels = tuple(labels)
        self._vocabulary = vocabulary
        self._rarity = rarity
        self._weights = weights
        self._bias = bias
        self._language = language or dutch()
        self._embedding = embedding

    @classmethod
    def train(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        *,
        balanced: bool = True,
        iterations: int = 100,
        least_texts: int = 1,
        language: DutchLanguage | None = None,
        embedder: Embedder | None = None,
    ) -> TextClassifier:
        """Train on texts and their labels (same length).

        Args:
            texts: examples.
            labels: label of each example.
            balanced: give rare labels as much weight as common ones.
            iterations: most steps the solver takes; stopping early is no error.
            least_texts: in how many texts a feature must stand to be learned.
            language: default the one of this process.
            embedder: None trains on words and letters alone.

        Raises:
            ValueError: fewer than two different labels.
        """
        if len(set(labels)) < 2:
            raise ValueError("training needs examples of at least two labels")
        language = language or dutch()
        vectorizer = TfidfVectorizer(
            analyzer=lambda text: _features(text, language),
            sublinear_tf=True,
            dtype=np.float32,
            min_df=least_texts,
        )
        features = vectorizer.fit_transform(texts)
        mean = np.zeros(DIMENSIONS, dtype=np.float32)
        meaning = np.zeros((len(texts), 0), dtype=np.float32)
        if embedder is not None:
            embedded = embedder.embed_all(texts)
            mean = embedded.mean(axis=0)
            meaning = EMBEDDING_SCALE * (embedded - mean)
        fitted = fit(
            features,
            meaning,
            labels,
            inverse_regularisation=INVERSE_REGULARISATION,
            iterations=iterations,
            balanced=balanced,
        )
        return cls(
            fitted.labels,
            {str(feature): int(row) for feature, row in vectorizer.vocabulary_.items()},
            vectorizer.idf_.astype(np.float32),
            fitted.sparse,
            fitted.bias,
            language,
            None if embedder is None else EmbeddingWeights(embedder, mean, EMBEDDING_SCALE * fitted.dense),
        )

    def scores(self, text: str) -> NDArray[np.float32]:
        """One score per label (log-odds before normalising), shape (labels,)."""
        counts = _counts(text, self._language)
        found = [
            (row, count)
            for feature, count in counts.items()
            if (row := self._vocabulary.get(feature)) is not None
        ]
        bias = self._bias if self._embedding is None else self._bias + self._embedding.scores(text)
        if not found:
            return bias
        rows = np.fromiter((row for row, _ in found), dtype=np.intp)
        values = 1 + np.log(np.fromiter((count for _, count in found), dtype=np.float32))
        values *= self._rarity[rows]
        values = values / np.linalg.norm(values)
        scores: NDArray[np.float32] = values @ self._weights.take(rows, axis=0) + bias
        return scores

    def probabilities(self, text: str) -> NDArray[np.float32]:
        """Probability per label in the order of ``labels``, summing to 1."""
        scores = self.scores(text)
        exponents = np.exp(scores - scores.max())
        probabilities: NDArray[np.float32] = exponents / exponents.sum()
        return probabilities

    def save(self, folder: Path) -> None:
        """Write the classifier into an existing folder."""
        arrays = {"rarity": self._rarity, "weights": self._weights, "bias": self._bias}
        if self._embedding is not None:
            arrays |= {"embedding_mean": self._embedding.mean, "embedding_weights": self._embedding.weights}
        np.savez_compressed(folder / _WEIGHTS, **arrays)
        features = sorted(self._vocabulary, key=self._vocabulary.__getitem__)
        content = {
            "labels": self.labels,
            "embedder": None if self._embedding is None else self._embedding.embedder.name,
            "features": features,
        }
        (folder / _VOCABULARY).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(
        cls, folder: Path, language: DutchLanguage | None = None, embedder: Embedder | None = None
    ) -> TextClassifier:
        """Read a classifier that :meth:`save` wrote; from then on this process computes in one thread.

        Args:
            folder: with the classifier.
            language: default the one of this process.
            embedder: the one it was trained with.

        Raises:
            FileNotFoundError: there is none in ``folder``.
            OtherEmbedderError: it was trained with another embedder.
        """
        compute_in_one_thread()
        content: dict[str, Any] = json.loads((folder / _VOCABULARY).read_text(encoding="utf-8"))
        check_embedder(content["embedder"], embedder)
        with np.load(folder / _WEIGHTS) as arrays:
            embedding = None
            if embedder is not None:
                embedding = EmbeddingWeights(embedder, arrays["embedding_mean"], arrays["embedding_weights"])
            return cls(
                content["labels"],
                {feature: row for row, feature in enumerate(content["features"])},
                arrays["rarity"],
                arrays["weights"],
                arrays["bias"],
                language,
                embedding,
            )


@text_cache(64)
def _counts(text: str, language: DutchLanguage) -> Counter[str]:
    """How often each feature is in a text, for several classifiers that read it after each other."""
    return Counter(_features(text, language))


def _features(text: str, language: DutchLanguage) -> list[str]:
    lemmas = [token.lemma for token in language.tokens(text)]
    features = [f"w:{lemma}" for lemma in lemmas]
    features += [f"w:{first} {second}" for first, second in pairwise(lemmas)]
    for term in language.terms(text):
        features.append(f"t:{term.form}")
        features += [f"t:{part}" for part in term.parts]
    features += [f"c:{gram}" for gram in character_ngrams(text, 2, 5)]
    return features
