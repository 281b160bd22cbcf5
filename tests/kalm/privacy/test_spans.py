"""Pieces of a text, and hiding them."""

from __future__ import annotations

from kalm.privacy.spans import BLOT, Span, blotted, joined


def test_what_is_found_is_hidden_and_the_text_stays_as_long() -> None:
    assert blotted("bel 0612 nu", [Span(4, 8, "[x]")]) == f"bel {BLOT * 4} nu"
    assert blotted("ab", []) == "ab"


def test_pieces_that_overlap_are_joined_under_the_label_of_the_first() -> None:
    spans = [Span(5, 9, "[b]"), Span(0, 6, "[a]"), Span(9, 10, "[c]")]
    assert joined(spans) == [Span(0, 9, "[a]"), Span(9, 10, "[c]")]
