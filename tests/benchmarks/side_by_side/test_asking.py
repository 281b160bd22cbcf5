from __future__ import annotations

from typing import Any

import pytest

from benchmarks.side_by_side.asking import fault_of, is_by_action


@pytest.mark.parametrize(
    ("status", "replies", "headers", "fault"),
    [
        (200, [{"recipient_id": "a", "text": "Goed."}], [], None),
        (200, [{"recipient_id": "a", "custom": {"kind": "answer"}}], [], None),
        (500, [{"text": "Goed."}], [], "status 500"),
        (200, [], [], "no reply"),
        (200, {"error": "no"}, [], "no reply"),
        (200, [{"recipient_id": "a"}], [], "an empty reply"),
        (200, [{"text": "Sorry.", "custom": {"kind": "failure"}}], [], "an apology"),
        (200, [{"text": "Later.", "custom": {"kind": "no_answer"}}], ["Retry-After"], "asked too often"),
    ],
)
def test_what_counts_as_an_answer(status: int, replies: Any, headers: list[str], fault: str | None) -> None:
    assert fault_of(status, replies, headers) == fault


def test_an_answer_of_a_custom_action_is_told_from_a_fixed_sentence() -> None:
    assert is_by_action([{"text": "Zo zit het. Dit is geen medisch advies."}])
    assert is_by_action([{"text": "Zo zit het.", "custom": {"kind": "answer"}}])
    assert not is_by_action([{"text": "Goed (greet)."}])
