"""A floor of quality: BM25 over the articles, without anything that Kalm knows of Dutch.

Passages and their questions in the same engine that Kalm uses, words as its default splits them: no lemmas,
no compound parts, no stop words, no synonyms, no classifier. It answers with the best passage from a score
on, which is chosen on the very set that it is measured on: the best that it could be.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import tantivy

from benchmarks.side_by_side.quality import Quality, count_answers, quality_of
from commands.evaluation.data import Labelled
from kalm.articles import Passage

_FIELD = "text"


@dataclass(frozen=True)
class Best:
    """The best passage for a question.

    Attributes:
        passage: its id.
        score: BM25, without a bound.
    """

    passage: str
    score: float


class BareBm25:
    """The index, in memory."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        builder.add_text_field(_FIELD, tokenizer_name="default", index_option="freq")
        index = tantivy.Index(builder.build())
        writer = index.writer(num_threads=1)
        for passage in passages:
            row = tantivy.Document()
            row.add_text("id", passage.id)
            row.add_text(_FIELD, "\n".join((passage.section, passage.text, *passage.questions)))
            writer.add_document(row)
        writer.commit()
        index.reload()
        self._schema = index.schema
        self._searcher = index.searcher()

    def best(self, question: str) -> Best | None:
        """The passage with the highest score; None when it shares no word with the question."""
        words = dict.fromkeys(
            re.findall(r"\w+", question.lower())
        )  # as the engine's default splits and folds
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, _FIELD, word, "freq"))
            for word in words
        ]
        found = self._searcher.search(tantivy.Query.boolean_query(clauses), 1, count=False).hits
        if not found:
            return None
        score, address = found[0]
        return Best(str(self._searcher.doc(address)["id"][0]), float(score))


def best_threshold(messages: Sequence[Labelled], found: Sequence[Best | None]) -> float:
    """The score from which an answer brings most: right answers less wrong ones.

    Args:
        messages: n, labelled.
        found: the best passage for each.
    """
    scores = sorted({one.score for one in found if one is not None})

    def worth(threshold: float) -> int:
        outcomes = count_answers(messages, [_shown(one, threshold) for one in found])
        return outcomes.right - outcomes.wrong

    return max([*scores, float("inf")], key=worth)


def quality_of_bm25(messages: Sequence[Labelled], passages: Sequence[Passage]) -> Quality:
    """Judge it at the threshold that does best on these very messages."""
    index = BareBm25(passages)
    found = [index.best(message.text) for message in messages]
    threshold = best_threshold(messages, found)
    outcomes = count_answers(messages, [_shown(one, threshold) for one in found])
    return quality_of(outcomes, outcomes)


def _shown(best: Best | None, threshold: float) -> tuple[str, ...]:
    return (best.passage,) if best is not None and best.score >= threshold else ()
