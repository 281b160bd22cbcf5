from __future__ import annotations

from typing import Any

import pytest

from benchmarks.side_by_side.parsing import gist
from benchmarks.side_by_side.quality import (
    count_answers,
    of_folds,
    quality_of,
    quality_of_stock,
    shown_by_stock,
)
from commands.evaluation.data import Labelled

MESSAGES = [
    Labelled("wat is rls", "ask_rls", ("a#wat",)),
    Labelled("helpt het", "ask_treatment", ("a#helpt", "b#helpt")),
    Labelled("wat kost het", "ask_product", ()),
    Labelled("wat wordt het weer", "out_of_scope", ()),
    Labelled("hoi", "greet", ()),
]


def parse(intent: str, response: str | None = None, likeliest: str = "") -> dict[str, Any]:
    return {"intent": intent, "likeliest": likeliest or intent, "response": response}


def test_answers_are_counted_as_kalms_own_evaluation_counts_them() -> None:
    outcomes = count_answers(MESSAGES, [("a#wat",), ("a#wat",), (), ("a#wat",), ()])
    assert (outcomes.right, outcomes.answerable) == (1, 2)
    assert (outcomes.refused, outcomes.unanswerable) == (1, 2)
    assert (outcomes.wrong, outcomes.total) == (2, 5)


def test_small_talk_that_is_answered_with_a_passage_is_wrong() -> None:
    assert count_answers(MESSAGES[4:], [("a#wat",)]).wrong == 1


def test_the_stock_bot_shows_the_passage_of_its_likeliest_response() -> None:
    assert shown_by_stock(parse("faq", "faq/a--wat")) == ("a#wat",)
    assert shown_by_stock(parse("faq", "faq/niets")) == ()
    assert shown_by_stock(parse("nlu_fallback", "faq/a--wat")) == ()
    assert shown_by_stock(parse("greet", "faq/a--wat")) == ()


def test_who_shows_two_passages_is_also_judged_by_the_first_alone() -> None:
    shown = [("b#helpt", "a#wat"), ("b#helpt",), (), (), ()]
    both, first = (count_answers(MESSAGES, one) for one in (shown, [one[:1] for one in shown]))
    quality = quality_of(both, first)
    assert (quality.right, quality.wrong) == (1.0, 0.0)
    assert (quality.right_at_first, quality.wrong_at_first) == (0.5, 0.2)


def test_of_cross_validation_all_folds_are_judged_and_the_first_alone() -> None:
    folds = [(["a", "b"], ["a", "b"]), (["a", "b"], ["b", "b"])]
    found = of_folds(folds)
    assert (found["accuracy_across"], found["accuracy_of_first_fold"]) == (0.75, 1.0)
    assert found["macro_f1_across"] < found["macro_f1_of_first_fold"] == 1.0


def test_quality_of_the_stock_bot_counts_the_intents_about_knowledge_as_one() -> None:
    parses = [
        parse("faq", "faq/a--wat"),
        parse("faq", "faq/b--helpt"),
        parse("faq", "faq/niets"),
        parse("nlu_fallback", "faq/a--wat", likeliest="out_of_scope"),
        parse("thank", "faq/a--wat"),
    ]
    quality = quality_of_stock(MESSAGES, parses)
    assert (quality.right, quality.wrong, quality.refused) == (1.0, 0.0, 1.0)
    assert quality.accuracy == pytest.approx(4 / 5)
    assert quality.accuracy_of_all is None
    assert (quality.right_at_first, quality.wrong_at_first) == (quality.right, quality.wrong)


def test_what_rasa_says_of_a_message_is_cut_down_to_what_counts() -> None:
    parsed = {
        "intent": {"name": "nlu_fallback", "confidence": 0.7},
        "intent_ranking": [
            {"name": "nlu_fallback", "confidence": 0.7},
            {"name": "faq", "confidence": 0.29},
            {"name": "greet", "confidence": 0.1},
        ],
        "response_selector": {"default": {"response": {"intent_response_key": "faq/niets"}}},
    }
    assert gist(parsed) == {"intent": "nlu_fallback", "likeliest": "faq", "response": "faq/niets"}
    without = {"intent": {"name": "greet"}, "intent_ranking": []}
    assert gist(without) == {"intent": "greet", "likeliest": "greet", "response": None}
