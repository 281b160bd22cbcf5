from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kalm.articles import read_articles
from kalm.articles.reviewing import months_since, unreviewed
from kalm.settings import ROOT

ARTICLE = read_articles(ROOT / "data" / "articles")[0]
TODAY = date(2027, 11, 22)


@pytest.mark.parametrize(
    ("day", "months"), [("2027-11-22", 0), ("2027-10-23", 0), ("2027-10-22", 1), ("2025-11-22", 24)]
)
def test_only_whole_months_count(day: str, months: int) -> None:
    assert months_since(date.fromisoformat(day), TODAY) == months


def remarks(**change: object) -> str:
    article = replace(ARTICLE, updated=date(2027, 11, 1), **change)  # type: ignore[arg-type]
    return " ".join(map(str, unreviewed([article], TODAY)))


def test_an_article_that_nobody_checked_is_named_with_its_sections() -> None:
    told = remarks()
    assert "nog niet gecontroleerd" in told
    assert all(section.id in told for section in ARTICLE.sections if not section.draft)


def test_an_article_that_was_checked_as_it_stands_is_not_named() -> None:
    assert remarks(checked_by="J. Jansen", checked_on=date(2027, 11, 2)) == ""


def test_an_article_that_changed_after_the_check_is_named() -> None:
    assert "na de controle door J. Jansen" in remarks(checked_by="J. Jansen", checked_on=date(2027, 10, 1))


@pytest.mark.parametrize(("updated", "named"), [(date(2026, 12, 1), False), (date(2026, 11, 22), True)])
def test_an_article_that_nobody_looked_at_for_a_year_is_named(updated: date, named: bool) -> None:
    article = replace(ARTICLE, updated=updated, checked_by="J. Jansen", checked_on=updated)
    assert bool([*unreviewed([article], TODAY)]) is named
