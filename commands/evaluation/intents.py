"""How well intents are told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import confusion_matrix, f1_score, precision_recall_fscore_support
from sklearn.model_selection import StratifiedKFold

from commands.evaluation.measured import IntentScores
from commands.training_data import training_examples
from kalm.embedding import Embedder, Vectors, embedder
from kalm.intents import IntentCascade

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


class PreparedEmbedder:
    """An embedder that has embedded all it will be asked for: each text is asked for in every fold."""

    def __init__(self, name: str, vectors: Mapping[str, Vectors]) -> None:
        self.name = name
        self._vectors = vectors

    @classmethod
    def of(cls, found: Embedder, texts: Sequence[str]) -> PreparedEmbedder:
        """With the vectors of our own texts."""
        return cls(found.name, dict(zip(texts, found.embed_all(texts), strict=True)))

    def embed(self, text: str) -> Vectors:
        """See :class:`kalm.embedding.Embedder`."""
        return self._vectors[text]

    def embed_all(self, texts: Sequence[str]) -> Vectors:
        """See :class:`kalm.embedding.Embedder`."""
        return np.array([self._vectors[text] for text in texts], dtype=np.float32)


@dataclass(frozen=True)
class LeftOut:
    """What a classifier says of one sentence that it was not trained on.

    Attributes:
        index: of the sentence.
        labels: n intents.
        probabilities: of each, shape (n,).
    """

    index: int
    labels: tuple[str, ...]
    probabilities: Vectors

    @property
    def likeliest(self) -> tuple[str, float]:
        """The intent with the highest probability, and that probability."""
        best = int(np.argmax(self.probabilities))
        return self.labels[best], float(self.probabilities[best])


def folds(intents: Sequence[str]) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
    """For each of :data:`FOLDS` folds which sentences are taught, and which are left out.

    Args:
        intents: n intents; each at least :data:`FOLDS` times.
    """
    yield from StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(intents, intents)


def left_out(
    texts: Sequence[str], intents: Sequence[str], prepared: PreparedEmbedder | None
) -> Iterator[list[LeftOut]]:
    """Cross-validate: for each of :data:`FOLDS` folds what is said of its sentences, trained on all others.

    Args:
        texts: n sentences.
        intents: n intents; each at least :data:`FOLDS` times, and at least two different ones.
        prepared: None trains on words and letters alone.
    """
    for train, test in folds(intents):
        classifier = IntentCascade.train([texts[i] for i in train], [intents[i] for i in train], prepared)
        yield [LeftOut(int(i), classifier.labels, classifier.probabilities(texts[i])) for i in test]


def predict_left_out() -> Iterator[tuple[list[str], list[str]]]:
    """For each fold of the training data the intents of what is left out, and those that were predicted."""
    texts, intents = training_examples()
    found = embedder()
    prepared = None if found is None else PreparedEmbedder.of(found, texts)
    for fold in left_out(texts, intents, prepared):
        yield [intents[one.index] for one in fold], [one.likeliest[0] for one in fold]


def cross_validate() -> IntentScores:
    """Five-fold cross-validation of the intent classifier on the training data."""
    return score_of_all(list(predict_left_out()))


def score_of_all(predicted: Sequence[tuple[Sequence[str], Sequence[str]]]) -> IntentScores:
    """Scores of the predictions of several folds as one.

    Args:
        predicted: as :func:`predict_left_out` gives them.
    """
    right, said = ([intent for fold in predicted for intent in fold[which]] for which in (0, 1))
    return score(right, said)
