"""Unanswered questions that were put together, without the process that does so."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from review.inbox.indexing import index
from review.unanswered import runs
from review.unanswered.finding import unanswered
from review.unanswered.keeping import different, write
from tests.review.conftest import Shop

Put = Callable[..., int]


def no_answer(text: str, **options: Any) -> dict[str, Any]:
    """A message that got no answer."""
    return {"text": text, "kind": "no_answer", "passages": (), **options}


def put_together(shop: Shop, *groups: Sequence[str], left_out: int = 0) -> int:
    """Note a look that found these groups of questions, by their first words; gives its number."""
    now = time.time()
    with shop.database.writing() as connection:
        number = runs.begin(connection, now)
    with shop.database.reading() as connection:
        found = different(unanswered(connection), 1000)
    labels = [
        next((place for place, group in enumerate(groups) if text in group), len(groups))
        for text in found.texts
    ]
    typical = [
        1 - 0.1 * (groups[label].index(text) if label < len(groups) else 0)
        for text, label in zip(found.texts, labels, strict=True)
    ]
    write(shop.database, number, found, labels, typical)
    with shop.database.writing() as connection:
        runs.complete(connection, number, len(found.texts), left_out, now)
    return number * runs.PER_RUN


@pytest.fixture
def ask(shop: Shop) -> Callable[..., list[int]]:
    """Keeps conversations of one message each, in the inbox; gives the ids of their messages."""

    def make(*said: dict[str, Any] | str, **options: Any) -> list[int]:
        ids = []
        for one in said:
            ids += shop.conversation(no_answer(one) if isinstance(one, str) else one, **options)[1]
        index(shop.database)
        return ids

    return make
