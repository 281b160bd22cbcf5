"""What holds for every text: masked once is masked for good, nothing breaks it, harmless words stay."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalm.privacy import mask
from kalm.privacy.masking import LABELS, find_personal

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
