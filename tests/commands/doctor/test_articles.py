from __future__ import annotations

from pathlib import Path

import pytest

from commands.doctor.subjects import articles as subject
from kalm.articles import Article, Fault
from tests.commands.doctor.conftest import Examine, all_good, faults, told


def test_the_articles_that_come_with_kalm(examined: Examine) -> None:
    assert all_good(examined(subject.look))


def test_a_fault_is_named_by_its_place_and_not_quoted(
    examined: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def blocks(articles: list[Article]) -> list[Fault]:
        return [
            Fault(Path("data/articles/ijzer.md"), "Dit geneest rusteloze benen", line=number)
            for number in range(7)
        ]

    monkeypatch.setattr(subject, "what_blocks", blocks)
    found = faults(examined(subject.look))
    assert [one.where for one in found] == [
        "data/articles/ijzer.md",
        *(f"data/articles/ijzer.md:{number}" for number in range(1, 5)),
        "",
    ]
    assert "2 more" in found[-1].what
    assert "geneest" not in told(found)


def test_an_article_that_cannot_be_read(examined: Examine, here: Path) -> None:
    folder = here / "articles"
    folder.mkdir()
    (folder / "over-rls.md").write_text("geen kop")
    (found,) = faults(examined(subject.look, articles=folder))
    assert "over-rls.md" in found.what


def test_an_article_with_a_fault_is_found_by_the_check_itself(examined: Examine, here: Path) -> None:
    folder = here / "articles"
    folder.mkdir()
    head = (
        "---\ntitle: Over RLS\nslug: over-rls\nurl: /artikelen/over-rls\npublished: 2024-01-02\n"
        "updated: 2024-09-06\nevidence: officieel\ntopics: [rls]\n---\n"
    )
    (folder / "over-rls.md").write_text(f"{head}## Wat {{#wat}}\n\nTe kort.\n\nvragen:\n- Wat is RLS?\n")
    assert any(
        one.where.startswith(str(folder / "over-rls.md"))
        for one in faults(examined(subject.look, articles=folder))
    )
