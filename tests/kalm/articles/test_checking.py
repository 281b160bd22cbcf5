from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kalm.articles import (
    Article,
    Evidence,
    Fault,
    Passage,
    Section,
    Source,
    check_articles,
    passages,
    read_articles,
)
from kalm.articles.checking import count_words
from kalm.settings import ROOT

TODAY = date(2026, 11, 22)
PATH = Path("/winkel/artikelen/over-rls.md")
SECTION = Section(
    id="wat-is-rls",
    heading="Wat RLS is",
    text="rust " * 60,
    evidence=Evidence.OFFICIAL,
    sources=(Source("Folder, Ziekenhuis, 2024", "https://voorbeeld.nl/rls"),),
    questions=("Wat is RLS?", "Wat betekent RLS?", "rls uitleg"),
    draft=False,
    line=11,
)
OTHER = replace(
    SECTION, id="wie", heading="Wie RLS krijgt", questions=("Wie?", "Wie nog meer?", "w"), line=30
)
ARTICLE = Article(
    title="Over RLS",
    slug="over-rls",
    url="/artikelen/over-rls",
    published=TODAY - timedelta(days=10),
    updated=TODAY,
    evidence=Evidence.GENERAL,
    topics=("rls",),
    sections=(SECTION,),
    path=PATH,
)

SECTION_FAULTS = [
    pytest.param({"id": ""}, "heeft geen id", "zet achter de kop", id="no-id"),
    pytest.param({"id": "Wat Is"}, "heeft id 'Wat Is'", "gebruik kleine letters", id="id-no-kebab-case"),
    pytest.param({"text": "rust " * 39}, "heeft 39 woorden", "vul haar aan", id="too-short"),
    pytest.param({"text": "rust " * 121}, "heeft 121 woorden", "splits haar", id="too-long"),
    pytest.param({"sources": ()}, "heeft geen bron", "voeg een regel 'bron:", id="no-source"),
    pytest.param(
        {"sources": (Source("Folder, Ziekenhuis", ""),)},
        "zonder adres aan het eind (Folder, Ziekenhuis)",
        "vul haar aan",
        id="source-without-address",
    ),
    pytest.param(
        {"sources": (*SECTION.sources, Source("", "https://voorbeeld.nl"))},
        "een bron zonder titel",
        "vul haar aan",
        id="source-without-title",
    ),
    pytest.param(
        {"sources": (Source("Folder", "https://[1"),)},
        "heeft een bron zonder titel of zonder adres",
        "vul haar aan",
        id="source-with-a-broken-address",
    ),
    pytest.param({"questions": ("Wat?", "Hoe?")}, "heeft 2 vragen", "schrijf er minstens 3", id="questions"),
    pytest.param(
        {"questions": ("rls uitleg", "Wat is RLS?", "Hoe?")},
        "heeft 'rls uitleg' als eerste vraag",
        "een hele vraag",
        id="button-without-question-mark",
    ),
    pytest.param(
        {"questions": (f"Wat {'x' * 56}?", "Hoe?", "Wie?")},
        "als eerste vraag",
        "hoogstens 60 tekens",
        id="button-of-61-characters",
    ),
    pytest.param(
        {"questions": ("Mag ik koffie met RLS?", "Hoe?", "Wie?")},
        "heeft 'Mag ik koffie met RLS?' als eerste vraag",
        "zet er een algemene vraag boven",
        id="button-mag-ik",
    ),
    pytest.param(
        {"questions": ("moet ik naar de huisarts?", "Hoe?", "Wie?")},
        "als eerste vraag",
        "zet er een algemene vraag boven",
        id="button-moet-ik",
    ),
    pytest.param(
        {"text": "rust " * 50 + "Een tablet bevat 300 mg.", "conditions": (), "fits_referral": True},
        "noemt een hoeveelheid ('300 mg') en heeft 'bij_verwijzing: ja'",
        "haal een van beide weg",
        id="amount-beside-a-referral",
    ),
    pytest.param(
        {"text": "rust " * 50 + ". Neem magnesium bij het eten.", "conditions": ()},
        "zegt de lezer om iets in te nemen en heeft bij 'let_op:' niemand",
        "noem wie eerst moet overleggen",
        id="told-to-take-and-nobody-to-ask-first",
    ),
    pytest.param(
        {"text": "rust " * 50 + "\nLet op: nierziekte, zwangerschap"},
        "heeft 'Let op: nierziekte' in de tekst",
        "schrijf het onder de tekst als veld",
        id="caution-as-text",
    ),
    *(
        pytest.param(
            {"text": "rust " * 50 + mark},
            "heeft opmaak in de tekst ('",
            "haal de tekens weg",
            id=f"markup-{mark}",
        )
        for mark in (
            *("**vet**", "__vet__", "*schuin*", "_schuin zijn_", "`code`", "<b>vet</b>"),
            *("\n### Kopje", "\n* punt", "\n> citaat"),
        )
    ),
    pytest.param(
        {"text": "rust " * 50 + "[zie](#weg)"},
        "verwijst naar '#weg'",
        "verbeter de verwijzing",
        id="dead-anchor",
    ),
    pytest.param(
        {"text": "rust " * 50 + "[zie](/artikelen/weg)"},
        "verwijst naar '/artikelen/weg'",
        "verbeter de verwijzing",
        id="dead-article",
    ),
    pytest.param(
        {"text": "rust " * 50 + "[zie](http://voorbeeld.nl)"},
        "verwijst naar 'http://voorbeeld.nl'",
        "verbeter de verwijzing",
        id="insecure-link",
    ),
]


@pytest.mark.parametrize(
    "text",
    ["Neem contact op met je arts voordat je magnesium gebruikt.", "Neem geen magnesium zonder overleg."],
)
def test_a_warning_does_not_tell_to_take_anything(text: str) -> None:
    section = replace(SECTION, text="rust " * 50 + ". " + text, conditions=())
    assert check_articles([replace(ARTICLE, sections=(section,))], TODAY) == []


@pytest.mark.parametrize(
    ("title", "faults"), [("Magnesium geneest RLS, Studie, 2024", 1), ("Studie, 2024", 0)]
)
def test_the_title_of_a_source_claims_nothing_either(title: str, faults: int) -> None:
    section = replace(SECTION, sources=(Source(title, "https://voorbeeld.nl/rls"),))
    found = check_articles([replace(ARTICLE, sections=(section,))], TODAY)
    assert ["een bron" in str(fault) for fault in found] == [True] * faults


ARTICLE_FAULTS = [
    pytest.param(
        {"slug": "Over_RLS", "path": Path("/winkel/Over_RLS.md"), "url": "https://winkel.nl/rls"},
        "heeft slug 'Over_RLS'",
        "gebruik kleine letters",
        id="slug-no-kebab-case",
    ),
    pytest.param(
        {"path": Path("/winkel/anders.md")},
        "heet anders dan zijn slug",
        "noem het bestand over-rls.md",
        id="name",
    ),
    pytest.param({"url": "ftp://winkel.nl"}, "heeft url 'ftp://winkel.nl'", "https://", id="url-of-no-page"),
    pytest.param({"url": "https://"}, "heeft url 'https://'", "/artikelen/over-rls", id="url-without-host"),
    pytest.param({"url": "https://[1"}, "heeft url 'https://[1'", "gebruik een adres", id="broken-url"),
    pytest.param({"url": "/artikelen/anders"}, "heeft url", "/artikelen/over-rls", id="path-of-another"),
    pytest.param(
        {"updated": TODAY - timedelta(days=11)},
        "bijgewerkt voordat het verscheen",
        "zet 'updated:'",
        id="order",
    ),
    pytest.param(
        {"updated": TODAY + timedelta(days=1)},
        "'updated:' een datum in de toekomst",
        "zet de echte",
        id="future",
    ),
    pytest.param({"sections": ()}, "heeft geen secties", "begin elke sectie met '## ", id="no-sections"),
]


@pytest.fixture(scope="module")
def real_articles() -> list[Article]:
    return read_articles(ROOT / "data" / "articles")


@pytest.fixture(scope="module")
def real_passages(real_articles: list[Article]) -> list[Passage]:
    return passages(real_articles)


def test_a_good_article_has_no_faults() -> None:
    assert check_articles([replace(ARTICLE, sections=(SECTION, OTHER))], TODAY) == []


@pytest.mark.parametrize("count", [40, 120])
def test_the_outer_lengths_of_a_passage_are_allowed(count: int) -> None:
    section = replace(SECTION, text="rust " * count)

    assert check_articles([replace(ARTICLE, sections=(section,))], TODAY) == []


@pytest.mark.parametrize(("changes", "wrong", "mend"), SECTION_FAULTS)
def test_a_fault_in_a_section_names_file_line_section_and_mend(
    changes: dict[str, Any], wrong: str, mend: str
) -> None:
    (fault,) = check_articles([replace(ARTICLE, sections=(replace(SECTION, **changes),))], TODAY)

    assert str(fault).startswith(f'{PATH}:11: sectie "Wat RLS is" ')
    assert wrong in str(fault)
    assert mend in str(fault)
    assert fault.blocking


@pytest.mark.parametrize(("changes", "wrong", "mend"), SECTION_FAULTS)
def test_a_fault_in_a_draft_is_told_and_does_not_block(
    changes: dict[str, Any], wrong: str, mend: str
) -> None:
    draft = replace(SECTION, draft=True, **changes)

    (fault,) = check_articles([replace(ARTICLE, sections=(draft,))], TODAY)

    assert wrong in str(fault)
    assert not fault.blocking


@pytest.mark.parametrize(("changes", "wrong", "mend"), ARTICLE_FAULTS)
def test_a_fault_in_an_article_names_file_and_mend(changes: dict[str, Any], wrong: str, mend: str) -> None:
    article = replace(ARTICLE, **changes)

    (fault,) = check_articles([article], TODAY)

    assert str(fault).startswith(f"{article.path}: ")
    assert wrong in str(fault)
    assert mend in str(fault)
    assert fault.blocking


@pytest.mark.parametrize(
    "text",
    ["2 * 3 is 6", "5 mg* per dag", "snake_case_woord", "a < b", "# nummer", "- punt\n- punt", "1. een"],
)
def test_signs_that_are_no_markup_are_allowed(text: str) -> None:
    section = replace(SECTION, text="rust " * 50 + text)

    assert check_articles([replace(ARTICLE, sections=(section,))], TODAY) == []


def test_markup_is_not_looked_for_in_the_address_of_a_reference() -> None:
    section = replace(SECTION, text="rust " * 50 + "[zie](https://voorbeeld.nl/__init__)")

    assert check_articles([replace(ARTICLE, sections=(section,))], TODAY) == []


@pytest.mark.parametrize(
    "question", ["Wanneer moet ik naar de huisarts?", "Kun je koffie drinken?", "Magnesium?"]
)
def test_a_general_first_question_is_allowed(question: str) -> None:
    section = replace(SECTION, questions=(question, "mag ik koffie", "Hoe?"))

    assert check_articles([replace(ARTICLE, sections=(section,))], TODAY) == []


@pytest.mark.parametrize(
    ("text", "wrong", "mend"),
    [
        ("Dat lucht op!", "heeft een uitroepteken ('", "maak er liever een punt van"),
    ],
)
@pytest.mark.parametrize("draft", [False, True])
def test_what_a_person_must_judge_is_a_remark_and_never_blocks(
    text: str, wrong: str, mend: str, draft: bool
) -> None:
    section = replace(SECTION, text="rust " * 50 + text, draft=draft)

    (remark,) = check_articles([replace(ARTICLE, sections=(section,))], TODAY)

    assert str(remark).startswith(f'{PATH}:11: sectie "Wat RLS is" ')
    assert wrong in str(remark)
    assert mend in str(remark)
    assert remark.remark
    assert remark.draft is draft
    assert not remark.blocking


@pytest.mark.parametrize(
    "change",
    [
        {"text": "rust " * 50 + "Magnesium geneest RLS."},
        {"heading": "Magnesium tegen RLS"},
        {"questions": ("Waarom helpt magnesium zo goed bij RLS?", "b", "c")},
    ],
)
@pytest.mark.parametrize("draft", [False, True])
def test_a_claim_is_a_fault_with_its_rule_and_what_is_allowed(change: dict[str, Any], draft: bool) -> None:
    section = replace(SECTION, draft=draft, **change)

    faults = check_articles([replace(ARTICLE, sections=(section,))], TODAY)

    assert len(faults) == 1
    assert "iets wat een winkel niet mag zeggen" in str(faults[0])
    assert "Wel mag: ‘" in str(faults[0])
    assert faults[0].blocking is not draft


def test_a_claim_names_the_line_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "over-rls.md"
    path.write_text("kop\n## Wat RLS is {#wat}\n\nRust.\n\nMagnesium geneest RLS. Echt.\n", encoding="utf-8")
    section = replace(SECTION, text="rust " * 50 + "\n\nMagnesium geneest RLS. Echt.", line=2)

    (fault,) = check_articles([replace(ARTICLE, sections=(section,), path=path)], TODAY)

    assert fault.line == 6


@pytest.mark.parametrize("text", ["Magnesium is geen geneesmiddel.", "IJzer geneest bloedarmoede."])
def test_no_promise_about_magnesium_is_no_fault(text: str) -> None:
    section = replace(SECTION, text="rust " * 50 + text)

    assert check_articles([replace(ARTICLE, sections=(section,))], TODAY) == []


@pytest.mark.parametrize(
    "text", ["Neem je magnesium in?", "Wie magnesium slikt, weet dat.", "Extra magnesium is te koop."]
)
def test_a_passage_about_taking_magnesium_says_who_must_be_careful(text: str) -> None:
    def faults(conditions: tuple[str, ...] | None) -> list[Fault]:
        section = replace(SECTION, text="woord " * 50 + text, conditions=conditions)
        return check_articles([replace(ARTICLE, sections=(section,))], TODAY)

    (fault,) = faults(None)
    assert "let_op:" in str(fault)
    assert faults(()) == faults(("nierziekte",)) == []


def test_all_faults_are_told_at_once() -> None:
    section = replace(SECTION, id="", sources=(), questions=())

    faults = check_articles([replace(ARTICLE, url="", sections=(section,))], TODAY)

    assert len(faults) == 4


def test_dates_are_compared_with_the_real_day_when_none_is_given() -> None:
    tomorrow = date.today() + timedelta(days=1)

    (fault,) = check_articles([replace(ARTICLE, published=date(2020, 1, 1), updated=tomorrow)])

    assert "toekomst" in str(fault)


@pytest.mark.parametrize(
    "target",
    ["#wie", "/artikelen/over-rls#wie", "/artikelen/over-rls", "/artikelen/twee#wat", "https://rivm.nl"],
)
def test_references_that_exist_are_allowed(target: str) -> None:
    section = replace(SECTION, text="rust " * 50 + f"[zie]({target})")
    second = replace(
        ARTICLE,
        slug="twee",
        url="/artikelen/twee",
        path=Path("twee.md"),
        sections=(replace(OTHER, id="wat", questions=("A?", "B?", "c")),),
    )

    assert check_articles([replace(ARTICLE, sections=(section, OTHER)), second], TODAY) == []


def test_two_articles_with_one_slug_are_a_fault_that_names_both() -> None:
    first = replace(ARTICLE, path=Path("/winkel/een/over-rls.md"), sections=(OTHER,))

    (fault,) = check_articles([first, ARTICLE], TODAY)

    assert str(fault) == f"{PATH}: heeft dezelfde slug als /winkel/een/over-rls.md; kies een andere"
    assert fault.blocking


def test_an_id_twice_in_an_article_is_a_fault_of_the_second() -> None:
    (fault,) = check_articles([replace(ARTICLE, sections=(SECTION, replace(OTHER, id=SECTION.id)))], TODAY)

    assert str(fault).startswith(
        f'{PATH}:30: sectie "Wie RLS krijgt" heeft een id dat al bestaat (wat-is-rls)'
    )
    assert "kies een ander" in str(fault)
    assert fault.blocking


@pytest.mark.parametrize("question", ["Wat is RLS?", "wat is rls", "  WAT is RLS!  "])
def test_a_question_twice_is_a_fault_that_names_both_places(question: str) -> None:
    second = replace(OTHER, questions=("Wie?", "Wie nog meer?", question))

    (fault,) = check_articles([replace(ARTICLE, sections=(SECTION, second))], TODAY)

    assert str(fault).startswith(f'{PATH}:30: sectie "Wie RLS krijgt" heeft de vraag')
    assert 'over-rls.md, sectie "Wat RLS is"' in str(fault)
    assert "laat haar bij één sectie" in str(fault)
    assert fault.blocking


@pytest.mark.parametrize("draft_first", [True, False])
def test_a_draft_that_shares_an_id_or_a_question_does_not_block(draft_first: bool) -> None:
    draft = replace(SECTION, draft=True, heading="Nieuwe tekst over RLS", line=50)
    pair = (draft, SECTION) if draft_first else (SECTION, draft)

    faults = check_articles([replace(ARTICLE, sections=pair)], TODAY)

    assert faults
    assert not any(fault.blocking for fault in faults)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("één twee", 2),
        ("- een\n- twee\n\ndrie", 3),
        ("B12 - 5 mg.", 3),
        ("'s nachts", 2),
        ("… ?!", 0),
    ],
)
def test_words_are_runs_with_a_letter_or_digit(text: str, count: int) -> None:
    assert count_words(text) == count


def test_the_real_articles_have_no_blocking_faults(real_articles: list[Article]) -> None:
    assert [str(fault) for fault in check_articles(real_articles) if fault.blocking] == []


def test_every_real_passage_has_forty_to_a_hundred_and_twenty_words(real_passages: list[Passage]) -> None:
    lengths = {passage.id: len(re.findall(r"\S*\w\S*", passage.text)) for passage in real_passages}

    assert lengths
    assert {id: words for id, words in lengths.items() if not 40 <= words <= 120} == {}


def test_every_real_passage_names_a_source_with_an_address(real_passages: list[Passage]) -> None:
    address = re.compile(r"https?://[\w.-]+\.\w+")

    bare = [p.id for p in real_passages if not p.sources or not all(address.match(s.url) for s in p.sources)]

    assert bare == []


def test_no_two_real_questions_are_alike(real_passages: list[Passage]) -> None:
    words = Counter(" ".join(re.findall(r"\w+", q.casefold())) for p in real_passages for q in p.questions)

    assert [question for question, times in words.items() if times > 1] == []


def test_no_real_passage_speaks_of_what_stands_elsewhere(real_passages: list[Passage]) -> None:
    outside = re.compile(r"\b(hierboven|hieronder|zoals gezegd|zie boven|vorige alinea)\b", re.IGNORECASE)

    assert [passage.id for passage in real_passages if outside.search(passage.text)] == []
