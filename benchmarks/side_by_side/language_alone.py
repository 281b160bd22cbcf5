"""Dutch alone, in this process, a worker's: tokens a second, and lemmas of forms written down by hand."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.side_by_side.workers import answer_parent

LEMMAS = Path(__file__).with_name("lemmas.tsv")
"""Forms of this domain with the lemma of a dictionary, written without a look at what Kalm makes of them."""


def read_lemmas(path: Path = LEMMAS) -> list[tuple[str, str]]:
    """Forms with their lemmas.

    Raises:
        ValueError: a line has not two words.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t"))
    for number, row in enumerate(rows, 1):
        if len(row) != 2 or not all(row):
            raise ValueError(f"{path}, line {number}: not a form and its lemma")
    return [(form, lemma) for form, lemma in rows]


def accuracy(lemmas: Sequence[tuple[str, str]], lemma_of: Callable[[str], str]) -> float:
    """Share of the forms of which the lemma is found, between 0 and 1."""
    return sum(lemma_of(form).lower() == lemma for form, lemma in lemmas) / len(lemmas)


def _by_kalm(word: str) -> str:
    from kalm.language import dutch

    return " ".join(token.lemma for token in dutch().tokens(word))


def _by_simplemma(word: str) -> str:
    import simplemma

    return str(simplemma.lemmatize(word, "nl"))


def _spacy_lookup() -> Callable[[str], str] | None:
    """spaCy's own tables of lemmas; None where their package is not installed."""
    if find_spec("spacy_lookups_data") is None:
        return None
    import spacy

    pipeline = spacy.blank("nl")
    pipeline.add_pipe("lemmatizer", config={"mode": "lookup"})
    pipeline.initialize()
    return lambda word: " ".join(token.lemma_ for token in pipeline(word))


def _measure(question: dict[str, Any]) -> dict[str, float | None]:
    """Tokens a second on the training sentences, first with cold caches, and the accuracy of lemmas."""
    from commands.training_data import training_examples
    from kalm.language import dutch
    from kalm.text_cache import forget_texts

    language, texts = dutch(), training_examples()[0]
    rates = []
    for _ in ("no word seen before", "every word seen before"):
        forget_texts()
        started = time.perf_counter()
        tokens = sum(len(language.tokens(text)) for text in texts)
        rates.append(tokens / (time.perf_counter() - started))
    lemmas, lookup = read_lemmas(), _spacy_lookup()
    return {
        "tokens_cold": rates[0],
        "tokens_warm": rates[1],
        "forms": len(lemmas),
        "kalm": accuracy(lemmas, _by_kalm),
        "simplemma": accuracy(lemmas, _by_simplemma),
        "spacy": None if lookup is None else accuracy(lemmas, lookup),
    }


if __name__ == "__main__":
    answer_parent(_measure)
