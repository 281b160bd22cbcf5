"""Lists that are shown a page at a time."""

from __future__ import annotations

from review.requests import ReviewRequest
from review.whole_numbers import whole_number


def page_wanted(asked: ReviewRequest) -> int:
    """Number of the page that the form or the address asks for; the first for what is none."""
    return whole_number(asked.value("pagina") or asked.query.get("pagina", "")) or 1


def page_of(asked: ReviewRequest, total: int, per_page: int) -> tuple[int, int]:
    """Which page is shown, and how many there are; both at least 1.

    Args:
        asked: what asks for a page; one too high gives the last.
        total: how long the whole list is.
        per_page: how much is on one page.
    """
    pages = max(1, -(-total // per_page))
    return min(page_wanted(asked), pages), pages
