"""What speaks for a passage as the answer to a question, in numbers between about 0 and 1."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kalm.language import Term
from kalm.search.likeness import Likeness
from kalm.search.vectors import Analysed, Rarity, Vector

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
    """A passage as the features need it.

    Attributes:
        text: forms of its text and heading.
        text_parts: parts of the compounds in its text.
        heading: its heading.
        questions: the terms with content of each of its questions.
        asked: forms and parts of all its questions.
    """

    text: frozenset[str]
    text_parts: frozenset[str]
    heading: Vector
    questions: Sequence[Sequence[Term]]
    asked: frozenset[str]


def features_by_classifier(
    candidates: Iterable[int], likelihoods: NDArray[np.float32]
) -> dict[int, list[float]]:
    """The first two of :data:`NAMES` per candidate passage.

    Args:
        candidates: numbers of the passages to look at.
        likelihoods: the classifier's probability per passage, by number.
    """
    leads = _leads(likelihoods)
    return {
        number: [_log_likelihood(float(likelihoods[number])), float(leads[number])] for number in candidates
    }


def features_by_words(
    query: Analysed,
    query_vector: Vector,
    likeness: Mapping[int, Likeness],
    passages: Sequence[PassageTerms],
    rarity: Rarity,
) -> dict[int, list[float]]:
    """The others of :data:`NAMES` per candidate passage, in their order.

    Args:
        query: the visitor's question.
        query_vector: its terms weighted by rarity.
        likeness: of the visitor's question to each question of a candidate, by the candidate's number.
        passages: all passages, by number.
        rarity: idf over passages.
    """
    asked = query.content
    total = sum(rarity.of(term.form) for term in asked)
    forms = frozenset(query.weights)
    rows: dict[int, list[float]] = {}
    for number, to in likeness.items():
        passage = passages[number]
        cosine = ngram = second = back = 0.0
        if passage.questions:
            both = to.cosine + to.dice
            nearest = int(both.argmax())
            cosine, ngram = float(to.cosine[nearest]), float(to.dice[nearest])
            second = float(np.partition(both, -2)[-2]) / 2 if len(both) > 1 else 0.0
            back = _coverage(passage.questions[nearest], forms, frozenset(), rarity)[0]
        covered, missing = _coverage(asked, passage.text | passage.asked, passage.text_parts, rarity)
        in_text, _ = _coverage(asked, passage.text, passage.text_parts, rarity)
        rows[number] = [
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


def _leads(likelihoods: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far each passage is ahead of the likeliest other one (negative when behind)."""
    if len(likelihoods) < 2:
        return likelihoods
    second, first = np.partition(likelihoods, -2)[-2:]
    leads: NDArray[np.float32] = likelihoods - np.where(likelihoods == first, second, first)
    return leads


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
