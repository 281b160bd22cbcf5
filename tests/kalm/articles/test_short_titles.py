from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kalm.articles import Article, Evidence, Section, Source, check_articles, passages, read_articles
from kalm.articles.short_titles import short_title
from kalm.limits import LONGEST_BUTTON
from kalm.settings import ROOT

TODAY = date(2026, 11, 22)
SECTION = Section(
    id="koffie",
    heading="Koffie bij RLS",
    text="rust " * 60,
    evidence=Evidence.GENERAL,
    sources=(Source("Folder, Ziekenhuis, 2024", "https://voorbeeld.nl/rls"),),
    questions=("Kun je koffie drinken met RLS?", "koffie", "espresso"),
    draft=False,
    line=11,
    button="Koffie en RLS",
)
OTHER = replace(
    SECTION, id="thee", heading="Thee bij RLS", questions=("Thee en RLS?", "t", "h"), line=30, button=""
)
ARTICLE = Article(
    title="Over RLS",
    slug="over-rls",
    url="/artikelen/over-rls",
    published=TODAY,
    updated=TODAY,
    evidence=Evidence.GENERAL,
    topics=("rls",),
    sections=(SECTION, OTHER),
    path=Path("/winkel/artikelen/over-rls.md"),
)


def faults_of(*sections: Section) -> list[str]:
    return [str(fault) for fault in check_articles([replace(ARTICLE, sections=sections)], TODAY)]


@pytest.fixture(scope="module")
def own_sections() -> list[Section]:
    articles = read_articles(ROOT / "data" / "articles")
    return [section for article in articles for section in article.sections]


@pytest.mark.parametrize(
    ("button", "question", "title"),
    [
        ("Koffie en RLS", "Kun je koffie drinken met RLS?", "Koffie en RLS"),
        ("", "Is RLS gevaarlijk?", "Is RLS gevaarlijk?"),
        ("", "Kun je koffie drinken met RLS?", ""),
        ("x" * 20, "Wat is RLS?", "x" * 20),
        ("x" * 21, "Wat is RLS?", "Wat is RLS?"),
        ("x" * 21, "x" * 21, ""),
    ],
)
def test_the_title_is_what_an_editor_wrote_or_a_short_question(
    button: str, question: str, title: str
) -> None:
    assert short_title(replace(SECTION, button=button, questions=(question, "a", "b"))) == title


def test_a_section_without_questions_has_at_most_its_button_as_title() -> None:
    assert short_title(replace(SECTION, questions=(), button="")) == ""


@pytest.mark.parametrize("button", ["", "Koffie en RLS", "Geïrriteerde darmen?", "x" * 20])
def test_a_good_button_or_none_is_allowed(button: str) -> None:
    assert faults_of(replace(SECTION, button=button), OTHER) == []


@pytest.mark.parametrize(
    ("button", "wrong", "mend"),
    [
        ("Koffie, thee, alcohol", "heeft een knop van 21 tekens ('Koffie, thee, alcohol')", "zeg het korter"),
        ("*Koffie*", "heeft een opmaakteken in de knop ('*' in '*Koffie*')", "haal het weg"),
        ("Koffie_thee", "heeft een opmaakteken in de knop ('_'", "haal het weg"),
        ("~Koffie~", "heeft een opmaakteken in de knop ('~'", "haal het weg"),
        ("`Koffie`", "heeft een opmaakteken in de knop ('`'", "haal het weg"),
        ("Magnesium tegen RLS", "zegt in de knop", "Wel mag: ‘"),
    ],
)
@pytest.mark.parametrize("draft", [False, True])
def test_a_bad_button_names_file_section_and_mend(button: str, wrong: str, mend: str, draft: bool) -> None:
    section = replace(SECTION, button=button, draft=draft)

    (fault,) = check_articles([replace(ARTICLE, sections=(section,))], TODAY)

    assert str(fault).startswith(f'{ARTICLE.path}:11: sectie "Koffie bij RLS" ')
    assert wrong in str(fault)
    assert mend in str(fault)
    assert fault.blocking is not draft


@pytest.mark.parametrize("title", ["Koffie en RLS", "KOFFIE en rls?", "Koffie  en RLS."])
def test_a_button_twice_is_a_fault_that_names_both_places(title: str) -> None:
    (fault,) = faults_of(SECTION, replace(OTHER, button=title))

    assert fault.startswith(f"{ARTICLE.path}:30: sectie \"Thee bij RLS\" heeft op de knop '{title}', net als")
    assert 'over-rls.md, sectie "Koffie bij RLS"' in fault
    assert "schrijf bij een van beide een andere 'knop:'" in fault


def test_buttons_differ_over_all_articles() -> None:
    elsewhere = replace(ARTICLE, slug="thee", url="/artikelen/thee", path=Path("thee.md"), sections=(OTHER,))
    other = replace(elsewhere, sections=(replace(OTHER, button="koffie en RLS"),))
    first = replace(ARTICLE, sections=(SECTION,))

    assert check_articles([first, elsewhere], TODAY) == []
    assert ["net als over-rls.md" in str(fault) for fault in check_articles([first, other], TODAY)] == [True]


def test_a_button_may_not_be_the_short_question_on_the_button_of_another_section() -> None:
    (fault,) = faults_of(replace(SECTION, button="Thee en RLS"), OTHER)

    assert "heeft op de knop 'Thee en RLS?'" in fault


def test_two_equal_short_questions_are_told_once_as_questions() -> None:
    (fault,) = faults_of(replace(OTHER, id="koffie"), replace(OTHER, questions=("Thee en RLS?", "e", "f")))

    assert "heeft de vraag" in fault


@pytest.mark.parametrize("draft_first", [True, False])
def test_a_draft_that_shares_a_button_does_not_block(draft_first: bool) -> None:
    draft = replace(OTHER, button=SECTION.button, draft=True)
    pair = (draft, SECTION) if draft_first else (SECTION, draft)

    (fault,) = check_articles([replace(ARTICLE, sections=pair)], TODAY)

    assert not fault.blocking


def test_a_button_is_no_part_of_the_passage_nor_of_its_hash() -> None:
    (with_button,) = passages([replace(ARTICLE, sections=(SECTION,))])
    (without,) = passages([replace(ARTICLE, sections=(replace(SECTION, button=""),))])

    assert with_button == without
    assert with_button.hash == without.hash


def test_every_section_of_ours_has_a_button_of_its_own_that_fits(own_sections: list[Section]) -> None:
    buttons = [section.button for section in own_sections]

    assert len(buttons) > 100
    assert [section.id for section in own_sections if not section.button] == []
    assert [button for button in buttons if len(button) > LONGEST_BUTTON] == []
    assert len({button.casefold() for button in buttons}) == len(buttons)


def test_no_button_of_ours_asks_what_another_section_answers(own_sections: list[Section]) -> None:
    def fold(text: str) -> str:
        return text.casefold().strip(" ?.")

    answered = {fold(question): section for section in own_sections for question in section.questions}

    assert [s.button for s in own_sections if answered.get(fold(s.button), s) is not s] == []
