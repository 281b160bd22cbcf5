"""Which sentences are nearly the same."""

from __future__ import annotations

import numpy as np
import pytest

from commands import likeness
from commands.likeness import BY_LETTERS, BY_MEANING, by_letters, by_meaning

TEXTS = ["ik word gek van mijn benen", "ik word gek van mijn been", "benen mijn van gek word ik", "tot ziens"]


def test_by_letters_words_may_stand_in_any_order() -> None:
    found = [(pair.one, pair.other) for pair in by_letters(TEXTS, ["a", "b", "a", "a"])]
    assert found == [(0, 1), (0, 2), (1, 2)]


def test_under_one_intent_sentences_have_to_be_more_alike() -> None:
    texts = ["helpt magnesium bij kramp", "helpt magnesium bij krampjes nu"]
    (pair,) = by_letters(texts, ["a", "b"])
    assert BY_LETTERS.across <= pair.likeness < BY_LETTERS.within
    assert list(by_letters(texts, ["a", "a"])) == []


def test_by_meaning_each_pair_comes_once_in_whatever_block(monkeypatch: pytest.MonkeyPatch) -> None:
    close = (BY_MEANING.across + BY_MEANING.within) / 2
    vectors = np.array([[1, 0], [close, np.sqrt(1 - close**2)], [0, -1], [1, 0]], dtype=np.float32)
    for rows in (1, 2, 500):
        monkeypatch.setattr(likeness, "_ROWS", rows)
        found = list(by_meaning(vectors, ["a", "b", "a", "a"]))
        assert [(pair.one, pair.other) for pair in found] == [(0, 1), (0, 3), (1, 3)]
        assert found[1].likeness == 1.0
    assert [(pair.one, pair.other) for pair in by_meaning(vectors, ["a"] * 4)] == [(0, 3)]


def test_none_and_one_are_alike_with_nobody() -> None:
    assert list(by_letters([], [])) == []
    assert list(by_letters(["hoi"], ["greet"])) == []
    assert list(by_meaning(np.zeros((0, 4), dtype=np.float32), [])) == []
