"""E-mail addresses, one example per way to write them."""

from __future__ import annotations

import pytest

from kalm.privacy import mask


@pytest.mark.parametrize(
    "address",
    [
        "jan.de.vries@voorbeeld.nl",
        "JAN+RLS@VOORBEELD.BE",
        "j_v-2@student.voorbeeld.nl",
        "jan@gmail",
        "jan@gmail,com",
        "jan @ voorbeeld.nl",
        "jan at voorbeeld.nl",
        "jan(at)voorbeeld(punt)nl",
        "jan [at] voorbeeld.nl",
        "jan apenstaartje voorbeeld punt nl",
        "jan apestaart voorbeeld.nl",
        "jan punt vries apenstaartje voorbeeld punt nl",
    ],
)
def test_an_address_is_masked(address: str) -> None:
    assert mask(f"Mail naar {address}, graag") == "Mail naar [e-mailadres], graag"


def test_marks_around_an_address_stay() -> None:
    assert mask("(mailto:jan@voorbeeld.nl).") == "(mailto:[e-mailadres])."
    assert mask("'jan@voorbeeld.nl'") == "'[e-mailadres]'"
    assert mask("jan@voorbeeld.nl,dank") == "[e-mailadres],dank"


@pytest.mark.parametrize(
    "text",
    [
        "ik volg @zechsal op instagram",
        "volg ons op @zechsal.nl",
        "2 flessen @ 19,95",
        "ik at pannenkoeken. Nu pijn",
        "ik at thuis.nl stond open",
        "kijk op www.zechsal.nl/info",
        "een apenstaartje, wat is dat",
        "@",
    ],
)
def test_what_is_no_address_stays(text: str) -> None:
    assert mask(text) == text
