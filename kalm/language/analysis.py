"""Tokens with their lemmas, and the search terms made of them."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import spacy
import yaml
from spacy.about import __version__ as spacy_version
from spacy.language import Language
from spacy.tokens import Doc

from kalm.language.compounds import CompoundSplitter
from kalm.language.lemmas import Lemmatizer
from kalm.language.normalise import normalise
from kalm.settings import ROOT
from kalm.text_cache import text_cache

TRAINED_PACKAGE = "nl_core_news_sm"
WORDS = ROOT / "data" / "language"


@dataclass(frozen=True)
class Token:
    """One word or mark of a text.

    Attributes:
        text: as typed.
        start: index of its first character in the text.
        lemma: dictionary form, lower case.
    """

    text: str
    start: int
    lemma: str


@dataclass(frozen=True)
class Term:
    """One unit of meaning of a question or passage, after synonyms.

    Attributes:
        form: canonical form ("rls" for "rusteloze benen").
        parts: lemmas of a compound's parts, empty for a simple word.
        content: False for a question word, which shapes the question but need not be answered.
    """

    form: str
    parts: tuple[str, ...] = ()
    content: bool = True


class LemmaComponent:
    """Sets ``token.lemma_``; a lemma that the trained package found serves as a suggestion."""

    def __init__(self, lemmatizer: Lemmatizer) -> None:
        self.lemmatizer = lemmatizer

    def __call__(self, doc: Doc) -> Doc:
        """Set the lemma of every token of ``doc``."""
        for token in doc:
            word = normalise(token.text)
            token.lemma_ = self.lemmatizer.lemma(word, normalise(token.lemma_))
        return doc


# Without `from __future__ import annotations`: spaCy reads the types of a factory at run time.
@Language.factory("kalm_lemmatizer")
def create_lemmatizer(nlp: Language, name: str) -> LemmaComponent:
    """spaCy component that gives each token Kalm's lemma (spaCy's way to make components)."""
    return LemmaComponent(Lemmatizer(_read_words("lemmas.yml")))


class DutchLanguage:
    """Reads Dutch. Make it once per process with :func:`dutch`."""

    def __init__(
        self, pipeline: Language, synonyms: Mapping[str, Sequence[str]], words: Mapping[str, Set[str]]
    ) -> None:
        self._pipeline = pipeline
        # A message is read by the classifier and by the search: once is enough.
        self._recent_tokens = text_cache(64)(self._tokens)
        self._recent_terms = text_cache(64)(self._terms)
        component = pipeline.get_pipe("kalm_lemmatizer")
        assert isinstance(component, LemmaComponent)
        self._lemmatizer = component.lemmatizer
        self._question_words = words["vraag_woorden"]
        self._stop_words = (
            {normalise(word) for word in pipeline.Defaults.stop_words} | words["vul_woorden"]
        ) - self._question_words
        self._compounds = CompoundSplitter(self._lemmatizer, self._stop_words)
        self._phrases = self._read_phrases(synonyms)
        self._longest_phrase = max(map(len, self._phrases), default=1)

    @property
    def source(self) -> str:
        """Where tokens come from, with version: "nl_core_news_sm 3.7.0" or "spacy.blank('nl') ..."."""
        meta = self._pipeline.meta
        if meta["name"] == TRAINED_PACKAGE.removeprefix("nl_"):
            return f"{TRAINED_PACKAGE} {meta['version']}"
        return f"spacy.blank('nl') {spacy_version} with simplemma"

    def tokens(self, text: str) -> list[Token]:
        """Tokens of ``text`` in order; white space is left out."""
        return list(self._recent_tokens(text))

    def _tokens(self, text: str) -> tuple[Token, ...]:
        return tuple(
            Token(token.text, token.idx, token.lemma_) for token in self._pipeline(text) if not token.is_space
        )

    def terms(self, text: str) -> list[Term]:
        """What ``text`` is about: canonical terms in order, without stop words and marks."""
        return list(self._recent_terms(text))

    def _terms(self, text: str) -> tuple[Term, ...]:
        lemmas = [
            token.lemma for token in self.tokens(text) if any(letter.isalnum() for letter in token.lemma)
        ]
        kept = [lemma for lemma in lemmas if lemma not in self._stop_words and not _is_lone_letter(lemma)]
        return tuple(self._fold(kept))

    def is_word(self, form: str) -> bool:
        """Whether the dictionary knows this form, so that it is no typing mistake."""
        return self._lemmatizer.is_known(form)

    def _fold(self, lemmas: Sequence[str]) -> list[Term]:
        """Replace each longest run of lemmas that is a known phrase by its canonical term."""
        terms: list[Term] = []
        position = 0
        while position < len(lemmas):
            for length in range(min(self._longest_phrase, len(lemmas) - position), 0, -1):
                canonical = self._phrases.get(tuple(lemmas[position : position + length]))
                if canonical is not None:
                    terms.append(Term(canonical, self._canonical_parts(canonical)))
                    position += length
                    break
            else:
                lemma = lemmas[position]
                terms.append(Term(lemma, self._canonical_parts(lemma), lemma not in self._question_words))
                position += 1
        return terms

    def _canonical_parts(self, lemma: str) -> tuple[str, ...]:
        parts = self._compounds.parts(lemma)
        return tuple(self._phrases.get((part,), part) for part in parts)

    def _read_phrases(self, synonyms: Mapping[str, Sequence[str]]) -> dict[tuple[str, ...], str]:
        phrases: dict[tuple[str, ...], str] = {}
        for canonical, variants in synonyms.items():
            for variant in (canonical, *variants):
                lemmas = tuple(
                    token.lemma
                    for token in self.tokens(variant)
                    if token.lemma not in self._stop_words and token.lemma[0].isalnum()
                )
                if lemmas:
                    phrases[lemmas] = canonical
        return phrases


def load_pipeline() -> Language:
    """The spaCy pipeline: ``nl_core_news_sm`` where installed, else a blank Dutch one.

    Both end in Kalm's own lemmatizer, so that the measured lemmas hold either way.
    """
    if find_spec(TRAINED_PACKAGE) is not None:
        pipeline = spacy.load(TRAINED_PACKAGE, exclude=["parser", "ner"])
    else:
        pipeline = spacy.blank("nl")
    pipeline.add_pipe("kalm_lemmatizer", last=True)
    return pipeline


@cache
def dutch() -> DutchLanguage:
    """The Dutch of this process, loaded once (about half a second)."""
    words = {
        kind: {normalise(word) for word in listed} for kind, listed in _read_words("stopwords.yml").items()
    }
    return DutchLanguage(load_pipeline(), _read_words("synonyms.yml"), words)


def _is_lone_letter(lemma: str) -> bool:
    return len(lemma) == 1 and lemma.isalpha()


def _read_words(name: str, folder: Path = WORDS) -> Any:
    return yaml.safe_load((folder / name).read_text(encoding="utf-8"))
