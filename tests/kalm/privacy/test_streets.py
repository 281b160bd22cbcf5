"""House numbers, and where the name of a street starts."""

from __future__ import annotations

import re

import pytest

from kalm.privacy import mask
from kalm.privacy.streets import HOUSE_NUMBER, ends_in_street, street_start


@pytest.mark.parametrize(
    "number",
    ["5", "12345", "23a", "12-b", "3-II", "210-3", "88 bis", "140 hs", "83H", "12 A", "104/0201", "8 bus 3"],
)
def test_a_house_number(number: str) -> None:
    match = re.match(HOUSE_NUMBER, number)
    assert match is not None
    assert match.group() == number


@pytest.mark.parametrize(
    "number", ["0", "2x", "12 uur", "5,50", "12:30", "12-10-2024", "400 mg", "3 keer", "123456"]
)
def test_no_house_number(number: str) -> None:
    assert re.match(HOUSE_NUMBER, number) is None


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("Ik woon in de Kapellestraat ", "Kapellestraat"),
        ("naar Prins Bernhardlaan ", "Prins Bernhardlaan"),
        ("op Burgemeester van Royenstraat ", "Burgemeester van Royenstraat"),
        ("adres: van Goghstraat ", "van Goghstraat"),
        ("adreswijziging: van Eikenlaan 6 naar ", None),
        ("mijn adres is de wieken ", "de wieken"),
        ("we wonen Achter de Hoven ", "Achter de Hoven"),
        ("woon op 't Zand ", "'t Zand"),
        ("Stuur Kerkstraat ", "Kerkstraat"),
        ("KAN HET NAAR STATIONSPLEIN ", "STATIONSPLEIN"),
        ("1e Helmersstraat ", "1e Helmersstraat"),
        ("ik woon op ", None),
        ("", None),
    ],
)
def test_where_a_street_starts(text: str, street: str | None) -> None:
    start = street_start(text, len(text))
    assert (None if start is None else text[start:].strip()) == street


def test_moving_from_one_street_to_another_leaves_the_word_van() -> None:
    assert mask("van Eikenlaan 6 naar Beukenhof 31") == "van [adres] naar [adres]"


@pytest.mark.parametrize(
    "text", ["Kerkstraat", "hoofdweg", "Oude Gracht", "Laan van Meerdervoort", "Tiensevest"]
)
def test_built_like_a_street(text: str) -> None:
    assert ends_in_street(f"op {text} ", len(f"op {text} "))


@pytest.mark.parametrize(
    "text", ["onderweg", "straat", "allerlei", "tiensevest", "blokkade", "overslaan", "ja"]
)
def test_not_built_like_a_street(text: str) -> None:
    assert not ends_in_street(f"op {text} ", len(f"op {text} "))
