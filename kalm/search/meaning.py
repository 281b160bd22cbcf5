"""How near a question's meaning lies to the questions that editors wrote, and to those nobody answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kalm.embedding import Embedder, Vectors

NAMES = (
    "meaning",  # of the passage's questions, those nearest in meaning
    "meaning_unanswered",  # the same of the questions that no passage answers
)

_NEAREST = 3
_MIDDLE, _SPREAD = 0.85, 0.1
"""This model's cosines lie close together; so spread they weigh like the other features."""

_FILE = "meaning.npz"


class QuestionMeanings:
    """Embeddings of all questions of an index."""

    def __init__(
        self, embedder: Embedder, questions: Vectors, owners: NDArray[np.intp], unanswered: Vectors
    ) -> None:
        """Use :meth:`build` or :meth:`load`.

        Args:
            embedder: that made the vectors.
            questions: of n questions, shape (n, DIMENSIONS).
            owners: number of the passage of each question, ascending, shape (n,).
            unanswered: of m questions that no passage answers, shape (m, DIMENSIONS).
        """
        self._embedder = embedder
        self._questions = questions
        self._owners = owners
        self._unanswered = unanswered

    @classmethod
    def build(
        cls, embedder: Embedder, questions: Sequence[Sequence[str]], unanswered: Sequence[str]
    ) -> QuestionMeanings:
        """Embed the questions of each passage, in order of its number, and the unanswered ones."""
        owners = [number for number, asked in enumerate(questions) for _ in asked]
        texts = [text for asked in questions for text in asked]
        return cls(
            embedder,
            embedder.embed_all(texts),
            np.array(owners, dtype=np.intp),
            embedder.embed_all(unanswered),
        )

    def features(self, text: str, candidates: Iterable[int]) -> dict[int, list[float]]:
        """Features per candidate passage, by its number, in the order of :data:`NAMES`."""
        vector = self._embedder.embed(text)
        unanswered = _nearest(self._unanswered @ vector)
        return {number: [_nearest(self._questions_of(number) @ vector), unanswered] for number in candidates}

    def _questions_of(self, passage: int) -> Vectors:
        start, end = np.searchsorted(self._owners, [passage, passage + 1])
        return self._questions[start:end]

    def save(self, folder: Path) -> None:
        """Write into an existing folder; in half precision, which moves no cosine by more than 0.001."""
        np.savez(
            folder / _FILE,
            questions=self._questions.astype(np.float16),
            owners=self._owners,
            unanswered=self._unanswered.astype(np.float16),
        )

    @classmethod
    def load(cls, folder: Path, embedder: Embedder) -> QuestionMeanings:
        """Read what :meth:`save` wrote.

        Raises:
            FileNotFoundError: there is none in ``folder``.
        """
        with np.load(folder / _FILE) as arrays:
            return cls(
                embedder,
                arrays["questions"].astype(np.float32),
                arrays["owners"],
                arrays["unanswered"].astype(np.float32),
            )


def _nearest(cosines: Vectors) -> float:
    """Mean of the highest cosines, spread out; 0 when there are none."""
    if not len(cosines):
        return 0.0
    return (float(np.sort(cosines)[-_NEAREST:].mean()) - _MIDDLE) / _SPREAD
