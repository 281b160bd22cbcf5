from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kalm.articles import Article, Evidence, Section, Source, passages

SECTION = Section(
    id="wat-is-rls",
    heading="Wat RLS is",
    text="RLS is een aandoening.",
    evidence=Evidence.OFFICIAL,
    sources=(Source("Folder, Ziekenhuis, 2024", "https://voorbeeld.nl/rls"),),
    questions=("Wat is RLS?", "rls uitleg"),
    draft=False,
    line=11,
)
ARTICLE = Article(
    title="Over RLS",
    slug="over-rls",
    url="/artikelen/over-rls",
    published=date(2024, 1, 2),
    updated=date(2024, 9, 6),
    evidence=Evidence.GENERAL,
    topics=("rls",),
    sections=(SECTION,),
    path=Path("over-rls.md"),
)


def test_a_passage_carries_all_that_is_needed_to_cite_it() -> None:
    (passage,) = passages([ARTICLE])

    assert passage.id == "over-rls#wat-is-rls"
    assert passage.slug == "over-rls"
    assert passage.text == "RLS is een aandoening."
    assert (passage.article, passage.section) == ("Over RLS", "Wat RLS is")
    assert passage.url == "/artikelen/over-rls"
    assert passage.updated == "2024-09-06"
    assert passage.topics == ("rls",)
    assert passage.sources == SECTION.sources
    assert passage.questions == ("Wat is RLS?", "rls uitleg")


def test_a_passage_has_the_evidence_of_its_section_not_of_its_article() -> None:
    (passage,) = passages([ARTICLE])

    assert passage.evidence is Evidence.OFFICIAL


def test_a_passage_keeps_the_words_of_a_reference_without_its_address() -> None:
    section = replace(SECTION, text="Lees [hoe dat zit](#hoe) of [meer](https://voorbeeld.nl) [nu].")

    (passage,) = passages([replace(ARTICLE, sections=(section,))])

    assert passage.text == "Lees hoe dat zit of meer [nu]."


def test_drafts_are_never_passages() -> None:
    draft = replace(SECTION, id="concept", draft=True)

    found = passages([replace(ARTICLE, sections=(draft, SECTION, draft))])

    assert [passage.id for passage in found] == ["over-rls#wat-is-rls"]


def test_passages_keep_the_order_of_articles_and_sections() -> None:
    two = replace(ARTICLE, sections=(replace(SECTION, id="b"), replace(SECTION, id="a")))

    found = passages([two, replace(ARTICLE, slug="aanvulling")])

    assert [passage.id for passage in found] == ["over-rls#b", "over-rls#a", "aanvulling#wat-is-rls"]


def test_the_hash_follows_the_text_alone() -> None:
    (before,) = passages([ARTICLE])
    (renamed,) = passages([replace(ARTICLE, title="Anders")])
    (changed,) = passages([replace(ARTICLE, sections=(replace(SECTION, text="RLS is iets anders."),))])

    assert before.hash == renamed.hash
    assert before.hash != changed.hash


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("ervaring", "ervaring van gebruikers"),
        ("onderzoek", "onderzoek"),
        ("officieel", "officiële bron"),
        ("algemeen", "algemene informatie"),
    ],
)
def test_each_kind_of_evidence_has_dutch_words(value: str, words: str) -> None:
    assert Evidence(value).in_words == words
