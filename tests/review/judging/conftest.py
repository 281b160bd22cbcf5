"""A message to judge, as a page and as a form."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from storage.schema import judgement_steps, judgements, review_items
from tests.review.conftest import Colleague, Shop
from tests.review.inbox.conftest import fill  # noqa: F401  (fixture)

Fill = Callable[..., list[int]]

ALL = "1e12"
"""All messages that are alike, as the form says it."""


def judgement(shop: Shop, message_id: int) -> Row | None:
    """What is kept of the judgement of a message."""
    with shop.database.reading() as connection:
        return connection.execute(judgements.select().where(judgements.c.message_id == message_id)).first()


def state(shop: Shop, message_id: int) -> tuple[str, int]:
    """State and version of its item."""
    with shop.database.reading() as connection:
        wanted = sa.select(review_items.c.state, review_items.c.version)
        row = connection.execute(wanted.where(review_items.c.message_id == message_id)).one()
        return row.state, row.version


def steps(shop: Shop) -> list[Row]:
    """Everything that can be undone, in order."""
    with shop.database.reading() as connection:
        return list(connection.execute(judgement_steps.select().order_by(judgement_steps.c.id)))


def save(who: Colleague, message_id: int, version: int = 1, **fields: Any) -> Any:
    """Send the form of a message as the page would."""
    form = {
        "versie": str(version),
        "bedoeling": "ask_rls",
        "zin": "wat is rls",
        "woorden": "[]",
        "wat": "bewaar",
        **fields,
    }
    return who.post(
        f"/postvak/{message_id}", {name: value for name, value in form.items() if value is not None}
    )


def version_in(html: str) -> int:
    """The version that a page would send."""
    found = re.search(r'name="versie" value="(\d+)"', html)
    assert found is not None
    return int(found[1])
