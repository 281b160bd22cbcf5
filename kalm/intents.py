"""The intents of a message: by its words, and by the meaning of the sentence where words leave doubt.

To find the meaning takes longer than any other step (``kalm.embedding``). Most messages need no more than
their words; how many, and what it changes, is told in docs/evaluation.md.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kalm.classification import TextClassifier
from kalm.classifier_pair import ClassifierPair
from kalm.embedding import Embedder
from kalm.understanding import INTENT_OF_DANGER, KNOWLEDGE

CLEAR_FROM = 0.8
"""Probability from which words alone decide; the intents for knowledge count together, as they lead to one
action. Chosen on the development set."""

NO_DANGER_BELOW = 0.02
"""Probability of danger below which words alone may decide: whatever hints at it is read twice."""


class IntentCascade:
    """Gives each intent a probability for a message."""

    def __init__(self, classifiers: ClassifierPair) -> None:
        """Use :meth:`train` or :meth:`load`."""
        self.labels = classifiers.by_words.labels
        self._classifiers = classifiers
        self._knowledge = self._places(KNOWLEDGE)
        self._danger = self._places(INTENT_OF_DANGER.values())

    def _places(self, intents: Collection[str]) -> list[int]:
        return [place for place, label in enumerate(self.labels) if label in intents]

    @classmethod
    def train(cls, texts: Sequence[str], intents: Sequence[str], embedder: Embedder | None) -> IntentCascade:
        """Train on texts and their intents (same length).

        Args:
            texts: examples.
            intents: intent of each example.
            embedder: None trains on words and letters alone.

        Raises:
            ValueError: fewer than two different intents.
        """

        def train(embedder: Embedder | None) -> TextClassifier:
            return TextClassifier.train(texts, intents, embedder=embedder)

        return cls(ClassifierPair.train(train, embedder))

    def probabilities(self, text: str) -> NDArray[np.float32]:
        """Probability per intent in the order of ``labels``, summing to 1."""
        by_words = self._classifiers.by_words.probabilities(text)
        with_meaning = self._classifiers.with_meaning
        if with_meaning is None or self.is_clear(by_words):
            return by_words
        return with_meaning.probabilities(text)

    def is_clear(self, probabilities: NDArray[np.float32]) -> bool:
        """Whether words leave no doubt that is worth a second look.

        Args:
            probabilities: by words alone, in the order of ``labels``.
        """
        surest = max(float(probabilities.max()), float(probabilities[self._knowledge].sum()))
        return surest >= CLEAR_FROM and float(probabilities[self._danger].sum()) < NO_DANGER_BELOW

    def save(self, folder: Path) -> None:
        """Write it into an existing folder."""
        self._classifiers.save(folder)

    @classmethod
    def load(cls, folder: Path, embedder: Embedder | None) -> IntentCascade:
        """Read what :meth:`save` wrote.

        Args:
            folder: with the classifiers.
            embedder: the one they were trained with.

        Raises:
            FileNotFoundError: there is none in ``folder``.
            OtherEmbedderError: they were trained with another embedder.
        """
        return cls(ClassifierPair.load(folder, embedder))
