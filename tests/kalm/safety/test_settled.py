from __future__ import annotations

import pytest

from kalm.safety import says_it_is_settled


@pytest.mark.parametrize(
    "text",
    [
        *("het is opgelost", "Het gaat weer.", "ja hoor het gaat weer goed", "vals alarm", "het is voorbij"),
        *("de dokter is geweest en het was niks", "het was een grapje", "ik bedoelde het niet zo"),
        *("ben bij de huisarts geweest", "'t gaat al beter", "alles is weer ok", "de pijn is weg"),
    ],
)
def test_over_is_over(text: str) -> None:
    assert says_it_is_settled(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "het is niet over",
            "het gaat niet goed",
            "het is nog niet opgelost",
            "het wordt erger",
            "nee",
            "ja",
            "",
        ),
        *("gaat het vanzelf over?", "is het niet ernstig?", "wanneer is het over", "kan dat weer goed komen"),
        *("112 is gebeld en ik heb nog pijn op de borst", "wat is rls", "waar gaat het over", "niks helpt"),
        "het is weer goed maar ik wil dood",
    ],
)
def test_anything_else_is_not_over(text: str) -> None:
    assert not says_it_is_settled(text)
