"""Words that introduce somebody, one example each, and what resembles them."""

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
        "'k heet {}",
        "ik noem {}",
        "mijn naam {}",
        "spreekt met {}",
        "Het is {} weer",
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
        "ik heet iedereen welkom",
        "Ik heet Jolien welkom",
        "het product heet Zechsal Gel",
        "ik het magnesium geslikt",
        "ik noem het zeurpijn",
        "Het is Magnesium",
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
    ],
)
def test_what_resembles_it_stays(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mevrouw janssens hier", "mevrouw [naam] hier"),
        ("mevrouw slaapt slecht", "mevrouw slaapt slecht"),
        ("meneer heeft gebeld", "meneer heeft gebeld"),
    ],
)
def test_behind_a_title_a_name_needs_no_capital_when_it_is_no_word(text: str, masked: str) -> None:
    assert mask(text) == masked
