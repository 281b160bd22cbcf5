from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kalm.approval import (
    Approvals,
    read_approvals,
    stale_passages,
    stale_safety_texts,
    write_approvals,
)
from kalm.articles import Article, passages, read_articles
from kalm.said import Said, said
from kalm.settings import ROOT, settings

TEXT = Said("danger/hart", "Bel 112.", ROOT / "data/safety/danger.yml", is_safety=True)


def test_the_present_texts_are_approved() -> None:
    articles = read_articles(ROOT / "data" / "articles")
    assert stale_safety_texts(read_approvals(), said()) == []
    assert [str(fault) for fault in stale_passages(read_approvals(), articles)] == []


def test_a_text_is_stale_until_it_is_approved_as_it_stands() -> None:
    approved = Approvals({TEXT.name: f"{TEXT.hash} door iemand op 2026-11-22"})
    assert stale_safety_texts(approved, [TEXT]) == []
    (new,) = stale_safety_texts(Approvals(), [TEXT])
    (changed,) = stale_safety_texts(approved, [replace(TEXT, text="Bel 113.")])
    assert "nog niet nagekeken" in str(new)
    assert "veranderd sinds" in str(changed)
    assert new.blocking
    assert stale_safety_texts(Approvals(), [replace(TEXT, is_safety=False)]) == []


def with_text(article: Article, text: str) -> Article:
    first, *others = article.sections
    return replace(article, sections=(replace(first, text=text), *others))


def test_a_changed_passage_is_a_remark_with_the_command_to_run() -> None:
    articles = read_articles(ROOT / "data" / "articles")
    articles[0] = with_text(articles[0], "Vraag het je huisarts of apotheker.")
    passage = passages(articles)[0]
    (fault,) = stale_passages(read_approvals(), articles)
    assert fault.remark
    assert f"kalm approve {passage.id}" in str(fault)
    assert fault.section == passage.section


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Neem elke avond twee capsules.", "klinkt als een hoeveelheid"),
        ("Sla je pramipexol gerust eens een week over.", "klinkt als raad om zelf met een medicijn"),
        ("Krijg je pijn op de borst, ga dan rustig zitten en wacht even af.", "noemt een teken van gevaar"),
        ("Sinds ik dit gebruik, slaap ik eindelijk de hele nacht door.", "klinkt als een belofte"),
    ],
)
def test_a_doubtful_sentence_waits_until_its_passage_is_approved(text: str, expected: str) -> None:
    articles = read_articles(ROOT / "data" / "articles")
    articles[0] = with_text(articles[0], f"{text} Een mineraal zit in eten.")
    passage = passages(articles)[0]
    approved = read_approvals()
    (fault,) = [fault for fault in stale_passages(approved, articles) if fault.blocking]
    assert expected in str(fault)
    assert text in str(fault)
    read = Approvals(approved.safety, {**approved.passages, passage.id: f"{passage.hash} door een apotheker"})
    assert stale_passages(read, articles) == []


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "approved.yml"
    assert read_approvals(path) == Approvals()
    approvals = Approvals({"b": "1 door é: x", "a": "2"}, {"c#d": "3"})
    write_approvals(approvals, path)
    assert read_approvals(path) == approvals


@pytest.mark.parametrize(
    ("setting", "value"),
    [("SHOP_NAME", "Winkel & Co"), ("CONVERSATION_DAYS", "14"), ("PUBLIC_URL", "https://winkel.example")],
)
def test_a_setting_changes_no_text(monkeypatch: pytest.MonkeyPatch, setting: str, value: str) -> None:
    before = {text.name: text.hash for text in said()}
    monkeypatch.setenv(f"KALM_{setting}", value)
    settings.cache_clear()
    try:
        assert {text.name: text.hash for text in said()} == before
    finally:
        settings.cache_clear()


def test_every_text_knows_its_line() -> None:
    lines = {path: path.read_text(encoding="utf-8").splitlines() for path in {text.path for text in said()}}
    for text in said():
        assert text.line > 0, text.name
        if not text.name.startswith(("rules/", "wording/")):  # of the whole file
            assert text.name.split("/")[1] in lines[text.path][text.line - 1]


def test_names_are_unique_and_what_matters_is_approved() -> None:
    names = [text.name for text in said()]
    assert len(names) == len(set(names))
    safety = {text.name for text in said() if text.is_safety}
    assert {"sentences/crisis", "sentences/disclaimer_long", "danger/hart", "conditions/kind"} <= safety


def test_a_changed_rule_waits_for_a_reader_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from kalm import said as module

    before = {text.name: text.hash for text in said() if text.is_rule}
    assert {"danger/hart/patronen", "rules/danger", "rules/context", "rules/settled"} <= before.keys()
    read = module.read_file

    def with_one_word_more(name: str) -> dict[str, object]:
        raw = read(name)
        if name == "danger.yml":
            raw["woorden"]["borst"].append("tors")  # a list that patterns share
        return raw

    monkeypatch.setattr(module, "read_file", with_one_word_more)
    after = {text.name: text.hash for text in said() if text.is_rule}
    assert {name for name in before if before[name] != after[name]} == {"rules/danger"}

    def in_another_order(name: str) -> dict[str, object]:
        raw = read(name)
        for field in ("gevaren", "troost"):
            raw.update({field: dict(reversed(raw[field].items()))} if field in raw else {})
        return raw

    monkeypatch.setattr(module, "read_file", in_another_order)
    after = {text.name: text.hash for text in said() if text.is_rule}
    assert {name for name in before if before[name] != after[name]} == {"rules/comfort", "rules/danger"}
