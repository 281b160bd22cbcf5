"""What speaks for a passage as the answer to a question, in numbers between about 0 and 1."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kalm.language import Term
from kalm.search.vectors import Analysed, Rarity, Vector, dice

NAMES = (
    "classifier",  # log-odds, between 0 and 1, of the passage classifier
    "classifier_lead",  # how far the classifier puts it ahead of the next passage
    "question_cosine",  # nearest question an editor wrote, by meaningful terms
    "question_dice",  # the same by character n-grams: sees through typos and inflection
    "second_question",  # the next nearest question of the same passage
    "back_coverage",  # share of that nearest question that the visitor asked too
    "coverage",  # share of what the visitor asked that text or questions speak of
    "text_coverage",  # the same, of the text and heading alone
    "missing",  # rarity of the most telling term that is covered nowhere
    "heading_cosine",
    "informative",  # how much the visitor's words say at all
)
_PART_CREDIT = 0.7
_LEAST_LIKELY = math.exp(-8)
_INFORMATIVE_ENOUGH = 12.0


@dataclass(frozen=True)
class PassageTerms:
    """A passage as the features need it."""

    text: frozenset[str]
    text_parts: frozenset[str]
    heading: Vector


@dataclass(frozen=True)
class QuestionTerms:
    """An editor's question as the features need it."""

    vector: Vector
    content: tuple[Term, ...]
    forms: frozenset[str]
    ngrams: frozenset[str]


def candidate_features(
    query: Analysed,
    query_vector: Vector,
    candidates: Mapping[int, Sequence[QuestionTerms]],
    likelihoods: Sequence[float],
    passages: Sequence[PassageTerms],
    rarity: Rarity,
) -> dict[int, list[float]]:
    """Features per candidate passage, in the order of :data:`NAMES`.

    Args:
        query: the visitor's question.
        query_vector: its terms weighted by rarity.
        candidates: passage number to the questions of it.
        likelihoods: the classifier's probability per passage, by number.
        passages: all passages, by number.
        rarity: idf over passages.
    """
    asked = query.content
    total = sum(rarity.of(term.form) for term in asked)
    rows: dict[int, list[float]] = {}
    for number, questions in candidates.items():
        passage = passages[number]
        likeness = sorted(
            (
                (
                    query_vector.cosine(question.vector) + dice(query.ngrams, question.ngrams),
                    position,
                )
                for position, question in enumerate(questions)
            ),
            reverse=True,
        )
        cosine = ngram = second = back = 0.0
        question_forms: frozenset[str] = frozenset()
        if likeness:
            nearest = questions[likeness[0][1]]
            cosine = query_vector.cosine(nearest.vector)
            ngram = dice(query.ngrams, nearest.ngrams)
            second = likeness[1][0] / 2 if len(likeness) > 1 else 0.0
            back = _coverage(nearest.content, frozenset(query.weights), frozenset(), rarity)[0]
            question_forms = frozenset().union(*(question.forms for question in questions))
        covered, missing = _coverage(asked, passage.text | question_forms, passage.text_parts, rarity)
        in_text, _ = _coverage(asked, passage.text, passage.text_parts, rarity)
        rows[number] = [
            _log_likelihood(likelihoods[number]),
            _lead(likelihoods, number),
            cosine,
            ngram,
            second,
            back,
            covered,
            in_text,
            missing,
            query_vector.cosine(passage.heading),
            min(total / _INFORMATIVE_ENOUGH, 1.0),
        ]
    return rows


def _log_likelihood(likelihood: float) -> float:
    return max(0.0, 1 + math.log(max(likelihood, _LEAST_LIKELY)) / -math.log(_LEAST_LIKELY))


def _lead(likelihoods: Sequence[float], number: int) -> float:
    others = max((value for other, value in enumerate(likelihoods) if other != number), default=0.0)
    return likelihoods[number] - others


def _coverage(
    asked: Sequence[Term], forms: frozenset[str], parts: frozenset[str], rarity: Rarity
) -> tuple[float, float]:
    """Share of the asked terms, weighted by rarity, that ``forms`` hold; and the rarity of the worst gap."""
    total = covered = worst = 0.0
    for term in asked:
        weight = rarity.of(term.form)
        share = _share(term, forms, parts)
        total += weight
        covered += share * weight
        worst = max(worst, (1 - share) * weight)
    return (covered / total if total else 0.0), worst / rarity.highest


def _share(term: Term, forms: frozenset[str], parts: frozenset[str]) -> float:
    if term.form in forms:
        return 1.0
    if term.form in parts:
        return _PART_CREDIT
    if term.parts:
        return _PART_CREDIT * sum(part in forms or part in parts for part in term.parts) / len(term.parts)
    return 0.0
