"""The word lists, and what is asked of them."""

from __future__ import annotations

import pytest

from kalm.language import normalise
from kalm.privacy.words import (
    is_first_name,
    is_known,
    is_shouted,
    is_stop_word,
    is_surname,
    listed,
    may_be_name,
)

LISTS = ("first_names", "surnames", "stop_words", "never_names", "streets_begin", "streets_never")


@pytest.mark.parametrize("name", LISTS)
def test_a_list_holds_words_as_they_are_looked_up(name: str) -> None:
    assert listed(name)
    assert [word for word in listed(name) if word != normalise(word)] == []


def test_surnames_list_only_words_that_the_dictionary_has() -> None:
    assert [word for word in listed("surnames") if not is_known(word)] == []


def test_first_names_hold_no_words_that_are_in_no_name() -> None:
    assert listed("first_names") & listed("never_names") == set()


def test_names_are_known_with_accents_capitals_and_a_second_part() -> None:
    assert is_first_name("Zoë")
    assert is_first_name("JAN-WILLEM")
    assert not is_first_name("wil")
    assert is_surname("Bakker")


def test_some_words_are_in_no_name() -> None:
    assert is_stop_word("Geen")
    assert not may_be_name("Zechsal")
    assert may_be_name("Froukje")


def test_capitals_say_nothing_where_all_is_in_capitals() -> None:
    assert is_shouted("MIJN NAAM IS JAN", 14)
    assert not is_shouted("Mijn naam is Jan", 14)
    assert not is_shouted("RLS", 0), "an abbreviation is no shouting"
