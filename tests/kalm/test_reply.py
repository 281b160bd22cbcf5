from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalm.articles import Passage
from kalm.reply import ClaimError, Disclaimer, Kind, Reply, Suggestion, dutch_date, link, numbers
from kalm.sentences import sentences
from kalm.settings import settings

OTHER_TYPES = st.one_of(
    st.none(),
    st.text(),
    st.booleans(),
    st.integers(),
    st.sampled_from(Kind),
    st.sampled_from([d.value for d in Disclaimer]),
)
SUGGESTION = Suggestion("Wat is ijzer?", "Wat is ijzer?")


def test_reply_without_disclaimer_cannot_be_built() -> None:
    with pytest.raises(TypeError):
        Reply(kind=Kind.HANDOFF, message="Hallo")  # type: ignore[call-arg]


@given(kind=st.sampled_from(Kind), disclaimer=OTHER_TYPES)
def test_anything_but_a_disclaimer_is_refused(kind: Kind, disclaimer: Any) -> None:
    with pytest.raises(TypeError, match="Disclaimer"):
        Reply(kind=kind, disclaimer=disclaimer, message="Hallo")


def test_disclaimer_cannot_be_taken_off_afterwards() -> None:
    reply = Reply(Kind.HANDOFF, Disclaimer.SHORT, "Hallo")
    with pytest.raises(AttributeError):
        reply.disclaimer = None  # type: ignore[assignment,misc]
    with pytest.raises(TypeError):
        replace(reply, disclaimer="")  # type: ignore[arg-type]


@given(
    kind=st.sampled_from([kind for kind in Kind if kind not in (Kind.CRISIS, Kind.EMERGENCY)]),
    disclaimer=st.sampled_from(Disclaimer),
    words=st.lists(st.text(), min_size=5, max_size=5),
    cites_only=st.booleans(),
)
def test_every_reply_says_its_disclaimer_without_blank_lines(
    passages: tuple[Passage, ...], kind: Kind, disclaimer: Disclaimer, words: list[str], cites_only: bool
) -> None:
    text, message, notice, source, question = words
    reply = Reply(
        kind=kind,
        disclaimer=disclaimer,
        message=message,
        passages=(replace(passages[0], text=text), passages[4]),
        cites_only=cites_only,
        sources=(source,),
        notice=notice,
        choices="Kies uit:",
        suggestions=(SUGGESTION,),
        question=question,
    )
    assert disclaimer.text in reply.text
    assert "geen medisch advies" in reply.text
    assert all(line.strip() for line in reply.text.splitlines())
    payload = json.loads(json.dumps(reply.payload, allow_nan=False))
    assert Kind(payload["kind"]) is kind
    assert payload["disclaimer"] == disclaimer.text


@pytest.mark.parametrize("kind", [Kind.CRISIS, Kind.EMERGENCY])
def test_danger_carries_no_passages_and_no_suggestions(kind: Kind, passages: tuple[Passage, ...]) -> None:
    Reply(kind, Disclaimer.LONG, "Bel nu.")
    with pytest.raises(ValueError, match="no passages"):
        Reply(kind, Disclaimer.LONG, "Bel nu.", passages=passages[:1])
    with pytest.raises(ValueError, match="no suggestions"):
        Reply(kind, Disclaimer.LONG, "Bel nu.", suggestions=(SUGGESTION,))


def test_answer_needs_a_passage() -> None:
    with pytest.raises(ValueError, match="passage"):
        Reply(Kind.ANSWER, Disclaimer.LONG, "Zo is het.")


def test_reply_must_say_something() -> None:
    with pytest.raises(ValueError, match="say something"):
        Reply(Kind.HANDOFF, Disclaimer.LONG)


def test_reply_holds_two_passages_and_four_suggestions_at_most(passages: tuple[Passage, ...]) -> None:
    Reply(Kind.ANSWER, Disclaimer.LONG, passages=passages[:2], suggestions=(SUGGESTION,) * 4)
    with pytest.raises(ValueError, match="at most"):
        Reply(Kind.ANSWER, Disclaimer.LONG, passages=passages[:3])
    with pytest.raises(ValueError, match="at most"):
        Reply(Kind.ANSWER, Disclaimer.LONG, passages=passages[:1], suggestions=(SUGGESTION,) * 5)


def test_text_reads_passage_then_source_then_notice_then_disclaimer_then_question(
    passages: tuple[Passage, ...],
) -> None:
    reply = Reply(
        Kind.ANSWER,
        Disclaimer.SHORT,
        "Misschien dit:",
        passages=passages[:1],
        notice="Wij verkopen dit.",
        question="Hielp dit?",
    )
    assert reply.text.splitlines() == [
        "Misschien dit:",
        "Rusteloze benen geven een drang om te bewegen.",
        "Die drang komt vooral in rust.",
        "Bron: ‘Onrust in de benen’, onder ‘Wat rusteloze benen zijn’ "
        "(officiële bron, 6 september 2024): https://example.org/onrust-in-de-benen",
        "Wij verkopen dit.",
        Disclaimer.SHORT.text,
        "Hielp dit?",
    ]


def test_cited_passage_is_named_but_not_said_again(passages: tuple[Passage, ...]) -> None:
    reply = Reply(
        Kind.SOURCE,
        Disclaimer.SHORT,
        "Dat staat hier:",
        passages=passages[:1],
        cites_only=True,
        sources=("Een boek",),
    )
    assert passages[0].url in reply.text
    assert "- Een boek" in reply.text.splitlines()
    assert "drang" not in reply.text


def test_suggestions_stand_in_the_text_only_where_it_introduces_them() -> None:
    silent = Reply(Kind.CLARIFY, Disclaimer.SHORT, "Wat bedoel je?", suggestions=(SUGGESTION,))
    spoken = replace(silent, choices="Kies uit:")
    assert SUGGESTION.title not in silent.text
    assert f"Kies uit:\n1. {SUGGESTION.title}" in spoken.text
    assert silent.payload["suggestions"] == [{"title": SUGGESTION.title, "payload": SUGGESTION.payload}]


@pytest.fixture
def public_address(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("KALM_PUBLIC_URL", "https://winkel.example")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.usefixtures("public_address")
def test_payload_holds_the_passage_word_for_word(passages: tuple[Passage, ...]) -> None:
    (found,) = Reply(Kind.ANSWER, Disclaimer.LONG, passages=passages[4:5]).payload["passages"]
    assert found == {
        "id": "ijzer#tekort",
        "hash": passages[4].hash,
        "text": passages[4].text,
        "article": "IJzer en je lichaam",
        "section": "Een ijzertekort",
        "url": "https://winkel.example/artikelen/ijzer#tekort",
        "updated": "2024-09-06",
        "evidence": "officieel",
        "age": "",
    }


@pytest.mark.parametrize(
    ("reviewed", "years"), [("2024-11-22", "2"), ("2021-12-01", "4"), ("2024-11-23", None), ("", None)]
)
def test_a_text_that_nobody_looked_at_for_two_years_shows_its_age(
    passages: tuple[Passage, ...], monkeypatch: pytest.MonkeyPatch, reviewed: str, years: str | None
) -> None:
    class Today(date):
        @classmethod
        def today(cls) -> Today:
            return cls(2026, 11, 22)

    monkeypatch.setattr("kalm.reply.date", Today)
    reply = Reply(Kind.ANSWER, Disclaimer.LONG, passages=(replace(passages[4], reviewed=reviewed),))
    expected = sentences().old.format(years=years) if years else ""
    assert reply.payload["passages"][0]["age"] == expected
    assert expected in reply.text


def test_caution_stands_between_passage_and_notice(passages: tuple[Passage, ...]) -> None:
    reply = Reply(
        Kind.ANSWER, Disclaimer.LONG, passages=passages[4:5], caution="Let op: vraag.", notice="Wij verkopen."
    )
    lines = reply.text.splitlines()
    assert lines.index("Let op: vraag.") + 1 == lines.index("Wij verkopen.")
    assert reply.payload["caution"] == "Let op: vraag."


@pytest.mark.parametrize(
    "change",
    [{"text": "Magnesium geneest RLS."}, {"section": "Magnesium tegen kramp"}],
    ids=["text", "heading"],
)
def test_a_reply_with_a_claim_cannot_be_built_and_the_error_quotes_nothing(
    passages: tuple[Passage, ...], change: dict[str, str]
) -> None:
    with pytest.raises(ClaimError) as error:
        Reply(Kind.ANSWER, Disclaimer.LONG, passages=(replace(passages[4], **change),))
    assert "agnesium" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bel 112.", {"112": "tel:112"}),
        ("113 of 0800-0113, via 113.nl", {"113": "tel:113", "0800-0113": "tel:08000113"}),
        ("1813 in België", {"1813": "tel:1813"}),
        ("11 2 of 1123 of 2112", {}),
    ],
)
def test_numbers_of_help_can_be_called(text: str, expected: dict[str, str]) -> None:
    assert numbers(text) == expected


@pytest.mark.usefixtures("public_address")
def test_link_goes_to_the_public_article_or_to_kalms_own_page(passages: tuple[Passage, ...]) -> None:
    assert link(passages[0]) == "https://example.org/onrust-in-de-benen"
    assert link(passages[5]) == "https://winkel.example/artikelen/ijzer#meten"


@pytest.mark.parametrize(
    ("iso", "dutch"),
    [
        ("2024-09-06", "6 september 2024"),
        ("2023-01-31", "31 januari 2023"),
        ("2025-12-01", "1 december 2025"),
    ],
)
def test_date_reads_in_dutch(iso: str, dutch: str) -> None:
    assert dutch_date(iso) == dutch


def test_long_disclaimer_says_more_than_the_short_one() -> None:
    assert len(Disclaimer.LONG.text) > len(Disclaimer.SHORT.text)
    assert all("geen medisch advies" in disclaimer.text for disclaimer in Disclaimer)
