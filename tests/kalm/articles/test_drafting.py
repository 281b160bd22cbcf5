from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalm.articles import Article, check_articles, read_article
from kalm.articles.drafting import draft, make_slug, what_is_missing
from kalm.articles.importing import ArticleImportError, Imported, ImportedSection, read_source
from tests.kalm.articles.pieces import PIECES

TODAY = date(2026, 11, 22)


def saved(path: Path, content: str) -> str:
    path.write_text(content, encoding="utf-8")
    return str(path)


def read_back(imported: Imported, folder: Path) -> Article:
    path = folder / f"{make_slug(imported.title)}.md"
    path.write_text(draft(imported, TODAY), encoding="utf-8")
    return read_article(path)


def test_a_draft_holds_every_section_as_draft_with_its_text(tmp_path: Path) -> None:
    sections = (
        ImportedSection("Wat het is", "Een drang om te bewegen.\n\nDat is vervelend."),
        ImportedSection("Wat je kunt doen?", "- vaste bedtijden\n- overdag wandelen"),
    )
    imported = Imported("Slapen met rusteloze benen", "", date(2024, 9, 6), sections)

    article = read_back(imported, tmp_path)

    assert (article.title, article.slug) == ("Slapen met rusteloze benen", "slapen-met-rusteloze-benen")
    assert article.url == "/artikelen/slapen-met-rusteloze-benen"
    assert (article.published, article.updated) == (date(2024, 9, 6), TODAY)
    assert [section.id for section in article.sections] == ["wat-het-is", "wat-je-kunt-doen"]
    assert [section.text for section in article.sections] == [section.text for section in imported.sections]
    assert all(section.draft for section in article.sections)


def test_a_draft_of_a_page_names_it_as_source() -> None:
    imported = Imported(
        "Benen", "https://www.voorbeeld.nl/benen", date(2024, 9, 6), (ImportedSection("Kop", "Zin."),)
    )

    text = draft(imported, TODAY)

    assert "\nbron: Benen, www.voorbeeld.nl, 2024 https://www.voorbeeld.nl/benen\n" in text
    assert "\nurl: https://www.voorbeeld.nl/benen\n" in text


def test_a_draft_of_unknown_age_gets_the_day_of_import(tmp_path: Path) -> None:
    article = read_back(Imported("Benen", "", None, (ImportedSection("Kop", "Zin."),)), tmp_path)

    assert article.published == article.updated == TODAY


def test_equal_headings_get_different_ids(tmp_path: Path) -> None:
    sections = tuple(
        ImportedSection(heading, "Zin.") for heading in ("Tip", "Tip!", "Tip 2", "Tip", "???", "!")
    )

    article = read_back(Imported("Tips", "", TODAY, sections), tmp_path)

    ids = [section.id for section in article.sections]
    assert len(set(ids)) == len(ids) == 6


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.txt", "Titel\n6 mei 2024\nKop\nEen zin.\n• punt;\n", id="plain"),
        pytest.param("a.md", "# Titel\n\n### Kop ###\n\nEen **zin**.\n\n* punt\n", id="markdown"),
        pytest.param("a.html", "<h1>Titel</h1><h2>Kop</h2><p>Een zin.</p>", id="html"),
        pytest.param(
            "a.md", "# Titel\n## Kop\nEen zin.\nbron: RIVM\nNog een zin.\n", id="line-like-a-source"
        ),
        pytest.param("a.md", "# Titel\n## Kop\nEen zin.\nstatus: onbekend\n", id="line-like-a-status"),
        pytest.param("a.md", "# Titel\n## Kop\nEen zin.\nvragen:\nWie weet het?\n", id="line-like-questions"),
        pytest.param("a.md", "# Titel\n## Kop\nbewijs: nog niet\n", id="line-like-evidence"),
        pytest.param("a.md", "# Titel\n## Kop\nVraag: wie weet het?\n", id="line-like-a-mistyped-field"),
        pytest.param("a.txt", "Titel\nKop\n ### Nog een zin {#weg}.\n", id="indented-heading-with-an-id"),
        pytest.param("a.txt", "Titel\nKop\n  ## Nog een zin.\n", id="indented-mark-of-a-heading"),
        pytest.param(
            "a.txt", "Titel\nKop\nKijk [hier](http://voorbeeld.nl) eens.\n", id="link-in-plain-text"
        ),
        pytest.param("a.md", "# Titel\n## Kop\nKijk [[hier]](/weg) eens.\n", id="odd-link"),
        pytest.param("a.txt", "Titel\n1 januari 2999\nKop\nEen zin.\n", id="date-to-come"),
        pytest.param("a.txt", "Null\nKop\nEen zin.\n", id="title-that-yaml-reads-as-nothing"),
        pytest.param("a.txt", "No\nKop\nEen zin.\n", id="title-that-yaml-reads-as-false"),
        pytest.param("a.txt", "010\nKop\nEen zin.\n", id="title-that-yaml-reads-as-a-number"),
        pytest.param("a.txt", 'Wat "rust": #1 {is} - [x]\nKop\nEen zin.\n', id="title-full-of-yaml"),
        pytest.param("a.md", "# \\\n## Kop\nEen zin.\n", id="title-of-a-backslash"),
        pytest.param("a.txt", "Titel\x07\nKop\n" + "Een zin. " * 20, id="control-code-in-the-title"),
        pytest.param("a.md", '---\ntitle: "a\\n---\\nb"\n---\n## Kop\nEen zin.\n', id="lines-in-the-title"),
        pytest.param(
            "a.md", "# Titel\n## Kop {#Oud Id}\nEen zin.\n## }\nEen zin.\n", id="braces-in-headings"
        ),
        pytest.param("a.md", "# Titel\n## Kop\n---\nEen zin.\n---\n", id="ruled-lines"),
    ],
)
def test_an_imported_draft_can_be_read_and_blocks_nothing(tmp_path: Path, name: str, content: str) -> None:
    article = read_back(read_source(saved(tmp_path / name, content)), tmp_path)

    assert all(section.draft for section in article.sections)
    assert [str(fault) for fault in check_articles([article], TODAY) if fault.blocking] == []


def test_a_page_without_https_blocks_nothing(tmp_path: Path) -> None:
    imported = Imported("Benen", "http://voorbeeld.nl/benen", TODAY, (ImportedSection("Kop", "Zin."),))

    article = read_back(imported, tmp_path)

    assert [str(fault) for fault in check_articles([article], TODAY) if fault.blocking] == []


def test_a_line_that_looks_like_a_field_keeps_its_words(tmp_path: Path) -> None:
    section = ImportedSection("Kop", "Een zin.\nbron: RIVM: 2024\nNog een zin.")

    (read,) = read_back(Imported("Titel", "", TODAY, (section,)), tmp_path).sections

    assert read.text == "Een zin.\nbron - RIVM: 2024\nNog een zin."


def test_the_notes_name_what_is_too_long_or_short_and_what_was_guessed() -> None:
    sections = (
        ImportedSection("Lang", "woord " * 121),
        ImportedSection("Goed", "woord " * 120),
        ImportedSection("Kort", "woord " * 39),
    )

    notes = "\n".join(what_is_missing(Imported("Titel", "", None, sections)))

    assert 'Splits "Lang": 121 woorden' in notes
    assert 'Vul "Kort" aan: 39 woorden' in notes
    assert '"Goed"' not in notes
    assert "datum van verschijnen" in notes
    assert "'url:'" in notes


def test_the_notes_leave_out_what_the_source_told() -> None:
    imported = Imported("Titel", "https://voorbeeld.nl", TODAY, (ImportedSection("Goed", "woord " * 60),))

    notes = "\n".join(what_is_missing(imported))

    assert "datum van verschijnen" not in notes
    assert "'url:'" not in notes
    assert "'status: concept'" in notes
    assert "'knop:'" in notes


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Rusteloze benen", "rusteloze-benen"),
        ("Ideeën & cafés: één!", "ideeen-cafes-een"),
        ("  --Wat?--  ", "wat"),
        ("睡眠", "artikel"),
        ("", "artikel"),
        ("a" * 59 + " bcd", "a" * 59),
        ("../../etc/passwd", "etc-passwd"),
    ],
)
def test_a_slug_is_the_title_in_plain_letters(text: str, slug: str) -> None:
    assert make_slug(text) == slug


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=100))
def test_a_slug_is_always_kebab_case(text: str) -> None:
    slug = make_slug(text)

    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= 60
    assert make_slug(slug) == slug


@settings(max_examples=80, deadline=None, derandomize=True)
@given(title=st.text(min_size=1, max_size=30), heading=PIECES, body=st.lists(PIECES, min_size=1, max_size=6))
def test_any_imported_draft_can_be_read_and_blocks_nothing(
    tmp_path_factory: pytest.TempPathFactory, title: str, heading: str, body: list[str]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    source = folder / "property.md"
    text = "\n".join([f"# {title}", f"## {heading}", *body, "## Slot", "Een zin."])
    source.write_text(text, encoding="utf-8", errors="replace")
    try:
        imported = read_source(str(source))
    except ArticleImportError:
        return

    article = read_back(imported, folder)

    assert all(section.draft for section in article.sections)
    assert [str(fault) for fault in check_articles([article], TODAY) if fault.blocking] == []
