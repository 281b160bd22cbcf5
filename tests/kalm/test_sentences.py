from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from kalm.sentences import SENTENCES, Sentences, SentencesError, load_sentences
from kalm.settings import ROOT, Settings, load_settings

Write = Callable[..., Path]


@pytest.fixture
def chosen() -> Settings:
    return load_settings(shop_name="Winkel Wit", contact="op 010-1234567")


@pytest.fixture
def write_sentences(tmp_path: Path) -> Write:
    """Write the real sentences with the given ones changed; ``...`` leaves one out."""

    def write(**changes: Any) -> Path:
        raw = {**yaml.safe_load(SENTENCES.read_text(encoding="utf-8")), **changes}
        path = tmp_path / "sentences.yml"
        path.write_text(
            yaml.safe_dump({name: text for name, text in raw.items() if text is not ...}), encoding="utf-8"
        )
        return path

    return write


@pytest.fixture(scope="module")
def real() -> Sentences:
    return load_sentences(SENTENCES, load_settings(shop_name="Winkel Wit", contact="op 010-1234567"))


def test_the_real_sentences_name_the_shop_and_the_way_to_a_person(real: Sentences) -> None:
    assert "Winkel Wit" in real.notice_magnesium
    assert "Winkel Wit" in real.capabilities
    for sentence in (
        real.no_answer,
        real.out_of_scope,
        real.handoff,
        real.handoff_after_rejection,
        real.failure,
    ):
        assert "op 010-1234567" in sentence
    assert "{shop}" not in repr(real)
    assert "{contact}" not in repr(real)


def test_only_the_sentences_that_say_so_still_hold_a_gap(real: Sentences) -> None:
    gaps = {name for name, text in vars(real).items() if isinstance(text, str) and "{" in text}

    assert gaps == {
        *("source", "too_long", "caution", "referral_condition", "old", "erased"),
        *("needs_help", "withheld_needs_help"),
        *("office_hours", "office_open", "office_closed"),
    }
    assert real.source.format(article="A", section="B", date="C").count("{") == 0
    assert "500" in real.too_long.format(limit=500)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("emergency", ["112", "huisartsenpost", "huisarts"]),
        ("crisis", ["113", "0800-0113", "1813", "112"]),
        ("referral", ["huisarts", "apotheker"]),
        ("disclaimer_long", ["geen arts", "geen medisch advies", "huisarts"]),
        ("disclaimer_short", ["geen medisch advies"]),
    ],
)
def test_the_sentences_about_safety_name_where_help_is(real: Sentences, name: str, words: list[str]) -> None:
    assert [word for word in words if word not in getattr(real, name)] == []


def test_every_starter_is_a_whole_question(real: Sentences) -> None:
    assert len(real.starters) >= 2
    assert all(starter.endswith("?") and len(starter) <= 60 for starter in real.starters)


@pytest.mark.parametrize("name", ["emergency", "disclaimer_long", "starters", "source"])
def test_a_missing_sentence_is_named(write_sentences: Write, chosen: Settings, name: str) -> None:
    with pytest.raises(SentencesError, match=rf"^sentences\.yml: '{name}' ontbreekt$"):
        load_sentences(write_sentences(**{name: ...}), chosen)


def test_an_unknown_sentence_is_named(write_sentences: Write, chosen: Settings) -> None:
    with pytest.raises(SentencesError, match=r"'gruss' kent Kalm niet"):
        load_sentences(write_sentences(gruss="Hallo"), chosen)


@pytest.mark.parametrize("text", ["", "   ", None, "een\ntwee", "een\n\ntwee"])
def test_an_empty_or_broken_sentence_is_named_with_the_mend(
    write_sentences: Write, chosen: Settings, text: str | None
) -> None:
    with pytest.raises(
        SentencesError, match=r"'more' is leeg of heeft een regeleinde; zet alles op één regel"
    ):
        load_sentences(write_sentences(more=text), chosen)


@pytest.mark.parametrize("name", ["disclaimer_long", "disclaimer_short"])
def test_a_disclaimer_must_say_that_this_is_no_medical_advice(
    write_sentences: Write, chosen: Settings, name: str
) -> None:
    with pytest.raises(SentencesError, match=rf"'{name}' moet 'geen medisch advies' bevatten"):
        load_sentences(write_sentences(**{name: "Wij weten alles."}), chosen)


@pytest.mark.parametrize("starters", [None, "Wat is RLS?", [], [""]])
def test_starters_must_be_a_list_of_questions(
    write_sentences: Write, chosen: Settings, starters: object
) -> None:
    with pytest.raises(SentencesError, match="starters"):
        load_sentences(write_sentences(starters=starters), chosen)


def test_all_faults_are_told_at_once(write_sentences: Write, chosen: Settings) -> None:
    path = write_sentences(more=..., emergency="", disclaimer_short="Ja.", gruss="Hallo")

    with pytest.raises(SentencesError) as caught:
        load_sentences(path, chosen)

    assert [
        name for name in ("more", "emergency", "disclaimer_short", "gruss") if name in str(caught.value)
    ] == [
        "more",
        "emergency",
        "disclaimer_short",
        "gruss",
    ]


@pytest.mark.parametrize("content", [b"", b"- lijst", b"more: 'open", b"more: \xe9\xe9n", b"zomaar"])
def test_a_file_that_is_no_list_of_names_is_refused(tmp_path: Path, chosen: Settings, content: bytes) -> None:
    path = tmp_path / "sentences.yml"
    path.write_bytes(content)

    with pytest.raises(SentencesError, match=r"^sentences\.yml: "):
        load_sentences(path, chosen)


def test_the_real_sentences_lie_where_the_docs_say() -> None:
    assert SENTENCES == ROOT / "data" / "sentences.yml"


@pytest.mark.parametrize(
    "changes",
    [
        {"handoff": "Bel {contct}."},
        {"source": "Dat staat in {artikel}."},
        {"too_long": "Hoogstens {limit"},
        {"too_long": "Te lang."},
        {"starters": ["Een?", "Twee?", "Drie?", "Vier?", "Vijf?"]},
        {"starters": [{"Wat": "dit?"}]},
    ],
    ids=["typo", "wrong gap", "open brace", "gap gone", "too many starters", "starter is no text"],
)
def test_what_would_break_a_reply_is_refused_when_it_is_read(
    write_sentences: Write, chosen: Settings, changes: dict[str, Any]
) -> None:
    with pytest.raises(SentencesError, match=next(iter(changes))):
        load_sentences(write_sentences(**changes), chosen)
