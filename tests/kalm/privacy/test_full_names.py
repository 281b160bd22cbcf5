from __future__ import annotations

import pytest

from kalm.privacy.masking import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("wis alles van Truus Oosterwijk", "wis alles van [naam]"),
        ("Vergeet mij, Truus Oosterwijk, aub", "Vergeet mij, [naam], aub"),
        ("ik sprak met Jan de Boer over magnesium", "ik sprak met [naam] over magnesium"),
        ("Truus Oosterwijk, Kerkstraat 14", "[naam], [adres]"),
        ("vergeet mij, jan de vries", "vergeet mij, [naam]"),
    ],
)
def test_a_first_name_with_a_surname_is_masked_wherever_it_stands(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "De ziekte van Willis Ekbom",
        "Is dat van Thomas Willis of Karl Ekbom?",
        "Ik las Mark Buchfuhrer over rls",
        "Wim Hof ademhaling helpt dat?",
        "Max Havelaar koffie",
        "Helpt Magnesium Citraat",
        "vergeet mij alsjeblieft",
        "verwijder alles alstublieft, ik ben klaar",
        "WAT IS RUST ROOS",
        "bij Albert Heijn gekocht",
        "Jacob Hooy magnesium",
        "Helpt Rosa Rugosa",
        "Sint Franciscus Gasthuis",
    ],
)
def test_what_is_named_after_somebody_is_left(text: str) -> None:
    assert mask(text) == text
