"""Closings of a message, one example each, and what resembles them."""

from __future__ import annotations

import pytest

from kalm.privacy import mask


@pytest.mark.parametrize(
    "text",
    [
        "Groetjes {}",
        "groetjes, {}",
        "Groetjes van {}",
        "Groetjes van ons, {} en {}",
        "Groetjes uit Gent, {}",
        "Met vriendelijke groet,\n\n{}",
        "met vr. gr. {}",
        "mvg {}",
        "M.v.g. {}",
        "gr. {}",
        "ok gr {}",
        "Liefs, {} 😘",
        "xxx {}",
        "Hoogachtend, mr. {}",
        "Alvast bedankt, {}",
        "bedankt {}",
        "Fijne avond nog, {}",
        "Waar blijft het?\n{}",
        "Waar blijft het? {}",
    ],
)
def test_a_name_in_a_closing_is_masked(text: str) -> None:
    assert mask(text.replace("{}", "Jolien")) == text.replace("{}", "[naam]")


def test_a_whole_name_at_the_beginning_of_a_line_is_masked() -> None:
    assert mask("Jan de Vries, Kerkstraat 5, 9711 AB") == "[naam], [adres]"
    assert mask("Waarheen?\nJan de Vries\nKerkstraat 5") == "Waarheen?\n[naam]\n[adres]"


@pytest.mark.parametrize(
    "text",
    [
        "groetjes",
        "groetjes terug!",
        "Groetjes. Kan iemand helpen?",
        "Groetjes van een blije klant",
        "Groeten uit Groningen",
        "Met vriendelijke groet, het team",
        "5 gr Zout per liter",
        "liefs en tot morgen",
        "Bedankt! Top",
        "dank je wel",
        "Groetjes! Ben dyslectisch",
        "Ben dialysepatient, drie keer per week",
        "Sanne slaapt slecht, wat nu",
        "Karl Ekbom, wie was dat",
        "Ik slaap slecht. Moe.",
        "Top! Zechsal",
        "welke dosis? max",
    ],
)
def test_what_resembles_it_stays(text: str) -> None:
    assert mask(text) == text
