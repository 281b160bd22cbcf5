"""How long ago someone looked at an article, and whether someone with medical knowledge did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kalm.articles.faults import Fault
from kalm.articles.model import Article

LISTED_AFTER = 12
"""Months without a look after which ``kalm check`` names an article."""

SHOWN_AFTER = 24
"""Months after which a reply says how old the text is."""


def months_since(day: date, today: date) -> int:
    """Whole months from ``day`` to ``today``."""
    months = (today.year - day.year) * 12 + today.month - day.month
    return months - (today.day < day.day)


def unreviewed(articles: list[Article], today: date) -> Iterator[Fault]:
    """Remarks on articles that nobody checked, that changed since, or that nobody looked at for a year."""
    for article in articles:
        sections = [section.id for section in article.sections if not section.draft]
        if sections and article.checked_on is None:
            yield _remark(
                article,
                f"is nog niet gecontroleerd door een arts of apotheker ({len(sections)} secties: "
                f"{', '.join(sections)}); zet erna in de kop 'gecontroleerd: naam of functie, datum'",
            )
        elif article.checked_on is not None and article.checked_on < article.updated:
            yield _remark(
                article,
                f"is gewijzigd op {article.updated}, na de controle door {article.checked_by} op "
                f"{article.checked_on}; laat het opnieuw controleren",
            )
        months = months_since(max(article.updated, article.checked_on or article.updated), today)
        if sections and months >= LISTED_AFTER:
            shown = ", en dat staat nu bij elk antwoord eruit" if months >= SHOWN_AFTER else ""
            yield _remark(article, f"is al {months} maanden niet nagekeken{shown}; lees het na")


def _remark(article: Article, message: str) -> Fault:
    return Fault(article.path, message, remark=True)
