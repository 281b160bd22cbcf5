from __future__ import annotations

from review.articles.difference import ADDED, REMOVED, SAME, changes
from review.articles.fields import SectionFields


def test_words_that_differ_are_marked() -> None:
    before = SectionFields(heading="Kop", text="Dit is een oude zin.")
    (change,) = changes(before, SectionFields(heading="Kop", text="Dit is een nieuwe zin."))
    assert change.title == "Tekst"
    assert change.pieces == ((SAME, "Dit is een "), (REMOVED, "oude"), (ADDED, "nieuwe"), (SAME, " zin."))


def test_questions_differ_by_line() -> None:
    before = SectionFields(questions=("Een?", "Twee?"))
    (change,) = changes(before, SectionFields(questions=("Een?", "Drie?")))
    assert change.is_list
    assert change.pieces == ((SAME, "Een?"), (REMOVED, "Twee?"), (ADDED, "Drie?"))


def test_nothing_differs() -> None:
    assert changes(SectionFields(heading="x"), SectionFields(heading="x")) == []


def test_of_a_new_section_all_is_new() -> None:
    found = changes(None, SectionFields(heading="Kop", text="Tekst"))
    assert {kind for change in found for kind, _ in change.pieces} == {ADDED}


def test_a_very_long_text_is_shown_whole() -> None:
    before, after = SectionFields(text="a " * 9000), SectionFields(text="b " * 9000)
    (change,) = changes(before, after)
    assert [kind for kind, _ in change.pieces] == [REMOVED, ADDED]
