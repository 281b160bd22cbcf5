from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalm.safety.files import SafetyError
from kalm.safety.lexicon import Word
from kalm.safety.patterns import MOST_WAYS, read_pattern
from kalm.safety.text import Text, read_text

WORDS = {"been": ["been", "kuit"], "ineens": ["ineens", "in_een_keer"]}


def stands_in(pattern: str, text: str) -> bool:
    return read_pattern(pattern, WORDS).stands_in(read_text(text))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("pijn op borst", "pijn op de borst"),
        ("pijn op borst", "PIJN erg veel op mijn Bórst!!"),
        ("been + dik + rood|warm", "rood is het, mijn been, en dik"),
        ("<been> + dik", "mijn kuit is dik"),
        ("<ineens> + dik", "in een keer dik"),
        ("zelfmoord*", "zelfmoordgedachten"),
        ("*vergiftiging", "magnesiumvergiftiging"),
        ("slikken", "hij slikte ze"),
        ("slikte", "hij slikte ze"),
        ("≥10 pillen", "12 pillen"),
        ("niet meer leven", "ik wil nie meer leven"),
        ("ik heb", "'k heb"),
        ("ademt", "hij ademd"),
        ("lucht", "geen lugt"),
        ("magnesium", "magnesuim"),
        ("been", "pijn...been/arm"),
    ],
)
def test_pattern_stands_in_the_text(pattern: str, text: str) -> None:
    assert stands_in(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("pijn op borst", "op de borst pijn"),
        ("pijn op borst", "pijn in mijn linker been en op de borst"),
        ("pijn op borst", "pijn. Op de borst"),
        ("been + dik + rood", "een dik been"),
        ("been + dik", "been " + "woord " * 20 + "dik"),
        ("been + been", "been"),
        ("slikte", "hij slikt ze"),
        ("=zijn", "hij is er"),
        ("≥10 pillen", "9 pillen"),
        ("borst", "worst"),
    ],
)
def test_pattern_does_not_stand_in_the_text(pattern: str, text: str) -> None:
    assert not stands_in(pattern, text)


@pytest.mark.parametrize("pattern", ["", "been + ", "+", "<onbekend>", "been||dik"])
def test_pattern_that_cannot_be_read_is_named(pattern: str) -> None:
    with pytest.raises(SafetyError):
        read_pattern(pattern, WORDS)


def test_a_text_that_was_read_before_a_pattern_is_still_found() -> None:
    text = Text([Word("kwetsbaarheidje", "kwetsbaarheidje")])
    assert list(read_pattern("kwetsbaarheidje", {}).find(text)) == [((0,),)]


def test_hidden_words_are_not_found() -> None:
    text = read_text("mijn been is dik")
    assert not list(read_pattern("been", WORDS).find(text.without({1})))


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    list(read_pattern("<been> + dik|rood op", WORDS).find(read_text(text)))


def test_of_a_text_that_repeats_itself_only_so_many_ways_are_looked_at() -> None:
    pattern = read_pattern("been + dik + rood", WORDS)
    assert len(list(pattern.find(read_text("been dik rood " * 200)))) == MOST_WAYS
