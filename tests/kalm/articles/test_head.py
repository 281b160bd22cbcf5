from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kalm.articles import ArticleError, read_article

Write = Callable[..., Path]
LINES = {"title": 2, "slug": 3, "url": 4, "published": 5, "updated": 6, "evidence": 7, "topics": 8}


def fault_of(path: Path) -> str:
    with pytest.raises(ArticleError) as caught:
        read_article(path)
    (fault,) = caught.value.faults
    return str(fault)


@pytest.mark.parametrize("name", LINES)
def test_a_missing_field_in_the_head_is_one_fault(write_article: Write, name: str) -> None:
    path = write_article(**{name: None})

    assert fault_of(path) == f"{path}: mist '{name}:' in de kop; vul het aan"


@pytest.mark.parametrize("name", LINES)
def test_an_empty_field_in_the_head_is_one_fault_with_its_line(write_article: Write, name: str) -> None:
    path = write_article(**{name: ""})

    assert fault_of(path) == f"{path}:{LINES[name]}: mist '{name}:' in de kop; vul het aan"


def test_an_unknown_field_in_the_head_is_named(write_article: Write) -> None:
    path = write_article(auteur="Jan")

    assert fault_of(path) == f"{path}:9: heeft 'auteur:' in de kop, dat kent Kalm niet; haal het weg"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("titel", "title"),
        ("Title", "title"),
        ("topic", "topics"),
        ("onderwerpen", "topics"),
        ("bewijs", "evidence"),
        ("publised", "published"),
        ("bijgewerkt", "updated"),
    ],
)
def test_a_mistyped_field_in_the_head_is_one_fault_that_names_the_right_one(
    write_article: Write, typed: str, name: str
) -> None:
    path = write_article()
    path.write_text(path.read_text(encoding="utf-8").replace(f"{name}:", f"{typed}:"), encoding="utf-8")

    assert fault_of(path) == (
        f"{path}:{LINES[name]}: heeft '{typed}:' in de kop, dat kent Kalm niet; bedoel je '{name}:'?"
    )


def test_a_field_that_is_there_already_is_not_what_was_meant(write_article: Write) -> None:
    path = write_article(topic="rls")

    assert fault_of(path) == f"{path}:9: heeft 'topic:' in de kop, dat kent Kalm niet; haal het weg"


@pytest.mark.parametrize("name", ["published", "updated"])
@pytest.mark.parametrize("value", ["gisteren", "2024-13-45", "2024-02-30", "5", "22 november 2026", "[2024]"])
def test_a_bad_date_is_named(write_article: Write, name: str, value: str) -> None:
    path = write_article(**{name: value})

    fault = fault_of(path)

    assert fault.startswith(f"{path}:{LINES[name]}: ")
    assert f"'{name}:'" in fault
    assert "geen datum; schrijf bijvoorbeeld 2026-11-22" in fault


def test_a_time_behind_a_date_is_left_out(write_article: Write) -> None:
    article = read_article(write_article(updated="2024-09-06 10:30:00"))

    assert article.updated == date(2024, 9, 6)
    assert type(article.updated) is date


def test_an_unknown_kind_of_evidence_is_named_with_the_choices(write_article: Write) -> None:
    path = write_article(evidence="gerucht")

    assert fault_of(path) == (
        f"{path}:7: heeft als soort bewijs 'gerucht'; kies uit ervaring, onderzoek, officieel, algemeen"
    )


def test_topics_that_are_no_list_are_a_fault(write_article: Write) -> None:
    path = write_article(topics="rls")

    assert fault_of(path) == f"{path}:8: heeft bij 'topics:' geen lijst; schrijf bijvoorbeeld [rls, ijzer]"


def test_topics_below_each_other_are_read(write_article: Write) -> None:
    assert read_article(write_article(topics="\n- rls\n- slaap")).topics == ("rls", "slaap")


def test_a_title_with_a_colon_is_told_with_its_line_and_quotes(write_article: Write) -> None:
    path = write_article(title="Koude voeten: en sokken")

    assert fault_of(path) == (
        f"{path}:2: heeft in de kop een regel die niet te lezen is (title: Koude voeten: en sokken); "
        'zet aanhalingstekens om de waarde: title: "Koude voeten: en sokken"'
    )


@pytest.mark.parametrize(
    ("name", "line", "mend"),
    [
        ("title", "title: 'open", 'title: "open"'),
        ("title", "title: [open", 'title: "[open"'),
        ("title", "title: {", 'title: "{"'),
        ("title", "title: @rls", 'title: "@rls"'),
        ("title", 'title: een "twee": drie', "title: \"een 'twee': drie\""),
        ("title", "title: \x07", "haal het onzichtbare teken weg"),
        ("title", "title:Over RLS", "zet een spatie achter 'title:'"),
        ("slug", "slug over-rls", "een regel in de kop is een veld, een dubbele punt en een waarde"),
        ("topics", "topics: [rls, ijzer", "tussen rechte haken, bijvoorbeeld [rls, ijzer]"),
        ("updated", "updated: 2024-13-01", "schrijf bijvoorbeeld 2026-11-22"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_with_its_mend(
    write_article: Write, name: str, line: str, mend: str
) -> None:
    path = write_article()
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[LINES[name] - 1] = line
    path.write_text("\n".join(lines), encoding="utf-8")

    fault = fault_of(path)

    assert fault.startswith(f"{path}:{LINES[name]}: heeft in de kop een regel die niet te lezen is (")
    assert mend in fault
    assert fault.isprintable()


def test_a_missing_first_line_of_dashes_is_one_fault(write_article: Write) -> None:
    path = write_article()
    path.write_text(path.read_text(encoding="utf-8").removeprefix("---\n"), encoding="utf-8")

    assert fault_of(path) == f"{path}:1: mist de regel '---' boven de kop; zet haar boven 'title: Over RLS'"


def test_a_missing_second_line_of_dashes_is_one_fault(write_article: Write) -> None:
    path = write_article()
    path.write_text(path.read_text(encoding="utf-8").replace("\n---\n", "\n"), encoding="utf-8")

    assert fault_of(path) == (
        f"{path}:1: mist de regel '---' onder de kop; zet haar tussen het laatste veld en de eerste '## '-kop"
    )


def test_a_ruled_line_below_a_section_does_not_end_the_head(write_article: Write) -> None:
    path = write_article()
    text = path.read_text(encoding="utf-8").replace("\n---\n", "\n") + "\n---\n"
    path.write_text(text, encoding="utf-8")

    assert "mist de regel '---' onder de kop" in fault_of(path)


@pytest.mark.parametrize(
    "content",
    [
        "zomaar tekst\n\nNog een regel.\n",
        "",
        "\n\n",
        "---\n- lijst\n---\n",
        "---\n---\n## Kop {#kop}\n",
        "{}",
    ],
)
def test_a_file_without_head_is_one_fault_that_tells_what_to_write(tmp_path: Path, content: str) -> None:
    path = tmp_path / "kaal.md"
    path.write_text(content, encoding="utf-8")

    fault = fault_of(path)

    assert fault.startswith(f"{path}:1: heeft geen ")
    assert "begin het bestand met een regel '---', dan de velden title, slug, url" in fault
