from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker

from actions.tracker import text_before, text_of, understanding_of


def test_understanding_leaves_the_fallback_and_nameless_guesses_out() -> None:
    ranking = [
        {"name": "nlu_fallback", "confidence": 0.7},
        {"name": "ask_rls", "confidence": 0.2},
        {"name": None, "confidence": 0.1},
    ]
    tracker = Tracker("x", {}, {"intent_ranking": ranking}, [], False, None, {}, None)
    assert understanding_of(tracker).ranking == {"ask_rls": 0.2}


@pytest.mark.parametrize("message", [{}, {"text": None}, {"text": ""}])
def test_message_without_text_is_empty(message: dict[str, Any]) -> None:
    assert text_of(Tracker("x", {}, message, [], False, None, {}, None)) == ""


def test_what_was_masked_is_no_part_of_the_question() -> None:
    message = {"text": "ik heet [naam], bel [telefoonnummer]: helpt magnesium [soms]?"}
    assert text_of(Tracker("x", {}, message, [], False, None, {}, None)) == (
        "ik heet , bel : helpt magnesium [soms]?"
    )


def typed(*messages: tuple[str, float]) -> Tracker:
    events = [{"event": "user", "text": text, "timestamp": at} for text, at in messages]
    return Tracker("x", {}, {}, events, False, None, {}, None)


@pytest.mark.parametrize(
    ("messages", "before"),
    [
        ((), ""),
        ((("borst", 100.0),), ""),
        ((("ik heb pijn", 100.0), ("op mijn borst", 110.0)), "ik heb pijn"),
        ((("ik heb pijn", 100.0), ("op mijn borst", 10_000.0)), ""),
        ((("pijn", 100.0), ("op mijn", 105.0), ("borst", 110.0)), "pijn op mijn"),
        ((("ik slaap slecht", 100.0), ("pijn", 105.0), ("borst", 110.0)), "pijn"),
        ((("pijn", 100.0), ("op mijn", 9_995.0), ("borst", 10_000.0)), "op mijn"),
    ],
)
def test_a_word_or_two_is_read_with_the_message_before_it(
    messages: tuple[tuple[str, float], ...], before: str
) -> None:
    assert text_before(typed(*messages)) == before
