"""Build the index over all passages into a folder, and load it from there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from kalm.articles import Evidence, Passage, Source
from kalm.classification import TextClassifier
from kalm.classifier_pair import ClassifierPair
from kalm.embedding import Embedder
from kalm.language import DutchLanguage, dutch
from kalm.search.engine import Document, Engine
from kalm.search.index import NOTHING, SearchIndex
from kalm.search.meaning import QuestionMeanings
from kalm.search.vectors import analyse

_CLASSIFIER_ITERATIONS = 60  # 30 is too few without embeddings, 100 wins nothing
_CLASSIFIER_LEAST_TEXTS = 2  # half the size and time of 1, and no worse on the development set
_CONTENT = "passages.json"


def build_index(
    passages: Sequence[Passage],
    folder: Path,
    unanswered: Iterable[str] = (),
    embedder: Embedder | None = None,
) -> SearchIndex:
    """Index the passages into ``folder`` (created; must not exist yet).

    Args:
        passages: all that visitors may see.
        folder: for the index.
        unanswered: sentences that no passage answers, so that the classifier learns to know them.
        embedder: None indexes words and letters alone.

    Raises:
        ValueError: fewer than two passages.
    """
    folder.mkdir(parents=True)
    language = dutch()
    unanswered = list(unanswered)
    texts, labels = list(unanswered), [NOTHING] * len(unanswered)
    for passage in passages:
        for text in (passage.section, passage.text, *passage.questions):
            texts.append(text)
            labels.append(passage.id)

    def train(embedder: Embedder | None) -> TextClassifier:
        return TextClassifier.train(
            texts,
            labels,
            balanced=False,
            iterations=_CLASSIFIER_ITERATIONS,
            least_texts=_CLASSIFIER_LEAST_TEXTS,
            language=language,
            embedder=embedder,
        )

    engine = Engine.build(folder, _documents(passages, language))
    classifiers = ClassifierPair.train(train, embedder)
    classifiers.save(folder)
    meaning = None
    if embedder is not None:
        meaning = QuestionMeanings.build(embedder, [passage.questions for passage in passages], unanswered)
        meaning.save(folder)
    content = [asdict(passage) for passage in passages]
    (folder / _CONTENT).write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return SearchIndex(passages, engine, classifiers, meaning, language)


def load_index(folder: Path, embedder: Embedder | None = None) -> SearchIndex:
    """Load an index that :func:`build_index` made.

    Args:
        folder: with the index.
        embedder: the one it was built with.

    Raises:
        FileNotFoundError: there is none in ``folder``.
        OtherEmbedderError: it was built with another embedder.
    """
    passages = [
        Passage(
            **{
                **row,
                "evidence": Evidence(row["evidence"]),
                "topics": tuple(row["topics"]),
                "sources": tuple(Source(**source) for source in row["sources"]),
                "questions": tuple(row["questions"]),
                "conditions": tuple(row["conditions"]),
            }
        )
        for row in json.loads((folder / _CONTENT).read_text(encoding="utf-8"))
    ]
    language = dutch()
    classifiers = ClassifierPair.load(folder, embedder, language)
    meaning = None if embedder is None else QuestionMeanings.load(folder, embedder)
    return SearchIndex(passages, Engine.load(folder), classifiers, meaning, language)


def _documents(passages: Sequence[Passage], language: DutchLanguage) -> Iterable[Document]:
    for passage in passages:
        heading = analyse(passage.section, language)
        text = analyse(passage.text, language)
        yield Document(text.weights, heading.weights)
