"""Cross-validation of the intents."""

from __future__ import annotations

import pytest

from commands.evaluation.intents import FOLDS, left_out

TEXTS = [f"{word} {number}" for word in ("hallo", "tabletten", "benen") for number in range(2 * FOLDS)]
INTENTS = [text.split()[0] for text in TEXTS]


def test_two_folds_at_a_time_say_the_same_of_each_sentence_as_one() -> None:
    alone, together = (list(left_out(TEXTS, INTENTS, None, at_once)) for at_once in (1, 2))
    assert sorted(one.index for fold in alone for one in fold) == list(range(len(TEXTS)))
    for fold, same in zip(alone, together, strict=True):
        assert [(one.index, one.likeliest[0]) for one in fold] == [
            (one.index, one.likeliest[0]) for one in same
        ]
        assert [one.likeliest[1] for one in fold] == pytest.approx(
            [one.likeliest[1] for one in same], abs=1e-4
        )
