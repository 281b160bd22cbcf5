"""Addresses, one example per way to write them."""

from __future__ import annotations

import pytest

from kalm.privacy import mask


@pytest.mark.parametrize(
    "address",
    [
        "9711 AB 12",
        "9711ab12",
        "9711 AB-12",
        "9711 AB, huisnummer 12",
        "9711 AB en mijn huisnummer is 12",
        "9711 AB\nHuisnummer: 12",
        "9711 AB 12-b",
        "9711 AB hnr 12",
        "9711 AB 12 hs",
        "9711 AB 210-3",
        "huisnummer 12, postcode 9711 AB",
        "Kerkstraat 5, 9711 AB",
        "Kerkstraat 5\n9711 AB",
        "Kerkstraat 5 te 9711 AB",
        "Kerkstraat 5 a, 9711 AB",
        "kerkstraat 5 groningen 9711ab",
        "Kerkstraat 5, Groningen 9711 AB",
        "9711 AB Groningen, Kerkstraat 5",
        "Buorren 27, 8408 HJ",
        "Kerkstraat 5",
        "kerkstraat 5a",
        "Kerkstr. 5",
        "Kerkstraat nr. 5",
        "Beukenhof 31",
        "Veldstraat 12 bus 3, 9000 Gent",
        "Meir 12, 2000 Antwerpen",
        "veldstraat 12 9000 gent",
    ],
)
def test_an_address_is_masked(address: str) -> None:
    assert mask(f"Stuur naar {address}.") == "Stuur naar [adres]."


def test_the_town_of_a_dutch_address_stays() -> None:
    assert mask("Kerkstraat 5, 9711 AB Groningen") == "[adres] Groningen"
    assert mask("Kerkstraat 5 in Groningen") == "[adres] in Groningen"


def test_behind_the_word_postcode_or_a_street_letters_may_be_a_unit() -> None:
    assert mask("postcode 3512 MG 12") == "postcode [adres]"
    assert mask("Kerkstraat 5, 3512 mg") == "[adres]"


@pytest.mark.parametrize(
    "text",
    [
        "mijn postcode is 9711 AB",
        "9000 Gent, 2 dagen",
        "leveren jullie in 9711 AB? 2 flessen",
        "9711 AB 2 flessen",
        "1500 mg 3 keer",
        "3000 IE 2",
        "in 2024 en 2025 3 keer",
        "sinds 2011 op 3 pillen",
        "1234 SS 12",
        "AB-123-C",
        "artikelnummer 9711AB12",
        "straat 12 uur dicht",
        "onderweg 3 keer gestopt",
        "een blokkade 3",
        "hoofdstuk 5, 1944 Ekbom",
        "de Kerkstraat is dicht",
        "Dorpsstraat 12 uur dicht",
    ],
)
def test_what_is_no_address_stays(text: str) -> None:
    assert mask(text) == text
