"""What visitors tell of themselves, on sentences written by someone who had not seen the rules."""

from __future__ import annotations

import json
from typing import Any

import pytest

from commands.evaluation.data import DEVELOPMENT
from kalm.safety.conditions import condition_rules, conditions_in, conditions_over, in_words

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (DEVELOPMENT / "safety" / "conditions.jsonl").read_text("utf-8").splitlines()
]


def test_what_is_told_is_seen_nearly_always() -> None:
    told = [row for row in ROWS if row["conditions"]]
    missed = [row["text"] for row in told if not set(row["conditions"]) <= set(conditions_in(row["text"]))]
    assert len(told) >= 80
    assert len(missed) <= 0.03 * len(told), missed


def test_what_is_not_told_is_hardly_ever_seen() -> None:
    others = [row for row in ROWS if not row["conditions"]]
    wrong = [row["text"] for row in others if conditions_in(row["text"])]
    assert len(others) >= 80
    assert len(wrong) <= 0.03 * len(others), wrong


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("ik ben zwanger", ("zwangerschap",)),
        ("Ik ben niet zwanger", ()),
        ("is magnesium veilig bij zwangerschap?", ()),
        ("mijn man slikt doxycycline", ("antibiotica", "medicijnen")),
        ("mijn nieren werken nog voor 30 procent", ("nierziekte",)),
        ("mijn buurman heeft nierfalen", ()),
        ("tijdens mijn zwangerschap 20 jaar geleden", ()),
        ("", ()),
    ],
)
def test_a_condition_counts_for_who_has_it_now(text: str, conditions: tuple[str, ...]) -> None:
    assert conditions_in(text) == conditions


def test_conditions_read_as_part_of_a_sentence() -> None:
    names = ("nierziekte", "zwangerschap", "medicijnen")
    assert in_words(names, "when") == (
        "je nieren minder goed werken, je zwanger bent of je medicijnen gebruikt"
    )
    assert in_words(names[:2], "told") == "nieren die minder goed werken en een zwangerschap"
    assert in_words(names[:1], "told") == "nieren die minder goed werken"
    assert in_words((), "told") == ""


def test_every_condition_has_a_source() -> None:
    for condition in condition_rules().conditions.values():
        assert all("http" in source for source in condition.sources), condition.name


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("ik ben niet zwanger", ("zwangerschap",)),
        ("Ik ben helemaal niet zwanger hoor", ("zwangerschap",)),
        ("ben vorige week bevallen", ("zwangerschap",)),
        ("ik ben niet meer zwanger", ("zwangerschap",)),
        ("de kuur is af", ("antibiotica",)),
        ("ik slik geen antibiotica meer", ("antibiotica",)),
        ("ben gestopt met borstvoeding", ("borstvoeding",)),
        ("ben gestopt met ijzertabletten", ("ijzertabletten",)),
        *(
            (text, ())
            for text in (
                *(
                    "mag het als ik niet zwanger ben?",
                    "kan ik het nemen als ik niet zwanger ben",
                    "",
                    "wat is rls",
                ),
                *("ik ben nog niet bevallen hoor", "mijn zus is vorige week bevallen", "ik ben zwanger"),
                *("mijn moeder is niet zwanger hoor, ik wel", "ik heb eerder een miskraam gehad"),
                *("vorig jaar was ik nog niet zwanger", "ik weet niet zeker of ik niet zwanger ben"),
                *(
                    "als ik niet zwanger was nam ik het",
                    "ben ik niet zwanger dan",
                    "de antibiotica moet nog op",
                ),
                *("mijn kuur is op maandag begonnen", "ik ben nog lang niet klaar met voeden"),
                *(
                    "ik heb geen nierstenen",
                    "ik slik geen slaappillen",
                    "zonder mijn omeprazol gaat het niet",
                ),
                *("mijn nieren zijn niet goed",),
            )
        ),
    ],
)
def test_what_is_plainly_over_is_taken_back(text: str, over: tuple[str, ...]) -> None:
    assert conditions_over(text) == over


def test_weeks_are_no_years() -> None:
    assert conditions_in("ik ben 14 weken zwanger") == ("zwangerschap",)
    assert "kind" in conditions_in("ik ben 14.")
