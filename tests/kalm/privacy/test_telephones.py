"""Telephone numbers, one example per way to write them."""

from __future__ import annotations

import pytest

from kalm.privacy import mask


@pytest.mark.parametrize(
    "number",
    [
        "0612345678",
        "06-12345678",
        "06 12 34 56 78",
        "06.12.34.56.78",
        "06 - 12 34 56 78",
        "06‑12345678",
        "0612 345 678",
        "+31612345678",
        "+31 (0)6 1234 5678",
        "+316-12345678",
        "0031 6 12 34 56 78",
        "31612345678",
        "020-1234567",
        "(0592) 37 41 85",
        "0511 - 46 28 13",
        "085-1234567",
        "0478 31 62 95",
        "0478/31.62.95",
        "09 237 41 86",
        "+32(0)478 31 62 95",
        "+49 151 23456789",
        "0151 23456789",
        "+33 6 12 34 56 78",
        "0667123456",
    ],
)
def test_a_number_is_masked(number: str) -> None:
    assert mask(f"bel me op {number}, graag") == "bel me op [telefoonnummer], graag"


def test_numbers_in_a_row_are_masked_one_by_one() -> None:
    assert mask("0612345678 / 020-1234567") == "[telefoonnummer] / [telefoonnummer]"
    assert mask("06 12345678 0687654321") == "[telefoonnummer] [telefoonnummer]"


def test_digits_behind_a_number_stay() -> None:
    assert mask("bel 09 237 41 86 2 keer") == "bel [telefoonnummer] 2 keer"
    assert mask("bel 06-12345678 op 12-10-2024") == "bel [telefoonnummer] op 12-10-2024"
    assert mask("tel0612345678") == "tel[telefoonnummer]"


@pytest.mark.parametrize(
    "text",
    [
        "bel 112",
        "113 of 0800-0113",
        "In Vlaanderen 1813",
        "14 050",
        "0900-8844",
        "088 0767 000",
        "+31 88 0767 000",
        "070 245 245",
        "+32 70 245 245",
        "op 06-12-2024 14 uur",
        "06.30 07.30 08.30",
        "2024-0612345678",
        "#0612345678",
        "ordernummer 0612345678",
        "ZB0612345678",
        "06 werkt niet",
        "0000418820193375",
        "+5 kilo",
    ],
)
def test_services_dates_and_codes_stay(text: str) -> None:
    assert mask(text) == text
