"""What holds for every text: masked once is masked for good, nothing breaks it, harmless words stay."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.evaluation.data import DEVELOPMENT, read_messages
from kalm.privacy import mask
from kalm.privacy.masking import LABELS, find_personal, mask_message
from kalm.safety import danger_in, look_for_danger
from kalm.understanding import INTENT_OF_DANGER

PIECES = st.sampled_from(
    [
        *("ik heet ", "mijn naam is ", "groetjes ", "Groetjes, ", "mvg", "hier ", "ik ben ", "bedankt"),
        *("Jan", "jan", "de ", "van ", "Vries", "J.", "en ", "É", "\u0301"),
        *("Kerkstraat ", "straat", "9711 AB ", "5", "12-b", "9000 Gent", "400 mg", "bestelnummer ", "bsn "),
        *("+31", "06", "0612345678", "123456782", "NL66ABNA0384859676", "BE"),
        *("@", "a@b.nl", "at ", "punt ", "gmail"),
        *(", ", "\n", " ", ".", "-", "/", "(", "[", "]", "\ufffc", "😀", "[naam]", "[adres]"),
    ]
)


def test_one_message_with_everything() -> None:
    text = (
        "Hoi, ik heet Jan de Vries, bsn 123456782. Stort op NL66ABNA0384859676 of mail jan@voorbeeld.nl.\n"
        "Ik woon Kerkstraat 5, 9711 AB Groningen, tel 06-12345678.\nGroetjes Jan"
    )
    assert mask(text) == (
        "Hoi, ik heet [naam], bsn [burgerservicenummer]. Stort op [rekeningnummer] of mail [e-mailadres].\n"
        "Ik woon [adres] Groningen, tel [telefoonnummer].\nGroetjes [naam]"
    )


def test_pieces_come_in_order_without_overlap() -> None:
    spans = find_personal("Groetjes Jan, Kerkstraat 5, 06-12345678")
    assert [span.label for span in spans] == ["[naam]", "[adres]", "[telefoonnummer]"]
    assert all(one.end <= other.start for one, other in pairwise(spans))


@pytest.mark.parametrize("label", LABELS)
def test_a_label_stays_whatever_stands_before_it(label: str) -> None:
    text = f"ik heet {label}, groetjes {label} en bel {label} 5"
    assert mask(text) == text


@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=25).map("".join)))
@settings(max_examples=400, deadline=None)
def test_masked_once_is_masked_for_good(text: str) -> None:
    once = mask(text)
    assert mask(once) == once


HARMLESS = st.sampled_from(
    [
        *("magnesium", "helpt", "slaap", "sanne", "de", "kramp", "in", "Groningen", "onrust", "niet"),
        *("straat", "weg", "Zechsal", "olie", "erg", ",", ".", "!", "?", "😀", "ёж", "東京"),
    ]
)


@given(st.lists(HARMLESS, max_size=30).map(" ".join))
@settings(max_examples=200, deadline=None)
def test_without_digits_signs_or_introductions_nothing_changes(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    "piece",
    [
        *("1", "a", " ", "\n", "@", "a@", "a.", "06 ", "NL12 ", "J.", "😀", "\ud800", "\x00", "٣"),
        *("ik heet ", "groetjes ", "9711 AB ", "Straat 5 "),
    ],
)
def test_a_huge_message_of_one_kind_is_masked_in_the_end(piece: str) -> None:
    # No time is measured here (benchmarks/ does that); what is not linear would take minutes.
    text = (piece * 50_000)[:50_000]
    assert mask(text + "\nmail naar jan@example.org").endswith("[e-mailadres]")


def test_a_megabyte_is_masked() -> None:
    assert mask("x" * 1_000_000 + " 06-12345678").endswith(" [telefoonnummer]")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("IK KRIJG INNEENS GEEN LUGT MEER Kerkstraat 5 Utrecht", "KERKSTRAAT 5"),
        ("HET HOEFT VOOR MIJ NIET MEER Kerkstraat 5 Utrecht", "KERKSTRAAT 5"),
        ("Pijn Op De Borst Kerkstraat 12 1234 AB", "KERKSTRAAT 12"),
        ("mevrouw Pijn op de borst nu wat moet ik doen", ""),
        ("ik heet Jan de Boer en heb pijn op de borst", "JAN DE BOER"),
    ],
)
def test_a_mask_never_hides_a_danger(text: str, masked: str) -> None:
    after = mask_message(text)
    danger = danger_in(text)
    assert danger is not None
    assert danger_in(after) == danger
    assert masked == "" or masked not in after.upper()


def test_numbers_are_masked_in_danger_too() -> None:
    text = "VOLGENS MIJ EEN BEROERTE Kerkstraat 5, bel 06-12345678 of 123456782, jan@example.org"
    after = mask_message(text)
    assert danger_in(after) == danger_in(text)
    for label in ("[telefoonnummer]", "[burgerservicenummer]", "[e-mailadres]"):
        assert label in after


@pytest.mark.parametrize("change", [str, str.upper, str.title], ids=["as typed", "capitals", "title"])
@pytest.mark.parametrize(
    "around",
    [
        *(
            "{} Kerkstraat 5 Utrecht",
            "ik heet Jan {}",
            "mijn naam is {} 9711 AB 12",
            "mevrouw {}, groetjes Jan",
        ),
        *("{} groetjes Jannie de Vries", "hier {} Dorpsweg 12 1234 AB"),
    ],
)
def test_in_whatever_stands_around_it_a_danger_is_seen_as_before(
    around: str, change: Callable[[str], str]
) -> None:
    dangers = [
        message.text for message in read_messages(DEVELOPMENT) if message.intent in INTENT_OF_DANGER.values()
    ]
    assert len(dangers) > 20
    for danger in dangers:
        text = change(around.format(danger))
        found, after = look_for_danger(text), look_for_danger(mask_message(text))
        assert {sign.name for sign in after.signs} == {sign.name for sign in found.signs}, text


def test_rules_that_fail_do_not_stop_the_mask(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(text: str) -> None:
        raise ValueError(text)

    monkeypatch.setattr("kalm.privacy.masking.look_for_danger", fail)
    assert mask_message("ik heet Jan") == "ik heet [naam]"


def test_a_row_of_numbers_is_masked_to_its_end() -> None:
    assert mask("123456782 " * 200).replace("[burgerservicenummer] ", "") == ""
