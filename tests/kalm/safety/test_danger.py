"""The rules for danger, on sentences written by someone who had not seen them."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from commands.evaluation.data import DEVELOPMENT, read_messages
from kalm.safety import (
    DangerSign,
    SafetyError,
    danger_in,
    danger_in_pieces,
    danger_rules,
    look_for_danger,
)
from kalm.safety.danger import read_rules
from kalm.safety.files import read_file
from kalm.safety.text import LONGEST_READ, read_message

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (DEVELOPMENT / "safety" / "danger.jsonl").read_text("utf-8").splitlines()
]
DANGERS = [row for row in ROWS if row["kind"] != "none"]
NEAR_MISSES = [row for row in ROWS if row["kind"] == "none"]


def kind_of(text: str) -> str:
    sign = danger_in(text)
    return sign.kind if sign else "none"


def test_the_development_set_is_large_enough() -> None:
    assert len(DANGERS) >= 60
    assert {row["kind"] for row in DANGERS} == {"emergency", "crisis"}
    assert len(NEAR_MISSES) >= 120


def test_no_danger_of_the_development_set_is_missed() -> None:
    assert [row["text"] for row in DANGERS if kind_of(row["text"]) != row["kind"]] == []


def test_at_most_three_percent_of_the_near_misses_is_stopped() -> None:
    stopped = [row["text"] for row in NEAR_MISSES if kind_of(row["text"]) != "none"]
    assert len(stopped) <= 0.03 * len(NEAR_MISSES), stopped


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mijn been is plots dik, rood en warm", "trombose"),
        ("MIJN BEEN IS PLOTS DIK, ROOD EN WARM", "trombose"),
        ("me been is plost dik, rood en wram", "trombose"),
        ("pijn op de borst", "hart"),
        ("pijn op me borts", "hart"),
        ("kan mijn been ineens niet bewegen", "verlamming"),
        ("te veel tabletten geslikt", "te_veel_ingenomen"),
        ("'k heb te veel pillekes gepakt", "te_veel_ingenomen"),
        ("mijn man praat raar en zijn mond hangt scheef", "beroerte"),
        ("ik zie het niet meer zitten", "zelfdoding"),
        ("'k zou er liever ni meer zijn", "zelfdoding"),
        ("hoeveel pillen is dodelijk", "dodelijke_hoeveelheid"),
        ("mijn zoon zegt dat hij dood wil", "ander_in_crisis"),
        ("wat is rls en o ja, ik heb nu pijn op de borst", "hart"),
    ],
)
def test_danger_is_seen(text: str, name: str) -> None:
    sign = danger_in(text)
    assert sign is not None
    assert sign.name == name


@pytest.mark.parametrize(
    "text",
    [
        "mijn benen zijn doodmoe",
        "ik schrik me dood van de prijs",
        "opa overleed aan een hartaanval, is rls erfelijk?",
        "ik heb geen pijn op de borst",
        "pijn op de borst heb ik gelukkig niet",
        "mijn been is niet dik, rood of warm",
        "vorig jaar had ik pijn op de borst",
        "kan magnesium hartkloppingen geven?",
        "dode zee zout",
        "ik heb alleen 's nachts last van mijn benen",
        "ik heb alleen last als ik stil zit",
        "ik wil gewoon dat het verdwijnt",
        "ik wil dat die kriebels gewoon verdwijnen",
        "ik zie het niet zitten om pillen te slikken",
        "voor mij hoeft een voetbad niet",
        "ik slaap slecht want die benen die kriebelen",
        "mijn bestelling 112 is niet aangekomen",
        "",
        "👍",
    ],
)
def test_what_is_no_danger_passes(text: str) -> None:
    assert danger_in(text) is None


@pytest.mark.parametrize(
    ("text", "taken_back"),
    [
        ("ik heb geen pijn op de borst", True),
        ("ik schrik me dood, ik wil dood van de prijs", True),
        ("wat is rls", False),
        ("ik heb pijn op de borst", False),
        ("hartelijk bedankt", False),
    ],
)
def test_words_of_danger_that_are_taken_back_are_noticed(text: str, taken_back: bool) -> None:
    assert look_for_danger(text).taken_back is taken_back


@pytest.mark.parametrize(
    "text",
    [
        "vroeger had ik nergens last van maar nu pijn op de borst",
        "ik heb niet geslapen en ik wil dood",
        "het is geen grap, ik wil dood",
        "geen slaap, pijn op de borst",
        "ik slaap niet van de pijn op mijn borst",
        "ik durf niet met pijn op de borst naar bed",
        "ik zat te eten en toen werd ik benauwd",
        "mijn man viel van de trap en toen was hij bewusteloos",
        "voor mij hoeft het niet meer, ook die gel helpt niet",
        "het is niet dat ik dood wil maar ik wil gewoon niet meer leven",
        "ik werd wakker van pijn in mijn hart",
        "pijn op de borst die niet weggaat",
        "ik durf niet te zeggen dat ik dood wil",
        "twee maanden geleden geopereerd en kan nauwelijks ademen",
        "vorig jaar had ik een operatie en ik ben benauwd",
        "mijn moeder is vorig jaar overleden en ik krijg geen lucht",
        "ik kreeg vroeger vaak kramp maar mijn been is dik, rood en warm",
        "ik heb al jaren rusteloze benen en pijn op de borst",
        "de ergste hoofdpijn die ik ooit heb gehad",
        "pijn op de borst, wat is dat?",
        "kind heeft potje magnesium leeggegeten, is dat gevaarlijk?",
        "te veel magnesium geslikt, wat is nu verstandig?",
    ],
)
def test_a_not_or_a_then_about_something_else_takes_nothing_back(text: str) -> None:
    assert danger_in(text) is not None


def test_every_sign_says_whom_to_call_and_what_it_rests_on() -> None:
    for sign in danger_rules().signs:
        assert sign.meaning.endswith("."), sign.name
        assert "http" in " ".join(sign.sources), sign.name
        assert sign.message.startswith(("Bel nu", "W", "Ik maak")), sign.name
        assert "magnesium" not in sign.message.lower(), sign.name
        if sign.kind == "crisis":
            for number in ("113", "0800-0113", "113.nl", "112", "1813"):
                assert number in sign.message, sign.name


def test_a_danger_far_down_a_long_message_is_seen() -> None:
    assert danger_in("ik slaap slecht door mijn benen. " * 100 + "ik heb pijn op de borst") is not None
    assert LONGEST_READ >= 4000


SIGN = {
    "soort": "emergency",
    "betekent": "Iets.",
    "zeg": "Bel 112.",
    "bron": ["X https://x.nl"],
    "patronen": ["x"],
    "voorbeelden": ["x"],
    "niet": ["y"],
}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"soort": "ramp"}, "soort"),
        ({"zeg": "Wacht af."}, "112"),
        ({"soort": "crisis"}, "113"),
        ({"patronen": []}, "patronen"),
        ({"patronen": ["<weg>"]}, "weg"),
        ({"bron": None}, "bron"),
        ({"ook_als": ["misschien"]}, "ook_als"),
        ({"met_opzet": "weg"}, "met_opzet"),
        ({"pas_over_na_hulp": "yes"}, "pas_over_na_hulp"),
        ({"kleur": "rood"}, "kleur"),
    ],
)
def test_a_rule_with_a_fault_is_refused_by_name(change: dict[str, Any], named: str) -> None:
    with pytest.raises(SafetyError, match=named) as error:
        read_rules({"gevaren": {"proef": SIGN | change}}, read_file("context.yml"))
    assert "proef" in str(error.value)


def test_a_file_without_any_danger_is_refused() -> None:
    with pytest.raises(SafetyError, match="gevaren"):
        read_rules({}, read_file("context.yml"))


@pytest.mark.parametrize("sign", danger_rules().signs, ids=lambda sign: sign.name)
def test_each_sign_is_seen_in_its_examples_and_not_in_what_resembles_them(sign: DangerSign) -> None:
    seen = {text: danger_in(text) for text in sign.examples}
    assert {text: found.name if found else None for text, found in seen.items()} == dict.fromkeys(
        sign.examples, sign.name
    )
    assert [text for text in sign.counterexamples if danger_in(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        *(
            "ik kan mijn benen niet stilhouden en moet ze bewegen",
            "als ik mijn benen niet beweeg word ik gek",
        ),
        *("mijn been slaapt als ik er te lang op zit", "mijn benen schokken in bed", "krampen in mijn voet"),
        *("ik moet eruit en rondlopen", "'s nachts tintelen mijn kuiten", "brandende voeten in bed"),
        *(
            "ik kan niet stil zitten, mijn benen moeten steeds bewegen",
            "ik hou het niet meer uit met die benen",
        ),
    ],
)
def test_complaints_of_restless_legs_are_no_danger(text: str) -> None:
    assert danger_in(text) is None


@pytest.mark.parametrize(
    ("before", "text", "name"),
    [
        ("ik heb pijn", "op mijn borst", "hart"),
        ("hoeveel is te veel?", "dat heb ik nu", "te_veel_ingenomen"),
        ("mijn been is dik", "en rood en heet", "trombose"),
        ("ik zie het", "niet meer zitten", "zelfdoding"),
        ("ik heb pijn", "het zit op mijn borst", "hart"),
        ("de pijn", "is in mijn borst", "hart"),
        ("pijn op mijn", "borst", "hart"),
        ("ik heb geen pijn", "op mijn borst", None),
        ("ik heb pijn", "aan mijn voet", None),
        ("hoe herken je een trombosebeen", "wat kost de gel", None),
        ("pijn op de borst", "wat nu", None),  # seen by itself already
        ("", "op mijn borst", None),
        ("mijn oma is dood", "ik wil weten of het erfelijk is", None),
        ("ik ben zwanger", "ik verlies veel tijd met wakker liggen", None),
        ("vaarwel", "denk je dat ik een magnesiumtekort heb", None),
        ("Heeft het iets te maken met ijzer in je bloed?", "moet ik stoppen met mijn pillen", None),
        ("ik ben blij dat ik leef na mijn hartaanval in 2015", "nu die benen", None),
        ("vorig jaar pijn", "nu weer op mijn borst", "hart"),
        ("mijn opa had ook een hartaanval", "ik heb nu rls, hangt dat samen", None),
    ],
)
def test_danger_told_over_two_messages_is_put_together(before: str, text: str, name: str | None) -> None:
    sign = danger_in_pieces(before, text)
    assert (sign.name if sign else None) == name


def test_of_the_crises_in_a_message_only_the_first_is_meant() -> None:
    names = [
        sign.name for sign in look_for_danger("mijn zoon praat over zelfmoord, ik heb pijn op de borst").signs
    ]
    assert names == ["hart", "ander_in_crisis"]


def test_two_messages_about_something_else_give_no_danger_together() -> None:
    ordinary = [message.text for message in read_messages(DEVELOPMENT) if danger_in(message.text) is None]
    chance = random.Random(20261128)
    pairs = [(chance.choice(ordinary), chance.choice(ordinary)) for _ in range(500)]
    assert [pair for pair in pairs if danger_in_pieces(*pair)] == []


def test_thousands_of_the_same_picture_are_read_as_a_few() -> None:
    assert len(read_message("🦵" * 4000 + " pijn op de borst")) < 20
    assert danger_in("!" * 3000 + " pijn op de borst") is not None


def test_two_long_messages_are_two_stories() -> None:
    before = "ik heb al jaren last van onrustige benen en daar heb ik pijn van"
    text = "op mijn borst draag ik altijd een kettinkje dat ik van mijn oma kreeg"
    assert danger_in_pieces(before, text) is None
