"""Build, keep and ask the index over all passages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from kalm.articles import Evidence, Passage, Source
from kalm.classification import TextClassifier
from kalm.embedding import Embedder
from kalm.language import DutchLanguage, Term, character_ngrams, dutch, normalise
from kalm.search.calibration import feature_names, load_calibration
from kalm.search.engine import Document, Engine
from kalm.search.features import PassageTerms, candidate_features
from kalm.search.likeness import Questions
from kalm.search.meaning import QuestionMeanings
from kalm.search.vectors import Analysed, Rarity, Vector, analyse, analysed_terms

CANDIDATES = 5
"""Passages of which all features are computed: the engine's best, and the classifier's best others."""

LONGEST_QUERY = 1000
"""Characters of a question that are read; the rest of a long story is left."""

_ENGINE_PASSAGES = 1
_CLASSIFIER_ITERATIONS = 60  # 30 is too few without embeddings, 100 wins nothing
_CLASSIFIER_LEAST_TEXTS = 2  # half the size and time of 1, and no worse on the development set
_TYPO_SIMILARITY = 84
_SHORTEST_TYPO = 5
_CONTENT = "passages.json"
_NOTHING = ""
"""The classifier's label for a question that no passage answers."""


@dataclass(frozen=True)
class Match:
    """A passage that may answer the question.

    Attributes:
        passage: the passage.
        probability: that it answers, between 0 and 1, calibrated on the development set.
        features: what it rests on, in the order of :attr:`SearchIndex.feature_names`.
        nothing: probability, by the classifier, that no passage answers; equal for all matches of a question.
        is_exact: whether the visitor asked, to the letter, what an editor wrote for this passage.
    """

    passage: Passage
    probability: float
    features: tuple[float, ...]
    nothing: float = 0.0
    is_exact: bool = False


class SearchIndex:
    """All passages, ready to be asked. :func:`build_index` makes it, :func:`load_index` loads it.

    Several things look at a question: a classifier with one label per passage, trained on the questions
    editors wrote; the engine, which also finds passages that have few questions yet; features that tell how
    well each candidate covers what was asked; and, with an embedder, how near it comes in meaning. A
    calibrated probability sums them up.
    """

    def __init__(
        self,
        passages: Sequence[Passage],
        engine: Engine,
        classifier: TextClassifier,
        meaning: QuestionMeanings | None,
        language: DutchLanguage,
    ) -> None:
        self.passages = tuple(passages)
        self._engine = engine
        self._classifier = classifier
        self._meaning = meaning
        self._calibration, self.fit_calibration = load_calibration(meaning is not None)
        self._language = language
        self._numbers = {passage.id: number for number, passage in enumerate(self.passages)}
        self._nothing = classifier.labels.index(_NOTHING) if _NOTHING in classifier.labels else None
        self._labelled = [place for place, label in enumerate(classifier.labels) if label != _NOTHING]
        self._label_numbers = [self._numbers[classifier.labels[place]] for place in self._labelled]
        self._prepare()

    def _prepare(self) -> None:
        texts = [analyse(passage.text, self._language) for passage in self.passages]
        headings = [analyse(passage.section, self._language) for passage in self.passages]
        asked = [
            [analyse(question, self._language) for question in passage.questions] for passage in self.passages
        ]
        self.rarity = Rarity.count(
            {form for analysed in (text, heading, *questions) for form in analysed.weights}
            for text, heading, questions in zip(texts, headings, asked, strict=True)
        )
        self._questions = Questions(
            [[Vector(question.weights, self.rarity) for question in questions] for questions in asked],
            [[question.ngrams for question in questions] for questions in asked],
        )
        self._passage_terms = [
            PassageTerms(
                text=frozenset(term.form for term in (*text.terms, *heading.terms)),
                text_parts=frozenset(part for term in text.terms for part in term.parts),
                heading=Vector(heading.weights, self.rarity),
                questions=[question.content for question in questions],
                asked=frozenset(form for question in questions for form in question.weights),
            )
            for text, heading, questions in zip(texts, headings, asked, strict=True)
        ]
        self._exact = {
            _key(text): number for number, passage in enumerate(self.passages) for text in passage.questions
        }
        self._vocabulary = sorted(form for form in self.rarity.frequencies if len(form) >= _SHORTEST_TYPO)

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Names of what :attr:`Match.features` holds, in that order."""
        return feature_names(self.with_embeddings)

    @property
    def with_embeddings(self) -> bool:
        """Whether it knows meanings, or words and letters alone."""
        return self._meaning is not None

    def passage(self, passage_id: str) -> Passage | None:
        """The passage with this id, if the index (still) holds it."""
        number = self._numbers.get(passage_id)
        return None if number is None else self.passages[number]

    def of_article(self, slug: str) -> list[Passage]:
        """The passages of one article, in its order."""
        return [passage for passage in self.passages if passage.slug == slug]

    def speaks_of(self, passage: Passage, text: str) -> bool:
        """Whether the passage, or a question of it, holds something of what ``text`` is about.

        True for a text that names nothing itself ("hoe komt dat?").
        """
        content = self._analyse_query(text[:LONGEST_QUERY]).content
        terms = self._passage_terms[self._numbers[passage.id]]
        forms = terms.text | terms.text_parts | terms.asked
        return not content or any(
            term.form in forms or any(part in forms for part in term.parts) for term in content
        )

    def search(self, text: str) -> list[Match]:
        """The passages most likely to answer ``text``, best first; at most :data:`CANDIDATES`."""
        text = text[:LONGEST_QUERY]
        query = self._analyse_query(text)
        exact = self._exact.get(_key(text))
        if exact is None and not query.terms:
            return []
        likelihoods, nothing = self._likelihoods(text)
        chosen = self._candidates(query, likelihoods, exact)
        vector = Vector(query.weights, self.rarity)
        features = candidate_features(
            query,
            vector,
            chosen,
            likelihoods,
            self._questions.likeness(vector, query.ngrams, chosen),
            self._passage_terms,
            self.rarity,
        )
        meaning = self._meaning.features(text, chosen) if self._meaning else {}
        matches = []
        for number in chosen:
            values = (*features[number], *meaning.get(number, ()))
            probability = 1.0 if number == exact else self._calibration.probability(values)
            matches.append(Match(self.passages[number], probability, values, nothing, number == exact))
        return sorted(matches, key=lambda match: -match.probability)

    def _likelihoods(self, text: str) -> tuple[NDArray[np.float32], float]:
        """The classifier's probability per passage, by number, and that of "nothing"."""
        probabilities = self._classifier.probabilities(text)
        likelihoods = np.zeros(len(self.passages), dtype=np.float32)
        likelihoods[self._label_numbers] = probabilities[self._labelled]
        return likelihoods, 0.0 if self._nothing is None else float(probabilities[self._nothing])

    def _candidates(self, query: Analysed, likelihoods: NDArray[np.float32], exact: int | None) -> list[int]:
        """Numbers of the passages worth a closer look."""
        chosen = dict.fromkeys([] if exact is None else [exact])
        chosen.update(dict.fromkeys(self._engine.search(query.weights, _ENGINE_PASSAGES)))
        for number in np.argsort(-likelihoods)[:CANDIDATES]:
            if len(chosen) < CANDIDATES:
                chosen[int(number)] = None
        return list(chosen)

    def _analyse_query(self, text: str) -> Analysed:
        terms = [self._corrected(term) for term in self._language.terms(text)]
        return analysed_terms(terms, character_ngrams(text))

    def _corrected(self, term: Term) -> Term:
        """The nearest word of the articles for one that no dictionary and no article knows."""
        form = term.form
        if (
            form in self.rarity.frequencies
            or len(form) < _SHORTEST_TYPO
            or any(part in self.rarity.frequencies for part in term.parts)
            or self._language.is_word(form)
        ):
            return term
        found = process.extractOne(form, self._vocabulary, scorer=fuzz.ratio, score_cutoff=_TYPO_SIMILARITY)
        return Term(found[0], (), term.content) if found else term


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
    texts, labels = list(unanswered), [_NOTHING] * len(unanswered)
    for passage in passages:
        for text in (passage.section, passage.text, *passage.questions):
            texts.append(text)
            labels.append(passage.id)
    classifier = TextClassifier.train(
        texts,
        labels,
        balanced=False,
        iterations=_CLASSIFIER_ITERATIONS,
        least_texts=_CLASSIFIER_LEAST_TEXTS,
        language=language,
        embedder=embedder,
    )
    engine = Engine.build(folder, _documents(passages, language))
    classifier.save(folder)
    meaning = None
    if embedder is not None:
        meaning = QuestionMeanings.build(embedder, [passage.questions for passage in passages], unanswered)
        meaning.save(folder)
    content = [asdict(passage) for passage in passages]
    (folder / _CONTENT).write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return SearchIndex(passages, engine, classifier, meaning, language)


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
    classifier = TextClassifier.load(folder, language, embedder)
    meaning = None if embedder is None else QuestionMeanings.load(folder, embedder)
    return SearchIndex(passages, Engine.load(folder), classifier, meaning, language)


def _documents(passages: Sequence[Passage], language: DutchLanguage) -> Iterable[Document]:
    for passage in passages:
        heading = analyse(passage.section, language)
        text = analyse(passage.text, language)
        yield Document(text.weights, heading.weights)


def _key(text: str) -> str:
    return normalise("".join(letter for letter in text if letter.isalnum() or letter.isspace()))
