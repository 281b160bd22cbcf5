"""Phrases that introduce somebody, and closings; one example each, and what resembles it."""

from __future__ import annotations

import pytest

from kalm.privacy import mask


@pytest.mark.parametrize(
    "text",
    [
        "ik heet {}",
        "ik heeet nu {} en ik slaap slecht",
        "wij heten {}",
        "sinds toen heet ik {}",
        "mijn naam is {}.",
        "mn naa is {}",
        "Mijn achternaam: {}",
        "Naam: {}",
        "naam {}",
        "u spreekt met {}",
        "je praat met mevrouw {}",
        "Noem mij maar {}",
        "haar naam is {}",
        "mijn man heet {} en slaapt goed",
        "de bestelling staat op naam van {}",
        "t.n.v. {}",
        "namens {}",
        "Ik ben {}, 64 jaar",
        "Dit is {}",
        "mijn dochter {} heeft het ook",
        "Met {}, ik heb een vraag",
        "Aangenaam, {}",
        "hier {} weer",
        "Hallo, hier is {}",
        "{} is mijn naam",
        "{} hier, een vraagje",
        "mevrouw {} belde",
    ],
)
def test_a_name_behind_words_that_introduce_it_is_masked(text: str) -> None:
    assert mask(text.format("Jolien")) == text.format("[naam]")


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
        "Waar blijft het?\n{}",
    ],
)
def test_a_name_in_a_closing_is_masked(text: str) -> None:
    assert mask(text.replace("{}", "Jolien")) == text.replace("{}", "[naam]")


@pytest.mark.parametrize(
    "text",
    [
        "ik heet iedereen welkom",
        "Ik heet Jolien welkom",
        "het product heet Zechsal Gel",
        "ik het magnesium geslikt",
        "mijn naam is niet belangrijk",
        "mijn naam is verkeerd gespeld",
        "u spreekt met een boze klant",
        "ik ben moe",
        "Ik Ben Erg Moe",
        "Ik ben Sifrol aan het afbouwen",
        "Ik ben Nieuw Hier",
        "ik ben Vlaming",
        "hier Zechsal kopen",
        "Hier in Assen is het koud",
        "Met magnesium gaat het beter",
        "aangenaam spul",
        "op naam van mijn man",
        "Mevrouw, een vraag",
        "volgens Karl Ekbom",
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
    ],
)
def test_what_resembles_it_stays(text: str) -> None:
    assert mask(text) == text
