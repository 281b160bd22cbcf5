"""When the shop's own interest must be named: wherever Kalm speaks of what the shop sells."""

from __future__ import annotations

from collections.abc import Iterable

from kalm.sentences import sentences

_SOLD = "magnesium"


def notice(topics: Iterable[str], text: str) -> str:
    """The sentence that says so, or "" for a text that has nothing to do with it.

    Args:
        topics: of the article.
        text: what is shown of it.
    """
    return sentences().notice_magnesium if _SOLD in topics or _SOLD in text.lower() else ""
