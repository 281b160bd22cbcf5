"""How well intents are told apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.metrics import confusion_matrix, f1_score, precision_recall_fscore_support
from sklearn.model_selection import StratifiedKFold

from commands.evaluation.measured import IntentScores
from commands.training_data import training_examples
from kalm.classification import TextClassifier
from kalm.embedding import Embedder, Vectors, embedder

FOLDS = 5


def score(right: Sequence[str], predicted: Sequence[str]) -> IntentScores:
    """Scores of predictions."""
    labels = sorted(set(right))
    _, _, f1, _ = precision_recall_fscore_support(right, predicted, labels=labels, zero_division=0)
    return IntentScores(
        labels=tuple(labels),
        macro_f1=float(f1_score(right, predicted, labels=labels, average="macro", zero_division=0)),
        accuracy=float(np.mean([one == other for one, other in zip(right, predicted, strict=True)])),
        f1={label: float(value) for label, value in zip(labels, f1, strict=True)},
        matrix=confusion_matrix(right, predicted, labels=labels).tolist(),
    )


class _Prepared:
    """An embedder that has embedded all it will be asked for: each text is asked for in every fold."""

    def __init__(self, found: Embedder, texts: Sequence[str]) -> None:
        self.name = found.name
        self._vectors: dict[str, Vectors] = dict(zip(texts, found.embed_all(texts), strict=True))

    def embed(self, text: str) -> Vectors:
        return self._vectors[text]

    def embed_all(self, texts: Sequence[str]) -> Vectors:
        return np.array([self._vectors[text] for text in texts], dtype=np.float32)


def cross_validate() -> IntentScores:
    """Five-fold cross-validation of the intent classifier on the training data."""
    texts, intents = training_examples()
    predicted = [""] * len(texts)
    found = embedder()
    prepared = None if found is None else _Prepared(found, texts)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    for train, test in folds.split(texts, intents):
        classifier = TextClassifier.train(
            [texts[i] for i in train], [intents[i] for i in train], embedder=prepared
        )
        for i in test:
            predicted[i] = classifier.labels[int(np.argmax(classifier.scores(texts[i])))]
    return score(intents, predicted)
