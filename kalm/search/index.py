"""The index over all passages, ready to be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from kalm.articles import Passage
from kalm.classification import TextClassifier
from kalm.classifier_pair import ClassifierPair
from kalm.language import DutchLanguage, Term, character_ngrams, normalise
from kalm.search.calibration import Calibration, FitCalibration, load_calibration
from kalm.search.engine import Engine
from kalm.search.features import PassageTerms, features_by_classifier, features_by_words
from kalm.search.fit import Verdict, is_clear, judge
from kalm.search.likeness import Questions
from kalm.search.match import Match
from kalm.search.meaning import QuestionMeanings
from kalm.search.vectors import Analysed, Rarity, Vector, analyse, analysed_terms

CANDIDATES = 5
"""Passages of which all features are computed: the engine's best, and the classifier's best others."""

LONGEST_QUERY = 1000
"""Characters of a question that are read; the rest of a long story is left."""

NOTHING = ""
"""The classifiers' label for a question that no passage answers."""

_ENGINE_PASSAGES = 1
_TYPO_SIMILARITY = 84
_SHORTEST_TYPO = 5


@dataclass(frozen=True)
class _Look:
    """One way to look at a question: by words and letters, or with the meaning of the sentence as well.

    Attributes:
        classifier: has one label per passage, and one for "no passage".
        calibration: weights of a passage's features.
        fit_calibration: weights of the witnesses of a verdict.
        meaning: of the questions; None for words and letters alone.
    """

    classifier: TextClassifier
    calibration: Calibration
    fit_calibration: FitCalibration
    meaning: QuestionMeanings | None = None

    @classmethod
    def by(cls, classifier: TextClassifier, meaning: QuestionMeanings | None = None) -> _Look:
        """With the weights of this way."""
        return cls(classifier, *load_calibration(meaning is not None), meaning)


@dataclass(frozen=True)
class _Question:
    """What every look needs of a question.

    Attributes:
        text: as far as it is read.
        query: its terms and character n-grams.
        vector: its terms weighted by rarity.
        exact: number of the passage for which an editor wrote this very question, or None.
        by_engine: numbers of the passages that the engine finds best.
        by_words: features of the passages that a look has chosen so far, by number. The next look has mostly
            the same (measured in safety/patterns.py).
    """

    text: str
    query: Analysed
    vector: Vector
    exact: int | None
    by_engine: list[int]
    by_words: dict[int, list[float]] = field(default_factory=dict)


class SearchIndex:
    """All passages, ready to be asked. :mod:`kalm.search.building` makes and loads it.

    Several things look at a question: a classifier with one label per passage, trained on the questions
    editors wrote; the engine, which also finds passages that have few questions yet; and features that tell
    how well each candidate covers what was asked. A calibrated probability sums them up. Where words leave
    doubt, and with an embedder, a second look knows the meaning of the sentence as well.
    """

    def __init__(
        self,
        passages: Sequence[Passage],
        engine: Engine,
        classifiers: ClassifierPair,
        meaning: QuestionMeanings | None,
        language: DutchLanguage,
    ) -> None:
        self.passages = tuple(passages)
        self._engine = engine
        self._by_words = _Look.by(classifiers.by_words)
        self._with_meaning: _Look | None = None
        if classifiers.with_meaning is not None:
            self._with_meaning = _Look.by(classifiers.with_meaning, meaning)
        self._language = language
        self._numbers = {passage.id: number for number, passage in enumerate(self.passages)}
        labels = classifiers.by_words.labels
        self._nothing = labels.index(NOTHING) if NOTHING in labels else None
        self._labelled = [place for place, label in enumerate(labels) if label != NOTHING]
        self._label_numbers = [self._numbers[labels[place]] for place in self._labelled]
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
    def with_embeddings(self) -> bool:
        """Whether it knows meanings, or words and letters alone."""
        return self._with_meaning is not None

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
        question = self._read(text)
        matches = self._look(question, with_meaning=False)
        if self._with_meaning is None or is_clear(matches, self._by_words.fit_calibration):
            return matches
        return self._look(question, with_meaning=True)

    def judge(self, matches: Sequence[Match], out_of_scope: float) -> Verdict:
        """Judge what :meth:`search` or :meth:`look` found; see :func:`kalm.search.fit.judge`."""
        with_meaning = bool(matches) and matches[0].with_meaning
        return judge(matches, out_of_scope, self._way(with_meaning).fit_calibration)

    def look(self, text: str, with_meaning: bool) -> list[Match]:
        """The same as :meth:`search`, by one way of looking.

        Args:
            text: of a question.
            with_meaning: look at the meaning of the sentence as well, in an index that knows meanings.
        """
        return self._look(self._read(text), with_meaning)

    def _read(self, text: str) -> _Question:
        text = text[:LONGEST_QUERY]
        query = self._analyse_query(text)
        return _Question(
            text,
            query,
            Vector(query.weights, self.rarity),
            self._exact.get(_key(text)),
            self._engine.search(query.weights, _ENGINE_PASSAGES),
        )

    def _look(self, question: _Question, with_meaning: bool) -> list[Match]:
        query, exact = question.query, question.exact
        if exact is None and not query.terms:
            return []
        look = self._way(with_meaning)
        likelihoods, nothing = self._likelihoods(look.classifier, question.text)
        chosen = _candidates(question, likelihoods)
        by_classifier = features_by_classifier(chosen, likelihoods)
        by_words = self._features_by_words(question, chosen)
        meaning = look.meaning.features(question.text, chosen) if look.meaning else {}
        matches = []
        for number in chosen:
            values = (*by_classifier[number], *by_words[number], *meaning.get(number, ()))
            is_exact = number == exact
            probability = 1.0 if is_exact else look.calibration.probability(values)
            matches.append(Match(self.passages[number], probability, values, nothing, is_exact, with_meaning))
        return sorted(matches, key=lambda match: -match.probability)

    def _features_by_words(self, question: _Question, chosen: Sequence[int]) -> Mapping[int, list[float]]:
        query, vector = question.query, question.vector
        new = [number for number in chosen if number not in question.by_words]
        if new:
            likeness = self._questions.likeness(vector, query.ngrams, new)
            found = features_by_words(query, vector, likeness, self._passage_terms, self.rarity)
            question.by_words.update(found)
        return question.by_words

    def _way(self, with_meaning: bool) -> _Look:
        if not with_meaning:
            return self._by_words
        assert self._with_meaning is not None
        return self._with_meaning

    def _likelihoods(self, classifier: TextClassifier, text: str) -> tuple[NDArray[np.float32], float]:
        """The classifier's probability per passage, by number, and that of "nothing"."""
        probabilities = classifier.probabilities(text)
        likelihoods = np.zeros(len(self.passages), dtype=np.float32)
        likelihoods[self._label_numbers] = probabilities[self._labelled]
        return likelihoods, 0.0 if self._nothing is None else float(probabilities[self._nothing])

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


def _candidates(question: _Question, likelihoods: NDArray[np.float32]) -> list[int]:
    """Numbers of the passages worth a closer look."""
    chosen = dict.fromkeys([] if question.exact is None else [question.exact])
    chosen.update(dict.fromkeys(question.by_engine))
    for number in np.argsort(-likelihoods)[:CANDIDATES]:
        if len(chosen) < CANDIDATES:
            chosen[int(number)] = None
    return list(chosen)


def _key(text: str) -> str:
    return normalise("".join(letter for letter in text if letter.isalnum() or letter.isspace()))
