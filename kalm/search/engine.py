"""The tantivy index: which questions and passages share terms with a query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tantivy

QUESTION, PASSAGE = "question", "passage"
_FIELDS = {"terms": 1.0, "heading": 1.5, "ngrams": 0.15}
"""Weight of each field: a heading says more than the text, an n-gram less than a word."""


@dataclass(frozen=True)
class Document:
    """A question or a passage as the engine sees it: terms already made, in any order."""

    kind: str
    ordinal: int
    terms: Iterable[str]
    heading: Iterable[str]
    ngrams: Iterable[str]

    @classmethod
    def of_passage(
        cls, ordinal: int, terms: Iterable[str], heading: Iterable[str], ngrams: Iterable[str]
    ) -> Document:
        """The text of a passage, and its heading with the heading's n-grams."""
        return cls(PASSAGE, ordinal, terms, heading, ngrams)

    @classmethod
    def of_question(cls, ordinal: int, terms: Iterable[str], ngrams: Iterable[str]) -> Document:
        """One question of an editor, a document of its own."""
        return cls(QUESTION, ordinal, terms, (), ngrams)


class Engine:
    """Finds candidates by BM25; which of them answers is decided elsewhere."""

    def __init__(self, index: tantivy.Index) -> None:
        self._index = index
        self._schema = index.schema
        index.reload()
        self._searcher = index.searcher()

    @classmethod
    def build(cls, folder: Path, documents: Iterable[Document]) -> Engine:
        """Write a new index into ``folder``, which must exist and be empty."""
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("kind", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_unsigned_field("ordinal", stored=True)
        for name in _FIELDS:
            builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
        index = tantivy.Index(builder.build(), path=str(folder))
        writer = index.writer(num_threads=1)
        for document in documents:
            row = tantivy.Document()
            row.add_text("kind", document.kind)
            row.add_unsigned("ordinal", document.ordinal)
            row.add_text("terms", _joined(document.terms))
            row.add_text("heading", _joined(document.heading))
            row.add_text("ngrams", _joined(document.ngrams))
            writer.add_document(row)
        writer.commit()
        writer.wait_merging_threads()
        return cls(index)

    @classmethod
    def load(cls, folder: Path) -> Engine:
        """Open the index in ``folder``."""
        return cls(tantivy.Index.open(str(folder)))

    def search(self, terms: Iterable[str], ngrams: Iterable[str], limit: int) -> list[tuple[str, int]]:
        """Kind and ordinal of the best documents, best first.

        The query is built from terms: tantivy's own parser stumbles over a visitor's punctuation.
        """
        words = [_escaped(term) for term in terms]
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.boost_query(self._term(field, word), weight))
            for field, weight in _FIELDS.items()
            for word in (words if field != "ngrams" else map(_escaped, ngrams))
        ]
        found = self._searcher.search(tantivy.Query.boolean_query(clauses), limit, count=False)
        results = []
        for _, address in found.hits:
            row: dict[str, list[Any]] = self._searcher.doc(address).to_dict()
            results.append((str(row["kind"][0]), int(row["ordinal"][0])))
        return results

    def _term(self, field: str, word: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, word, "freq")


def _escaped(term: str) -> str:
    return term.replace(" ", "_")


def _joined(terms: Iterable[str]) -> str:
    return " ".join(map(_escaped, terms))
