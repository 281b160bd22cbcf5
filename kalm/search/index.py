"""Build, keep and ask the index over all passages."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from kalm.articles import Evidence, Passage, Source
from kalm.language import DutchLanguage, Term, character_ngrams, dutch, normalise
from kalm.search.calibration import Calibration, Example, fit
from kalm.search.engine import PASSAGE, QUESTION, Document, Engine
from kalm.search.features import PassageTerms, QuestionTerms, candidate_features
from kalm.search.vectors import Analysed, Rarity, Vector, analyse, analysed_terms

CANDIDATE_DOCUMENTS = 30
"""Questions and passages that the engine brings forward; the features then look at each."""

LONGEST_QUERY = 1000
"""Characters of a question that are read; the rest of a long story is left."""

_TYPO_SIMILARITY = 84
_SHORTEST_TYPO = 5
_CONTENT = "passages.json"


@dataclass(frozen=True)
class Match:
    """A passage that may answer the question.

    Attributes:
        passage: the passage.
        probability: that it answers, between 0 and 1, calibrated on the articles.
        features: what it rests on, in the order of ``features.NAMES``.
    """

    passage: Passage
    probability: float
    features: tuple[float, ...]


class SearchIndex:
    """All passages, ready to be asked. Build it with :func:`build_index`, load it with :func:`load_index`."""

    def __init__(
        self,
        passages: Sequence[Passage],
        engine: Engine,
        calibration: Calibration | None,
        language: DutchLanguage,
    ) -> None:
        self.passages = tuple(passages)
        self._engine = engine
        self._calibration = calibration
        self._language = language
        self._numbers = {passage.id: number for number, passage in enumerate(self.passages)}
        self._prepare()

    def _prepare(self) -> None:
        texts = [analyse(passage.text, self._language) for passage in self.passages]
        headings = [analyse(passage.section, self._language) for passage in self.passages]
        asked = [
            (number, analyse(question, self._language))
            for number, passage in enumerate(self.passages)
            for question in passage.questions
        ]
        forms: list[set[str]] = [
            set(text.weights) | set(heading.weights)
            for text, heading in zip(texts, headings, strict=True)
        ]
        for number, question in asked:
            forms[number] |= set(question.weights)
        self.rarity = Rarity.count(forms)
        self._passage_terms = [
            PassageTerms(
                text=frozenset(term.form for term in (*text.terms, *heading.terms)),
                text_parts=frozenset(part for term in text.terms for part in term.parts),
                heading=Vector(heading.weights, self.rarity),
            )
            for text, heading in zip(texts, headings, strict=True)
        ]
        self._questions = [
            QuestionTerms(
                passage=number,
                vector=Vector(question.weights, self.rarity),
                content=question.content,
                forms=frozenset(question.weights),
                ngrams=question.ngrams,
            )
            for number, question in asked
        ]
        self._questions_of: dict[int, list[int]] = defaultdict(list)
        for position, question_terms in enumerate(self._questions):
            self._questions_of[question_terms.passage].append(position)
        self._exact = {
            _key(text): number
            for number, passage in enumerate(self.passages)
            for text in (passage.section, *passage.questions)
        }
        self._vocabulary = sorted(
            form for form in self.rarity.frequencies if len(form) >= _SHORTEST_TYPO
        )

    def passage(self, passage_id: str) -> Passage | None:
        """The passage with this id, if the index (still) holds it."""
        number = self._numbers.get(passage_id)
        return None if number is None else self.passages[number]

    def of_article(self, slug: str) -> list[Passage]:
        """The passages of one article, in its order."""
        return [passage for passage in self.passages if passage.slug == slug]

    def search(self, text: str, limit: int = 10) -> list[Match]:
        """The passages most likely to answer ``text``, best first; empty when nothing has a word in common."""
        assert self._calibration is not None
        exact = self._exact.get(_key(text))
        query = self._analyse_query(text[:LONGEST_QUERY])
        matches = [
            Match(
                self.passages[number],
                1.0 if number == exact else self._calibration.probability(features),
                tuple(features),
            )
            for number, features in self._candidates(query).items()
        ]
        matches.sort(key=lambda match: -match.probability)
        return matches[:limit]

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
        found = process.extractOne(
            form, self._vocabulary, scorer=fuzz.ratio, score_cutoff=_TYPO_SIMILARITY
        )
        return Term(found[0], (), term.content) if found else term

    def _candidates(
        self, query: Analysed, keep: Callable[[str, int], bool] = lambda kind, ordinal: True
    ) -> dict[int, list[float]]:
        """Features of every candidate passage; ``keep`` can leave questions and passages out."""
        compared: dict[int, list[QuestionTerms]] = {}
        limit = CANDIDATE_DOCUMENTS
        for kind, ordinal, _ in self._engine.candidates(query.weights, query.ngrams, limit):
            number = ordinal if kind == PASSAGE else self._questions[ordinal].passage
            if keep(PASSAGE, number):
                compared.setdefault(number, [])
        for number, questions in compared.items():
            questions.extend(
                self._questions[position]
                for position in self._questions_of[number]
                if keep(QUESTION, position)
            )
        return candidate_features(
            query, Vector(query.weights, self.rarity), compared, self._passage_terms, self.rarity
        )

    def examples(self, unanswerable: Iterable[str]) -> list[Example]:
        """Training examples for the calibration, see :mod:`kalm.search.calibration`.

        Args:
            unanswerable: sentences that no passage answers, such as the out-of-scope training examples.
        """
        examples: list[Example] = []
        for position, question in enumerate(self._questions):
            own = question.passage
            query = self._analyse_query(self.passages[own].questions[self._place(position)])
            without_itself = self._candidates(query, _all_but(QUESTION, position))
            examples += [
                Example(features, number == own) for number, features in without_itself.items()
            ]
            without_passage = self._candidates(query, _all_but(PASSAGE, own))
            examples += [Example(features, False) for features in without_passage.values()]
        for text in unanswerable:
            found = self._candidates(self._analyse_query(text))
            examples += [Example(features, False) for features in found.values()]
        return examples

    def _place(self, position: int) -> int:
        """Which question of its passage the question at ``position`` is."""
        return position - self._questions_of[self._questions[position].passage][0]

    def save(self, folder: Path) -> None:
        """Write what the engine does not keep beside it."""
        assert self._calibration is not None
        content = {
            "calibration": asdict(self._calibration),
            "passages": [asdict(passage) for passage in self.passages],
        }
        (folder / _CONTENT).write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def build_index(
    passages: Sequence[Passage], folder: Path, unanswerable: Iterable[str] = ()
) -> SearchIndex:
    """Index the passages into ``folder`` (created; must not exist yet), calibrate, and keep it there.

    Raises:
        ValueError: too few questions to calibrate with.
    """
    folder.mkdir(parents=True)
    language = dutch()
    engine = Engine.build(folder, _documents(passages, language))
    bare = SearchIndex(passages, engine, None, language)
    index = SearchIndex(passages, engine, fit(bare.examples(unanswerable)), language)
    index.save(folder)
    return index


def load_index(folder: Path) -> SearchIndex:
    """Load an index that :func:`build_index` made.

    Raises:
        FileNotFoundError: there is none in ``folder``.
    """
    content = json.loads((folder / _CONTENT).read_text(encoding="utf-8"))
    passages = [
        Passage(
            **{
                **row,
                "evidence": Evidence(row["evidence"]),
                "topics": tuple(row["topics"]),
                "sources": tuple(Source(**source) for source in row["sources"]),
                "questions": tuple(row["questions"]),
            }
        )
        for row in content["passages"]
    ]
    calibration = Calibration(
        tuple(content["calibration"]["weights"]), content["calibration"]["bias"]
    )
    return SearchIndex(passages, Engine.load(folder), calibration, dutch())


def _documents(passages: Sequence[Passage], language: DutchLanguage) -> Iterable[Document]:
    question = 0
    for number, passage in enumerate(passages):
        heading = analyse(passage.section, language)
        yield Document(
            PASSAGE,
            number,
            list(analyse(passage.text, language).weights),
            list(heading.weights),
            heading.ngrams,
        )
        for text in passage.questions:
            analysed = analyse(text, language)
            yield Document(QUESTION, question, list(analysed.weights), (), analysed.ngrams)
            question += 1


def _all_but(kind: str, ordinal: int) -> Callable[[str, int], bool]:
    return lambda found_kind, found: not (found_kind == kind and found == ordinal)


def _key(text: str) -> str:
    return normalise("".join(letter for letter in text if letter.isalnum() or letter.isspace()))
