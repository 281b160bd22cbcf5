"""The tantivy index: which passages share terms with a query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import tantivy

_WEIGHTS = {"terms": 1.0, "heading": 1.5}
"""Weight of each field: a heading says more than the text."""


@dataclass(frozen=True)
class Document:
    """A passage as the engine sees it: terms already made, in any order."""

    terms: Iterable[str]
    heading: Iterable[str]


class Engine:
    """Finds candidates by BM25; which of them answers is decided elsewhere."""

    def __init__(self, index: tantivy.Index) -> None:
        self._schema = index.schema
        index.reload()
        self._searcher = index.searcher()

    @classmethod
    def build(cls, folder: Path, documents: Iterable[Document]) -> Engine:
        """Write a new index into ``folder``, which must exist and be empty."""
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("number", stored=True)
        for name in _WEIGHTS:
            builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
        index = tantivy.Index(builder.build(), path=str(folder))
        writer = index.writer(num_threads=1)
        for number, document in enumerate(documents):
            row = tantivy.Document()
            row.add_unsigned("number", number)
            row.add_text("terms", _joined(document.terms))
            row.add_text("heading", _joined(document.heading))
            writer.add_document(row)
        writer.commit()
        writer.wait_merging_threads()
        return cls(index)

    @classmethod
    def load(cls, folder: Path) -> Engine:
        """Open the index in ``folder``."""
        return cls(tantivy.Index.open(str(folder)))

    def search(self, terms: Iterable[str], limit: int) -> list[int]:
        """Numbers of the best documents, in the order they were given to :meth:`build`, best first.

        The query is built from terms: tantivy's own parser stumbles over a visitor's punctuation.
        """
        words = [_escaped(term) for term in terms]
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.boost_query(self._term(field, word), weight))
            for field, weight in _WEIGHTS.items()
            for word in words
        ]
        found = self._searcher.search(tantivy.Query.boolean_query(clauses), limit, count=False)
        return [int(self._searcher.doc(address)["number"][0]) for _, address in found.hits]

    def _term(self, field: str, word: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, word, "freq")


def _escaped(term: str) -> str:
    return term.replace(" ", "_")


def _joined(terms: Iterable[str]) -> str:
    return " ".join(map(_escaped, terms))
