"""When the shop's own interest must be named: wherever Kalm speaks of what the shop sells."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kalm.sentences import sentences

_SOLD = "magnesium"
_PRODUCTS = re.compile(
    r"magnesium|bisglycinaat|mcm.?gel|badkristal|badzout|supplement|\bproducten?\b|\bgel\b",
    re.IGNORECASE,
)


def is_about_what_is_sold(topics: Iterable[str], text: str) -> bool:
    """Whether an article with these topics, or a text, is about magnesium or about products."""
    return _SOLD in topics or bool(_PRODUCTS.search(text))


def notice(topics: Iterable[str], text: str) -> str:
    """The sentence that says so, or "" for a text that has nothing to do with it.

    Args:
        topics: of the article.
        text: what is shown of it.
    """
    return sentences().notice_magnesium if is_about_what_is_sold(topics, text) else ""
