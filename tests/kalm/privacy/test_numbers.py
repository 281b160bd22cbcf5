"""Numbers with check digits; the digits here are made up and only add up."""

from __future__ import annotations

import pytest

from kalm.privacy import mask
from kalm.privacy.numbers import counts_things


@pytest.mark.parametrize(
    "number",
    [
        "NL66ABNA0384859676",
        "nl66 abna 0384 8596 76",
        "NL 66-ABNA-0384-8596-76",
        "BE05 7083 5396 3275",
        "DE57700202700460059251",
    ],
)
def test_an_account_number_is_masked(number: str) -> None:
    assert mask(f"Stort op {number}. Dank") == "Stort op [rekeningnummer]. Dank"


@pytest.mark.parametrize(
    "text",
    [
        "op NL67ABNA0384859676 klopt niet",
        "NL66 ABNA 0384",
        "btw NL123456789B01",
        "XX66ABNA0384859676",
        "JVGL06120000123456789012",
    ],
)
def test_what_does_not_add_up_is_no_account_number(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    "number", ["123456782", "123.456.782", "123 456 782", "123-456-782", "1234.56.782", "bsn12 34 56 782"]
)
def test_a_burgerservicenummer_is_masked(number: str) -> None:
    assert mask(f"het is {number}, ja") in (
        "het is [burgerservicenummer], ja",
        "het is bsn[burgerservicenummer], ja",
    )


def test_behind_its_name_a_burgerservicenummer_may_lack_its_zero() -> None:
    assert mask("mijn bsn is 17626596") == "mijn bsn is [burgerservicenummer]"
    assert mask("het is 17626596") == "het is 17626596"


@pytest.mark.parametrize(
    "text",
    [
        "123456789",
        "bestelnummer 123456782",
        "factuur 123456782",
        "klantnr. 123456782",
        "#123456782",
        "barcode: 123456782",
        "3SABCD123456782",
        "1123456782",
        "123-456.782",
    ],
)
def test_other_numbers_of_nine_digits_stay(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize("number", ["85.07.30-033.28", "850730 033 28", "85073003328"])
def test_a_rijksregisternummer_is_masked(number: str) -> None:
    assert mask(f"mijn nummer: {number}") == "mijn nummer: [rijksregisternummer]"


def test_eleven_digits_that_do_not_add_up_stay() -> None:
    assert mask("85.07.30-033.29") == "85.07.30-033.29"
    assert mask("dossier 85073003328") == "dossier 85073003328"


@pytest.mark.parametrize("word", ["bestelnummer ", "ordernr. ", "klantnummer is ", "factuurnummer: ", "EAN "])
def test_words_that_number_things(word: str) -> None:
    assert counts_things(f"mijn {word}", len(f"mijn {word}"))


@pytest.mark.parametrize(
    "word", ["arts ", "Lotte ", "klant ", "postcode ", "mijn nummer is ", "bestelnummer, "]
)
def test_words_that_only_look_like_it(word: str) -> None:
    assert not counts_things(word, len(word))
    assert not counts_things(word, len(word), loosely=True)


def test_an_order_without_the_word_number_counts_only_loosely() -> None:
    assert counts_things("order ", 6, loosely=True)
    assert not counts_things("order ", 6)


def test_an_account_of_a_bank_that_is_not_listed_is_one_too() -> None:
    assert (
        mask("rekening BE68 5390 0754 7034, helpt magnesium?")
        == "rekening [rekeningnummer], helpt magnesium?"
    )


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mijn bsn is 123456789", "mijn bsn is [burgerservicenummer]"),
        ("iban: NL67 ABNA 0384 8596 76", "iban: [rekeningnummer]"),
        ("mijn rekeningnummer is nl67abna0384859676 ok", "mijn rekeningnummer is [rekeningnummer] ok"),
    ],
)
def test_behind_its_name_a_number_with_a_typing_mistake_goes_too(text: str, masked: str) -> None:
    assert mask(text) == masked
