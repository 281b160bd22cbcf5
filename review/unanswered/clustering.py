"""Questions about one thing put together, by words, letters and meaning.

It needs scikit-learn, SciPy and some seconds: a process of its own (``kalm cluster``), never the web app.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from sklearn.feature_extraction.text import TfidfVectorizer

from kalm.embedding import Embedder
from kalm.language import dutch, normalise

MOST = 2000
"""Different questions that are compared with each other: time and memory grow with the square of it."""

_WITH_MEANING = (0.35, 0.15, 0.5)
"""Weights of words, letters and meaning, chosen with the editors' own questions."""

_WITHOUT_MEANING = (0.7, 0.3, 0.0)
_FURTHEST = 0.68
"""Mean distance (1 minus likeness) up to which clusters become one.

On the development set, where hardly two questions use the same words and one in 140 pairs belongs together,
27% of the pairs in one cluster ask for the same passage and 53% for the same article; of the pairs that
belong together 11% are found. Further away more is found and less of it is right.
"""

_FURTHEST_WITHOUT = 0.75
"""The same without embeddings: 12% ask for the same passage, 32% for the same article; 9% are found."""

Values = NDArray[np.float64]
Tell = Callable[[float], None]


@dataclass(frozen=True)
class Clustered:
    """What belongs together.

    Attributes:
        labels: number of the cluster of each question, from 0, the largest cluster first.
        typical: mean likeness of each question to those of its cluster, from 0 to 1.
    """

    labels: tuple[int, ...]
    typical: tuple[float, ...]


def cluster(
    texts: Sequence[str], known: Sequence[str], embedder: Embedder | None, tell: Tell = lambda share: None
) -> Clustered:
    """Put questions about one thing together.

    Args:
        texts: different questions, :data:`MOST` at most.
        known: questions of our own, which tell what words and meanings are common.
        embedder: for their meaning, None where there is none.
        tell: is told how much is done, from 0 to 1.
    """
    if len(texts) < 2:
        return Clustered((0,) * len(texts), (1.0,) * len(texts))
    likeness = _likeness(texts, known, embedder, tell)
    tell(0.85)
    distance = np.clip(1 - (likeness + likeness.T) / 2, 0, None)
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "average")
    found = fcluster(tree, _FURTHEST if embedder else _FURTHEST_WITHOUT, "distance")
    return _ordered(found, likeness)


def _likeness(texts: Sequence[str], known: Sequence[str], embedder: Embedder | None, tell: Tell) -> Values:
    """Of each question to each, from about 0 to 1; shape (n, n)."""
    for_words, for_letters, for_meaning = _WITH_MEANING if embedder else _WITHOUT_MEANING
    words = TfidfVectorizer(analyzer=_terms, sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    likeness = for_words * _of_words(words, texts, known)
    tell(0.1)
    likeness += for_letters * _of_words(letters, list(map(normalise, texts)), list(map(normalise, known)))
    tell(0.15)
    if embedder:
        likeness += for_meaning * _of_meaning(embedder, texts, known, tell)
    return likeness


def _of_words(vectorizer: TfidfVectorizer, texts: Sequence[str], known: Sequence[str]) -> Values:
    try:
        rows = vectorizer.fit_transform([*texts, *known])[: len(texts)]
    except ValueError:  # they hold nothing but stop words
        return np.zeros((len(texts), len(texts)))
    likeness: Values = (rows @ rows.T).toarray()
    return likeness


def _of_meaning(embedder: Embedder, texts: Sequence[str], known: Sequence[str], tell: Tell) -> Values:
    """Cosine of the embeddings, after what all questions of this shop share was taken away."""
    rows = np.empty((len(texts), len(embedder.embed(texts[0]))))
    for number, text in enumerate(texts):  # one by one: what visitors typed is never kept on the disk
        rows[number] = embedder.embed(text)
        if number % 50 == 0:
            tell(0.15 + 0.7 * number / len(texts))
    rows -= embedder.embed_all(known).mean(axis=0) if known else rows.mean(axis=0)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    likeness: Values = rows @ rows.T
    return likeness


def _terms(text: str) -> list[str]:
    found = [term for term in dutch().terms(text) if term.content]
    return [word for term in found for word in (term.form, *term.parts)]


def _ordered(found: NDArray[np.int32], likeness: Values) -> Clustered:
    numbers, places, sizes = np.unique(found, return_inverse=True, return_counts=True)
    rank = np.empty(len(numbers), dtype=int)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(numbers))
    typical = [
        float(likeness[number, places == place].mean().clip(0, 1)) for number, place in enumerate(places)
    ]
    return Clustered(tuple(int(rank[place]) for place in places), tuple(typical))
