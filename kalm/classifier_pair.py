"""Two classifiers of the same texts: one that knows words and letters, one that knows meanings as well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kalm.classification import TextClassifier
from kalm.embedding import Embedder
from kalm.language import DutchLanguage

_BY_WORDS = "words"


@dataclass(frozen=True)
class ClassifierPair:
    """The two, with the same labels in the same order.

    Attributes:
        by_words: knows words and letters.
        with_meaning: knows the meaning of a sentence as well; None without an embedder.
    """

    by_words: TextClassifier
    with_meaning: TextClassifier | None = None

    @classmethod
    def train(
        cls, train: Callable[[Embedder | None], TextClassifier], embedder: Embedder | None
    ) -> ClassifierPair:
        """Train both, or one without an embedder.

        Args:
            train: trains a classifier, with an embedder or on words and letters alone.
            embedder: None for words and letters alone.
        """
        return cls(train(None), None if embedder is None else train(embedder))

    def save(self, folder: Path) -> None:
        """Write them into an existing folder; the one that knows most stands on top."""
        if self.with_meaning is None:
            self.by_words.save(folder)
            return
        self.with_meaning.save(folder)
        (folder / _BY_WORDS).mkdir()
        self.by_words.save(folder / _BY_WORDS)

    @classmethod
    def load(
        cls, folder: Path, embedder: Embedder | None, language: DutchLanguage | None = None
    ) -> ClassifierPair:
        """Read what :meth:`save` wrote.

        Args:
            folder: with the classifiers.
            embedder: the one they were trained with.
            language: default the one of this process.

        Raises:
            FileNotFoundError: there is none in ``folder``.
            OtherEmbedderError: they were trained with another embedder.
        """
        on_top = TextClassifier.load(folder, language, embedder)
        if embedder is None:
            return cls(on_top)
        return cls(TextClassifier.load(folder / _BY_WORDS, language), on_top)
