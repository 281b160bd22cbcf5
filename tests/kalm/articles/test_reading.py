from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalm.articles import (
    ArticleError,
    Evidence,
    Source,
    check_articles,
    read_article,
    read_articles,
)

Write = Callable[..., Path]


def faults_of(path: Path) -> list[str]:
    with pytest.raises(ArticleError) as caught:
        read_article(path)
    assert str(caught.value) == "\n".join(str(fault) for fault in caught.value.faults)
    return [str(fault) for fault in caught.value.faults]


def test_the_head_is_read(write_article: Write) -> None:
    article = read_article(path := write_article())

    assert (article.title, article.slug, article.url) == ("Over RLS", "over-rls", "/artikelen/over-rls")
    assert (article.published, article.updated) == (date(2024, 1, 2), date(2024, 9, 6))
    assert article.evidence is Evidence.OFFICIAL
    assert article.topics == ("rls", "slaap")
    assert article.path == path


def test_the_sections_are_read_with_their_fields(write_article: Write) -> None:
    first, second = read_article(write_article()).sections

    assert (first.id, first.heading) == ("wat-is-rls", "Wat RLS is")
    assert first.text == "RLS is een aandoening.\n\n- een\n- twee"
    assert first.sources == (
        Source("Folder RLS, Ziekenhuis, 2024", "https://voorbeeld.nl/rls"),
        Source("Tweede folder", "https://voorbeeld.nl/twee"),
    )
    assert first.questions == ("Wat is RLS?", "rls uitleg")
    assert (first.button, second.button) == ("RLS, wat is dat?", "")
    assert not first.draft
    assert second.draft
    assert second.sources == second.questions == ()


def test_a_section_has_its_own_evidence_or_that_of_the_article(write_article: Write) -> None:
    first, second = read_article(write_article()).sections

    assert first.evidence is Evidence.RESEARCH
    assert second.evidence is Evidence.OFFICIAL


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n\n"])
@pytest.mark.parametrize("start", ["", "\n\n"])
def test_a_section_knows_the_line_of_its_heading(write_article: Write, start: str, end: str) -> None:
    path = write_article(f"{start}\n## Een {{#een}}\ntekst\n\n## Twee {{#twee}}\ntekst{end}")
    lines = path.read_text(encoding="utf-8").splitlines()

    assert [lines[section.line - 1] for section in read_article(path).sections] == [
        "## Een {#een}",
        "## Twee {#twee}",
    ]


def test_a_heading_without_id_is_left_to_the_check(write_article: Write) -> None:
    (section,) = read_article(write_article("## Zonder id\ntekst")).sections

    assert (section.heading, section.id) == ("Zonder id", "")


def test_text_above_the_first_heading_is_a_fault_with_its_line(write_article: Write) -> None:
    path = write_article("Een inleiding.\n\nNog een zin.\n\n## Kop {#kop}\ntekst")

    assert faults_of(path) == [f"{path}:10: heeft tekst boven de eerste '## '-kop; zet er een kop boven"]


@pytest.mark.parametrize(
    ("line", "wrong", "mend"),
    [
        ("bewijs: gerucht", "heeft als soort bewijs 'gerucht'", "kies uit ervaring, onderzoek"),
        ("status: klaar", "heeft status 'klaar'", "haal de regel anders weg"),
        (
            "bron: Folder https://a.nl\nNog een zin.",
            "een regel die geen veld is ('Nog een zin.')",
            "tekst hoort",
        ),
        ("bron: Folder https://a.nl\n- punt", "een regel die geen veld is ('- punt')", "tekst hoort boven"),
        (
            "bron: Folder https://a.nl\nauteur: Jan",
            "geen veld is ('auteur: Jan')",
            "een van bewijs:",
        ),
        ("bron: Folder https://a.nl\n" + "Nog een zin.\n\n" * 5, "een regel die geen veld is", "tekst hoort"),
        ("vragen:\nzonder streepje?", "geen vraag is ('zonder streepje?')", "zet voor een vraag '- '"),
        ("vragen:\n-Hoe?\n-Wie?\n* Wat?", "geen vraag is ('-Hoe?')", "zet voor een vraag '- '"),
        ("vragen: Hoe?\n- Wie?", "tekst achter 'vragen:' ('Hoe?')", "op een eigen regel met '- '"),
        ("vraag:\n- Hoe?\n- Wie?", "heeft 'vraag:', dat kent Kalm niet", "bedoel je 'vragen:'?"),
        ("bron: Folder https://a.nl\nvraag:\n- Hoe?", "heeft 'vraag:'", "bedoel je 'vragen:'?"),
        ("Vragen:\n- Hoe?\n- Wie?", "heeft 'Vragen:'", "bedoel je 'vragen:'?"),
        ("**vragen:**\n- Hoe?\n- Wie?", "heeft 'vragen:'", "bedoel je 'vragen:'?"),
        (" vragen :\n- Hoe?\n- Wie?", "heeft 'vragen:'", "Typ het precies zo, vooraan"),
        ("bronnen: Folder https://a.nl\nvragen:\n- Hoe?", "heeft 'bronnen:'", "bedoel je 'bron:'?"),
        ("bron: Folder https://a.nl\nevidence: algemeen", "heeft 'evidence:'", "bedoel je 'bewijs:'?"),
        ("Status: concept\nbron: Folder", "heeft 'Status:'", "bedoel je 'status:'?"),
        ("let_op: nieren", "heeft bij 'let_op' 'nieren'", "kies uit nierziekte,"),
        ("let_op:", "heeft bij 'let_op' ''", "schrijf 'geen'"),
        ("bij_verwijzing: soms", "heeft bij 'bij_verwijzing' 'soms'", "schrijf 'ja'"),
        ("letop: nierziekte", "heeft 'letop:'", "bedoel je 'let_op:'?"),
        ("knop:", "heeft niets achter 'knop:'", "schrijf er een korte titel achter of haal de regel weg"),
        ("knop: RLS\nknop: Over RLS", "heeft nog een 'knop:' ('Over RLS')", "haal een regel weg"),
        (
            "knop: Wat is RLS\nen wat niet?",
            "geen veld is ('en wat niet?')",
            "tekst hoort boven",
        ),
        ("knopje: RLS", "heeft 'knopje:'", "bedoel je 'knop:'?"),
    ],
)
def test_a_bad_field_names_file_section_and_mend(
    write_article: Write, line: str, wrong: str, mend: str
) -> None:
    path = write_article(f"## Wat RLS is {{#wat}}\ntekst\n\n{line}")

    (fault,) = faults_of(path)

    assert fault.startswith(f"{path}:")
    assert ': sectie "Wat RLS is" ' in fault
    assert wrong in fault
    assert mend in fault


@pytest.mark.parametrize(
    "line",
    ["Brood: volkoren.", "Statines: medicijnen.", "Vrouwen: vaker.", "Let op: geen advies.", "- Bron: zie"],
)
def test_a_word_with_a_colon_in_a_passage_is_text(write_article: Write, line: str) -> None:
    (section,) = read_article(write_article(f"## Wat RLS is {{#wat}}\n{line}\n\nbron: Folder")).sections

    assert section.text == line


@pytest.mark.parametrize("heading", ["##Kop {#kop}", "### Kop {#kop}", "# Kop {#kop", "  ## Kop {#kop}"])
def test_a_heading_that_is_not_known_is_one_fault(write_article: Write, heading: str) -> None:
    path = write_article(f"## Eerst {{#eerst}}\ntekst\n\nbron: Folder\nvragen:\n- Wat?\n\n{heading}\ntekst\n")

    (fault,) = faults_of(path)

    assert fault.startswith(f"{path}:17: heeft een kop die Kalm niet herkent ('{heading.strip()}')")
    assert "'## Kop {#id}'" in fault


def test_all_faults_of_a_file_are_told_at_once(write_article: Write) -> None:
    path = write_article("losse tekst", title=None, topics="rls", auteur="Jan")

    assert len(faults_of(path)) == 4


@pytest.mark.parametrize("content", ["één".encode("latin-1"), "één".encode("utf-16"), b"\x89PNG\r\n\x1a\n"])
def test_a_file_that_is_no_utf8_is_a_fault_with_the_mend(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "over-rls.md"
    path.write_bytes(content)

    assert faults_of(path) == [f"{path}: is geen UTF-8-tekst; sla het bestand op als UTF-8"]


def test_a_byte_order_mark_of_a_windows_editor_does_no_harm(write_article: Write) -> None:
    path = write_article()
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert read_article(path).title == "Over RLS"


def test_windows_line_ends_do_no_harm(write_article: Write) -> None:
    path = write_article()
    unix = read_article(path)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert read_article(path) == unix


def test_a_folder_is_read_in_order_of_file_name_and_other_files_are_left_alone(write_article: Write) -> None:
    path = write_article()
    path.with_name("alvast.md").write_bytes(path.read_bytes())
    path.with_name("notities.txt").write_text("geen artikel", encoding="utf-8")

    articles = read_articles(path.parent)

    assert [article.path.name for article in articles] == ["alvast.md", "over-rls.md"]


def test_the_faults_of_all_files_come_together(write_article: Write) -> None:
    path = write_article(title=None)
    path.with_name("alvast.md").write_bytes(path.read_bytes())

    with pytest.raises(ArticleError) as caught:
        read_articles(path.parent)

    assert [fault.path.name for fault in caught.value.faults] == ["alvast.md", "over-rls.md"]


@pytest.mark.parametrize("folder", ["leeg", "bestaat-niet"])
def test_a_folder_without_articles_is_a_fault(tmp_path: Path, folder: str) -> None:
    (tmp_path / "leeg").mkdir()

    with pytest.raises(ArticleError, match=r"bevat geen artikelen; zet er een \.md-bestand in"):
        read_articles(tmp_path / folder)


LINES = st.sampled_from(
    [
        "---",
        "title: Over RLS",
        "slug: over-rls",
        "updated: 2024-09-06",
        "published: 2024-13-01",
        "evidence: [x]",
        "topics: {a: b}",
        "1: x",
        "## Kop {#kop}",
        "## {#}",
        "##",
        "bron:",
        "bron: https://",
        "vragen:",
        "- ",
        "status: concept",
        "bewijs: ",
        "",
    ]
)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(lines=st.lists(st.one_of(LINES, st.text(max_size=20)), max_size=15))
def test_any_text_is_an_article_or_an_article_error(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.md"
    path.write_text("\n".join(["---", *lines]), encoding="utf-8", errors="replace")
    try:
        article = read_article(path)
    except ArticleError:
        pass
    else:
        check_articles([article])


def test_conditions_and_safety_beside_a_referral_are_read(write_article: Write) -> None:
    fields = "let_op: nierziekte,  zwangerschap\nbij_verwijzing: ja\nbron: Folder https://a.nl"
    (section,) = read_article(write_article(f"## Wat RLS is {{#wat}}\ntekst\n\n{fields}")).sections
    assert (section.conditions, section.fits_referral) == (("nierziekte", "zwangerschap"), True)


@pytest.mark.parametrize(("fields", "conditions"), [("let_op: geen", ()), ("bron: X https://a.nl", None)])
def test_no_condition_is_something_else_than_not_saying(
    write_article: Write, fields: str, conditions: tuple[str, ...] | None
) -> None:
    (section,) = read_article(write_article(f"## Wat RLS is {{#wat}}\ntekst\n\n{fields}")).sections
    assert (section.conditions, section.fits_referral) == (conditions, False)
