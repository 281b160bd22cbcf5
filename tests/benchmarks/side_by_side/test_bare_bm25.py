from __future__ import annotations

from benchmarks.side_by_side.bare_bm25 import BareBm25, Best, best_threshold, quality_of_bm25
from commands.evaluation.data import Labelled
from kalm.articles import Passage

MESSAGES = [
    Labelled("een", "ask_rls", ("a#1",)),
    Labelled("twee", "ask_rls", ("a#2",)),
    Labelled("drie", "ask_rls", ()),
    Labelled("hoi", "greet", ()),
]


def test_words_that_a_passage_has_find_it_and_other_forms_do_not(passages: tuple[Passage, ...]) -> None:
    index = BareBm25(passages)
    found = index.best("Wat zijn BADKRISTALLEN?")
    assert found is not None
    assert found.passage == "voetenbad#kristallen"
    assert found.score > 0
    assert index.best("badkristal") is None, "no lemma is made of it"
    assert index.best("?!") is None


def test_no_sign_of_a_visitor_breaks_the_query(passages: tuple[Passage, ...]) -> None:
    found = BareBm25(passages).best("'s nachts: (benen) \"AND -")
    assert found is not None


def test_the_threshold_wins_most_right_answers_less_wrong_ones() -> None:
    found = [Best("a#1", 9.0), Best("a#2", 5.0), Best("a#1", 4.0), Best("a#2", 1.0)]
    assert best_threshold(MESSAGES, found) == 5.0


def test_where_every_answer_is_wrong_none_is_given() -> None:
    found = [Best("b#1", 9.0), Best("b#1", 5.0), None, None]
    assert best_threshold(MESSAGES, found) == float("inf")


def test_quality_at_the_best_threshold(passages: tuple[Passage, ...]) -> None:
    messages = [
        Labelled("wat zijn badkristallen", "ask_product", ("voetenbad#kristallen",)),
        Labelled("zijn rusteloze benen erfelijk", "ask_rls", ("onrust#erfelijk",)),
        Labelled("wie won de wedstrijd", "out_of_scope", ()),
    ]
    quality = quality_of_bm25(messages, passages)
    assert (quality.right, quality.wrong, quality.refused) == (1.0, 0.0, 1.0)
    assert quality.accuracy is None
