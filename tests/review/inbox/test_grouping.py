from __future__ import annotations

import pytest

from review.inbox.grouping import group_key
from review.inbox.vocabulary import new_words


def same(one: str, other: str) -> bool:
    return group_key(one, False) == group_key(other, False)


@pytest.mark.parametrize(
    "other",
    [
        "wat is rls",
        "Wat is RLS?!",
        "wat is rls nou precies",
        "hoi, wat is RLS",
        "Wat zijn rusteloze benen eigenlijk?",
    ],
)
def test_the_same_question_in_nearly_the_same_words_shares_a_group(other: str) -> None:
    assert same("Wat is RLS?", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("wat is rls", "wat is pms"),
        ("helpt magnesium", "helpt magnesium niet"),
        ("mag 250 mg magnesium", "mag 300 mg magnesium"),
        ("waarom magnesium", "wanneer magnesium"),
        ("magnesium voor het slapen", "magnesium na het slapen"),
        ("mag ik magnesium slikken", "mag je magnesium slikken"),
        ("ja", "nee"),
        ("ja graag", "nee graag"),
        ("😂", "😭"),
        ("?", "!"),
        ("", "hoi"),
        ("minder magnesium", "meer magnesium"),
    ],
)
def test_what_is_another_question_has_another_group(one: str, other: str) -> None:
    assert not same(one, other)


def test_what_was_masked_is_no_part_of_the_question() -> None:
    assert same("[naam] wat is rls", "wat is rls")


def test_a_danger_stands_with_no_other_message() -> None:
    assert group_key("ik wil niet meer", True) != group_key("ik wil niet meer", False)


def test_a_long_text_without_spaces_has_a_group() -> None:
    assert len(group_key("a" * 1_000_000, False)) == 32


def test_only_words_that_nobody_wrote_are_new() -> None:
    assert new_words("helpt zwoefelkristal bij rusteloze benen, of ropinirol? abc [naam]") == [
        "zwoefelkristal"
    ]
