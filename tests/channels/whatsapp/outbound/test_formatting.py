from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.whatsapp.outbound.formatting import bold, italic, plain, with_bold

JOINER = "\u2060"
SIGNS = str.maketrans("∗ˍ∼’", "*_~`")
ADDRESSES = (
    "https://example.org/a_b_c/*x*?q=~1#-_-",
    "http://localhost:8000/artikelen/te-weinig#hoe_vaak",
    "www.winkel.nl/over_ons",
    "winkel.nl/over_ons",
    "mijn_naam_hier@winkel.nl",
)


@given(text=st.text(alphabet="ab1 .>-*_~`\n", max_size=60))
def test_nothing_turns_into_formatting_and_a_reader_sees_the_same(text: str) -> None:
    shown = plain(text)
    assert not set("*_~`") & set(shown)
    assert not re.search(r"^[ \t]*(?:>|- |\d+\. )", shown, re.MULTILINE)
    assert shown.replace(JOINER, "").translate(SIGNS) == text


@pytest.mark.parametrize(
    "text",
    [
        "Twee *sterren*, één_streep_jes en ~golven~.",
        "> aangehaald",
        "1. eerst",
        "2024. Een jaar",
        "``code``",
    ],
)
def test_a_text_with_formatting_of_whatsapp_is_not_sent_as_it_is(text: str) -> None:
    assert plain(text) != text


@pytest.mark.parametrize("text", ["Van 5-10 mg, à 3.5 % (‘ja’).", "3.5 mg per dag", "-5 graden"])
def test_an_ordinary_text_is_sent_as_it_is(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_stays_as_it_is(address: str) -> None:
    assert plain(f"*Lees* {address} of _bel_.") == f"∗Lees∗ {address} of ˍbelˍ."
    assert plain(address) == address


def test_only_a_text_with_lists_keeps_them() -> None:
    assert plain("Eet:\n- *noten*\n> niets", has_lists=True) == f"Eet:\n- ∗noten∗\n{JOINER}> niets"
    assert plain("- noten") == f"{JOINER}- noten"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zo’n kop", "*Zo’n kop*"),
        (" a\n b ", "*a b*"),
        ("5 * 3", "*5 ∗ 3*"),
        ("*", "*∗*"),
        ("Zie https://example.org/*", "Zie https://example.org/*"),
        ("", ""),
    ],
)
def test_bold_is_one_line_between_two_signs(text: str, expected: str) -> None:
    assert bold(text) == expected


def test_italics_give_way_to_an_address_that_holds_their_sign() -> None:
    assert italic("Geen _advies_.") == "_Geen ˍadviesˍ._"
    assert italic("Zie https://example.org/a_b.") == "Zie https://example.org/a_b."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bel 113 of 0800-0113, via 113.nl.", "Bel *113* of *0800-0113*, via 113.nl."),
        ("113", "*113*"),
        ("Bel 112. Nu 112!", "Bel *112*. Nu *112*!"),
        ("1120 of 2112 of 112e of 0112", "1120 of 2112 of 112e of 0112"),
        ("https://www.113.nl/113 www.113.nl 113/112", "https://www.113.nl/113 www.113.nl 113/112"),
        ("Bel 070 245 245.", "Bel *070 245 245*."),
        ("(112) ‘112’ 112-centrale", "(112) ‘112’ 112-centrale"),
    ],
)
def test_only_a_number_that_stands_by_itself_is_bold(text: str, expected: str) -> None:
    assert with_bold(text, ("112", "113", "0800-0113", "070 245 245")) == expected


def test_without_numbers_nothing_is_bold() -> None:
    assert with_bold("Bel 112.", ()) == "Bel 112."
