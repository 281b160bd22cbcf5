from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalm.articles import Article, ArticleError, Source, read_article, read_articles
from kalm.settings import ROOT
from review.articles.fields import ArticleHead, SectionFields, read_fields
from review.articles.markdown import (
    DraftText,
    SectionGoneError,
    apply_draft,
    own_fields,
    render_section,
    set_updated,
)

DAY = date(2026, 11, 30)
ARTICLES = read_articles(ROOT / "data" / "articles")
SECTIONS = [(article, section.id) for article in ARTICLES for section in article.sections]


def content(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


SPELLED_OTHERWISE = {"proef-creme", "via-de-huid"}
"""Sections with a comma before an address, which goes once something in them changes."""

TEXTS = {article.slug: content(article.path) for article in ARTICLES}


def own(article: Article, section_id: str) -> SectionFields:
    fields = own_fields(TEXTS[article.slug], article, section_id)
    assert fields is not None
    return fields


@pytest.mark.parametrize(("article", "section"), SECTIONS, ids=lambda one: getattr(one, "slug", one))
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_own_fields_of_each_section_change_no_byte(article: Article, section: str, line_end: str) -> None:
    text = TEXTS[article.slug].replace("\n", line_end)
    assert apply_draft(text, DraftText(article.slug, section, own(article, section), DAY)) == text


def test_nearly_each_section_is_rendered_as_it_stands() -> None:
    """Two have a comma before an address; those are left as they are until something else changes."""
    other = [
        section
        for article, section in SECTIONS
        if render_section(own(article, section)).strip() not in TEXTS[article.slug]
    ]
    assert set(other) == SPELLED_OTHERWISE


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_change_stays_within_its_section_and_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    article, section = data.draw(st.sampled_from(SECTIONS))
    plain = st.text("abcdefgh ijk.,?!éë’€😣", min_size=1, max_size=60).map(
        lambda text: " ".join(text.split())
    )
    line = plain.filter(bool)
    paragraphs = st.lists(line, min_size=1, max_size=3)
    changed = replace(
        own(article, section),
        heading=data.draw(line),
        text="\n\n".join(data.draw(paragraphs)),
        questions=tuple(data.draw(st.lists(line, max_size=4))),
        sources=(Source("Een titel", "https://voorbeeld.nl/a"),),
        conditions=data.draw(st.sampled_from([None, (), ("zwangerschap", "nierziekte")])),
        button=data.draw(st.sampled_from(["", "Korte knop"])),
        evidence=data.draw(st.sampled_from(["", "onderzoek", "ervaring"])),
        fits_referral=data.draw(st.booleans()),
        is_draft=data.draw(st.booleans()),
    )
    before = TEXTS[article.slug]
    after = apply_draft(before, DraftText(article.slug, section, changed, DAY))
    path = tmp_path_factory.mktemp("article") / article.path.name
    path.write_text(after, encoding="utf-8", newline="")
    read = read_article(path)
    assert own_fields(after, read, section) == changed
    restored = apply_draft(after, DraftText(article.slug, section, own(article, section), DAY))
    assert section in SPELLED_OTHERWISE or restored == before
    for other in article.sections:
        if other.id != section:
            block = TEXTS[article.slug].split(f"{{#{other.id}}}")[1].split("\n## ")[0]
            assert after.split(f"{{#{other.id}}}")[1].split("\n## ")[0] == block


def test_only_the_section_itself_changes() -> None:
    article, section = SECTIONS[1]
    before = TEXTS[article.slug]
    changed = replace(own(article, section), heading="Een andere kop")
    after = apply_draft(before, DraftText(article.slug, section, changed, DAY))
    old, new = before.splitlines(), after.splitlines()
    assert [(a, b) for a, b in zip(old, new, strict=True) if a != b] == [
        (f"## {article.sections[1].heading} {{#{section}}}", f"## Een andere kop {{#{section}}}")
    ]


def test_a_new_section_goes_to_the_end_with_an_id_of_its_own() -> None:
    article, section = SECTIONS[0]
    fields = replace(own(article, section), heading=article.sections[0].heading, id="")
    taken = replace(fields, heading="Wat is magnesium")
    before = TEXTS[article.slug]
    after = apply_draft(before, DraftText(article.slug, "", taken, DAY))
    assert after.startswith(before + "\n## Wat is magnesium {#wat-is-magnesium-2}\n\n")
    assert after.endswith("\n")
    assert not after.endswith("\n\n")


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_a_new_section_stands_below_one_blank_line(end: str) -> None:
    article, section = SECTIONS[0]
    text = TEXTS[article.slug].rstrip("\n") + end
    after = apply_draft(text, DraftText(article.slug, "", replace(own(article, section), id="nieuw"), DAY))
    assert after.startswith(text)
    assert "\n\n## " in after[len(text) - 2 :]
    assert "\n\n\n## " not in after


def test_a_file_without_a_last_line_end_keeps_that() -> None:
    article, section = ARTICLES[0], ARTICLES[0].sections[-1].id
    text = TEXTS[article.slug].rstrip("\n")
    changed = replace(own(article, section), heading="Anders")
    assert not apply_draft(text, DraftText(article.slug, section, changed, DAY)).endswith("\n")


def test_a_whole_new_article_can_be_read(tmp_path: Path) -> None:
    head = ArticleHead('Koffie: "wel" of niet', ("rls", "voeding"), "onderzoek")
    fields = replace(own(*SECTIONS[0]), id="", heading="Koffie in de avond", head=head)
    made = apply_draft("", DraftText(head.slug, "", fields, DAY))
    path = tmp_path / f"{head.slug}.md"
    path.write_text(made, encoding="utf-8")
    article = read_article(path)
    assert (article.title, article.slug) == ("Koffie: 'wel' of niet", "koffie-wel-of-niet")
    assert (article.published, article.topics) == (DAY, ("rls", "voeding"))
    assert [section.id for section in article.sections] == ["koffie-in-de-avond"]


@pytest.mark.parametrize("topic", ["on", "nee", "123", "null", "&rls magnesium", "-rls", "café", "x" * 200])
def test_a_topic_stays_what_was_typed(tmp_path: Path, topic: str) -> None:
    """Also where YAML would take it for something else."""
    head = ArticleHead("Koffie", ("rls", topic))
    fields = replace(own(*SECTIONS[0]), id="", head=head)
    path = tmp_path / f"{head.slug}.md"
    path.write_text(apply_draft("", DraftText(head.slug, "", fields, DAY)), encoding="utf-8")
    assert read_article(path).topics == ("rls", topic)


def test_usual_topics_are_written_as_in_the_other_articles() -> None:
    fields = replace(own(*SECTIONS[0]), id="", head=ArticleHead("Koffie", ("rls", "voeding")))
    assert "\ntopics: [rls, voeding]\n---\n" in apply_draft("", DraftText("koffie", "", fields, DAY))


def test_no_section_gets_the_address_of_the_form_for_a_new_one() -> None:
    assert SectionFields(heading="Nieuw").with_id(()).id == "nieuw-2"


def test_a_section_that_is_gone_is_told() -> None:
    article, section = SECTIONS[0]
    with pytest.raises(SectionGoneError):
        apply_draft(TEXTS[article.slug], DraftText(article.slug, "weg", own(article, section), DAY))


def test_a_file_without_head_is_told() -> None:
    with pytest.raises(ArticleError):
        apply_draft("zomaar tekst", DraftText("x", "", SectionFields(heading="x"), DAY))


@pytest.mark.parametrize("article", ARTICLES, ids=lambda one: one.slug)
def test_the_date_alone_changes(article: Article) -> None:
    before = TEXTS[article.slug]
    after = set_updated(before, date(2027, 1, 2))
    assert after == before.replace(f"updated: {article.updated}", "updated: 2027-01-02", 1)
    assert set_updated(before, article.updated) == before
    assert set_updated(before, date(2020, 1, 2)) == before


@pytest.mark.parametrize(("article", "section"), SECTIONS, ids=lambda one: getattr(one, "slug", one))
def test_fields_survive_the_database(article: Article, section: str) -> None:
    fields = own(article, section)
    assert read_fields(fields.data) == fields


@pytest.mark.parametrize(
    "broken", [None, [], "x", {"sources": 3, "questions": {"a": 1}, "text": 5, "head": []}]
)
def test_broken_fields_are_empty(broken: object) -> None:
    assert read_fields(broken) == SectionFields()
