from __future__ import annotations

import pytest

from kalm.articles.fields import FRONT_MATTER, SECTION_FIELDS, meant, mistyped_field


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ("vraag", "vragen"),
        ("BRON", "bron"),
        ("bewijzen", "bewijs"),
        ("statis", "status"),
        ("Knoppen", "knop"),
        ("auteur", ""),
    ],
)
def test_the_nearest_field_is_meant(typed: str, field: str) -> None:
    assert meant(typed, SECTION_FIELDS) == field


def test_a_field_of_the_head_and_that_of_a_section_stand_for_each_other() -> None:
    assert meant("bewijs", FRONT_MATTER) == "evidence"
    assert meant("evidence", SECTION_FIELDS) == "bewijs"


def test_what_is_not_among_the_names_is_not_meant() -> None:
    assert meant("titel", ["slug", "url"]) == ""


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("vraag:", ("vraag", "vragen", "")),
        ("  Bron : Folder https://a.nl", ("Bron", "bron", "Folder https://a.nl")),
        ("**vragen:**", ("vragen", "vragen", "")),
        ("Dragen: zwaar", None),
        ("Vraag het de huisarts.", None),
        ("- bron: dit is een punt van een lijst", None),
        ("", None),
    ],
)
def test_a_line_of_a_passage_is_a_mistyped_field_only_when_it_looks_much_like_one(
    line: str, found: tuple[str, str, str] | None
) -> None:
    assert mistyped_field(line, in_text=True) == found


def test_behind_the_fields_less_is_enough() -> None:
    assert mistyped_field("Dragen: zwaar", in_text=False) == ("Dragen", "vragen", "zwaar")
