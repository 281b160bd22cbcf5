"""The rules for claims, on sentences written by someone who had not seen them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from commands.evaluation.data import DEVELOPMENT
from kalm.safety import SafetyError, claims
from kalm.safety.claims import claim_message, claim_rules, claims_in

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (DEVELOPMENT / "safety" / "claims.jsonl").read_text("utf-8").splitlines()
]
FORBIDDEN = [row["text"] for row in ROWS if row["forbidden"]]
ALLOWED = [row["text"] for row in ROWS if not row["forbidden"]]
FUNCTIONS = (
    *("de normale energiestofwisseling", "de vermindering van vermoeidheid en moeheid"),
    *("de normale werking van de spieren", "de normale werking van het zenuwstelsel"),
    *("de normale psychologische functie", "het behoud van normale botten", "het behoud van normale tanden"),
    *("de normale aanmaak van eiwitten", "een goede elektrolytenbalans", "de celdeling"),
)


def test_the_development_set_is_large_enough() -> None:
    assert len(FORBIDDEN) >= 80
    assert len(ALLOWED) >= 80


@pytest.mark.parametrize("text", FORBIDDEN)
def test_a_forbidden_sentence_is_found(text: str) -> None:
    assert claims_in(text)


@pytest.mark.parametrize("text", ALLOWED)
def test_an_allowed_sentence_passes(text: str) -> None:
    assert claims_in(text) == ()


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("verb", ["draagt bij aan", "helpt mee aan"])
def test_the_ten_authorised_claims_pass_for_what_is_taken_in(function: str, verb: str) -> None:
    assert claims_in(f"Magnesium {verb} {function}.") == ()


@pytest.mark.parametrize("product", ["De gel", "Een voetbad met magnesium", "Magnesiumolie"])
def test_the_authorised_claims_are_not_for_the_skin(product: str) -> None:
    (claim,) = claims_in(f"{product} draagt bij aan de normale werking van de spieren.")
    assert claim.rule.name in ("via_de_huid", "werking_bij_klacht")


@pytest.mark.parametrize(
    ("text", "forbidden"),
    [
        ("Er is geen bewijs dat magnesium kramp verlicht.", False),
        ("Er is geen bewijs, maar magnesium verlicht kramp wel.", True),
        ("Magnesium verlicht kramp. Dat is niet bewezen.", True),
        ("In een studie verlichtte magnesium kramp. Bewezen is dat niet.", False),
        ("In een studie verlichtte magnesium kramp.", True),
        ("We hebben magnesium. Het geneest RLS.", True),
        ("Helpt magnesium tegen kramp?", False),
        ("Wist je dat magnesium tegen kramp helpt?", True),
        ("Last van kramp? Probeer onze gel.", True),
        ("Last van kramp? Je huisarts denkt met je mee.", False),
        ("", False),
        ("👍", False),
    ],
)
def test_what_stands_around_a_claim_decides(text: str, forbidden: bool) -> None:
    assert bool(claims_in(text)) is forbidden


def test_an_editor_reads_the_sentence_the_rule_and_what_is_allowed() -> None:
    (claim,) = claims_in("Rust. Magnesium geneest RLS. Rust.")
    message = claim_message("de tekst", claim)
    assert "‘Magnesium geneest RLS.’" in message
    assert "(werking_bij_klacht)" in message
    assert claim.rule.allowed in message


@pytest.mark.parametrize("rule", claim_rules().rules, ids=lambda rule: rule.name)
def test_the_example_of_a_rule_is_allowed(rule: Any) -> None:
    assert claims_in(rule.allowed) == ()
    assert rule.explanation.endswith(".")


def test_what_follows_a_claim_is_judged_by_itself() -> None:
    found = claims_in("Magnesium verlicht kramp. Het is een mineraal. Het helpt ook tegen migraine.")
    assert [claim.sentence for claim in found] == [
        "Magnesium verlicht kramp.",
        "Het helpt ook tegen migraine.",
    ]


@pytest.mark.parametrize("entry", ["Een zin.", {"zin": "Een zin."}, {"zin": "Een zin.", "door": " "}])
def test_a_sentence_is_cleared_only_by_somebody(monkeypatch: pytest.MonkeyPatch, entry: object) -> None:
    raw = claims.read_file("claims.yml")
    raw["nagekeken"] = [entry]
    monkeypatch.setattr(claims, "read_file", lambda name: raw)
    claim_rules.cache_clear()
    try:
        with pytest.raises(SafetyError, match=r"claims\.yml: 'nagekeken' zegt niet wie 'Een zin\.' nakeek"):
            claim_rules()
    finally:
        claim_rules.cache_clear()
