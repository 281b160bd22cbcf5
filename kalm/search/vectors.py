"""Weighted terms of a question or passage, and how alike two of them are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kalm.language import DutchLanguage, Term, character_ngrams

PART_WEIGHT = 0.5
"""What a compound's part counts beside a whole word."""


@dataclass(frozen=True)
class Analysed:
    """A text as the search sees it.

    Attributes:
        terms: units of meaning in order, question words included.
        weights: weight of each form and part, before idf (1.0 for a form, less for a part).
        ngrams: character n-grams of the whole text.
    """

    terms: tuple[Term, ...]
    weights: Mapping[str, float]
    ngrams: frozenset[str]

    @property
    def content(self) -> tuple[Term, ...]:
        """The terms that say what the text is about."""
        return tuple(term for term in self.terms if term.content)


def analyse(text: str, language: DutchLanguage) -> Analysed:
    """Analyse one text."""
    return analysed_terms(language.terms(text), character_ngrams(text))


def analysed_terms(terms: Iterable[Term], ngrams: frozenset[str]) -> Analysed:
    """The same from terms that are already there."""
    terms = tuple(terms)
    weights: dict[str, float] = {}
    for term in terms:
        weights[term.form] = 1.0
    for term in terms:
        for part in term.parts:
            weights.setdefault(part, PART_WEIGHT)
    return Analysed(terms, weights, ngrams)


class Rarity:
    """Inverse document frequency over passages (the variant of BM25: Robertson and Zaragoza 2009)."""

    def __init__(self, documents: int, frequencies: Mapping[str, int]) -> None:
        self.documents = documents
        self.frequencies = dict(frequencies)
        self.highest = self._of(0)
        self._known = {form: self._of(count) for form, count in self.frequencies.items()}

    @classmethod
    def count(cls, documents: Iterable[Iterable[str]]) -> Rarity:
        """Count in how many documents each form occurs."""
        counted: Counter[str] = Counter()
        total = 0
        for forms in documents:
            counted.update(set(forms))
            total += 1
        return cls(total, counted)

    def of(self, form: str) -> float:
        """The idf of a form; an unknown one is the rarest."""
        return self._known.get(form, self.highest)

    def _of(self, count: int) -> float:
        return math.log(1 + (self.documents - count + 0.5) / (count + 0.5))


class Vector:
    """Terms weighted by rarity, with its length kept for the cosine."""

    __slots__ = ("length", "values")

    def __init__(self, weights: Mapping[str, float], rarity: Rarity) -> None:
        self.values = {form: weight * rarity.of(form) for form, weight in weights.items()}
        self.length = math.sqrt(sum(value * value for value in self.values.values()))

    def cosine(self, other: Vector) -> float:
        """Cosine of the angle between the two, 0 when one is empty."""
        if not self.length or not other.length:
            return 0.0
        small, large = sorted((self.values, other.values), key=len)
        dot = sum(value * large[form] for form, value in small.items() if form in large)
        return dot / (self.length * other.length)
