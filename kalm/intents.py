"""The intents of a message: by its words, and by the meaning of the sentence where words leave doubt.

The meaning costs several times as long as all else that is done with a message (``kalm.embedding``). Most
messages need no more than their words; how many, and what it changes, is told in docs/evaluation.md.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kalm.classification import TextClassifier
from kalm.embedding import Embedder
from kalm.understanding import INTENT_OF_DANGER, KNOWLEDGE

CLEAR_FROM = 0.8
"""Probability from which words alone decide; the intents for knowledge count together, as they lead to one
action. Chosen on the development set."""

NO_DANGER_BELOW = 0.02
"""Probability of danger below which words alone may decide: whatever hints at it is read twice."""

_BY_WORDS = "words"


class IntentCascade:
    """Gives each intent a probability for a message."""

    def __init__(self, by_words: TextClassifier, with_meaning: TextClassifier | None = None) -> None:
        """Use :meth:`train` or :meth:`load`.

        Args:
            by_words: knows words and letters.
            with_meaning: knows the meaning of a sentence as well; None without an embedder.
        """
        self.labels = by_words.labels
        self._by_words = by_words
        self._with_meaning = with_meaning
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
        by_words = TextClassifier.train(texts, intents)
        if embedder is None:
            return cls(by_words)
        return cls(by_words, TextClassifier.train(texts, intents, embedder=embedder))

    def probabilities(self, text: str) -> NDArray[np.float32]:
        """Probability per intent in the order of ``labels``, summing to 1."""
        by_words = self._by_words.probabilities(text)
        if self._with_meaning is None or self.is_clear(by_words):
            return by_words
        return self._with_meaning.probabilities(text)

    def is_clear(self, probabilities: NDArray[np.float32]) -> bool:
        """Whether words leave no doubt that is worth a second look.

        Args:
            probabilities: by words alone, in the order of ``labels``.
        """
        surest = max(float(probabilities.max()), float(probabilities[self._knowledge].sum()))
        return surest >= CLEAR_FROM and float(probabilities[self._danger].sum()) < NO_DANGER_BELOW

    def save(self, folder: Path) -> None:
        """Write the classifier into an existing folder."""
        if self._with_meaning is None:
            self._by_words.save(folder)
            return
        self._with_meaning.save(folder)
        (folder / _BY_WORDS).mkdir()
        self._by_words.save(folder / _BY_WORDS)

    @classmethod
    def load(cls, folder: Path, embedder: Embedder | None) -> IntentCascade:
        """Read a classifier that :meth:`save` wrote.

        Args:
            folder: with the classifier.
            embedder: the one it was trained with.

        Raises:
            FileNotFoundError: there is none in ``folder``.
            OtherEmbedderError: it was trained with another embedder.
        """
        whole = TextClassifier.load(folder, embedder=embedder)
        return cls(whole) if embedder is None else cls(TextClassifier.load(folder / _BY_WORDS), whole)
