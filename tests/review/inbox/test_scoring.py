from __future__ import annotations

from dataclasses import replace

import pytest

from review.inbox.scoring import REASONS, Said, reasons_of, score_of

PLAIN = Said("wat is rls", 100.0, "ask_rls", 0.9, "answer", (0.9, 0.05))


def test_an_answer_that_nobody_minds_teaches_nothing() -> None:
    assert reasons_of(PLAIN, None) == []
    assert score_of([]) == 0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"intent": "nlu_fallback"}, "not_understood"),
        ({"intent": ""}, "not_understood"),
        ({"confidence": 0.59}, "low_confidence"),
        ({"ranking": (0.5, 0.4)}, "small_margin"),
        ({"kind": "no_answer"}, "no_answer"),
        ({"kind": "out_of_scope"}, "refused"),
        ({"kind": "clarify"}, "refused"),
        ({"kind": "failure"}, "failure"),
        ({"kind": "nothing"}, "failure"),
        ({"helped": False}, "thumbs_down"),
        ({"text": "helpt zwoefelkristal"}, "new_words"),
        ({"intent": "report_crisis"}, "danger"),
        ({"kind": "emergency"}, "danger"),
    ],
)
def test_each_reason_is_seen_in_the_message_itself(change: dict[str, object], reason: str) -> None:
    assert reasons_of(replace(PLAIN, **change), None) == [reason]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("following", "reason"),
    [
        (replace(PLAIN, at=110, text="nee", intent="reject_answer"), ["rejected"]),
        (
            replace(PLAIN, at=110, text="mag ik iemand spreken", intent="ask_human", kind="handoff"),
            ["handed_over"],
        ),
        (replace(PLAIN, at=110, text="rls wat houdt het in dan"), ["asked_again"]),
        (replace(PLAIN, at=1000, text="rls wat houdt het in dan"), []),
        (replace(PLAIN, at=110, text="helpt een voetenbad"), []),
        (replace(PLAIN, at=110, text="vertel meer over rls", intent="ask_more"), []),
        (replace(PLAIN, at=110, text="bedankt", intent="thank"), []),
    ],
)
def test_what_the_visitor_says_next_counts(following: Said, reason: list[str]) -> None:
    assert reasons_of(PLAIN, following) == reason


def test_a_danger_weighs_more_than_any_other_reason_and_unknown_ones_nothing() -> None:
    assert all(
        REASONS["danger"].weight > reason.weight for name, reason in REASONS.items() if name != "danger"
    )
    assert score_of(["danger", "of_before"]) == REASONS["danger"].weight
