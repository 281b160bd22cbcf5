"""Messages that are in the inbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Row

from review.inbox.indexing import index
from storage.schema import review_items
from tests.review.conftest import Shop

Fill = Callable[..., list[int]]


def item(shop: Shop, message_id: int) -> Row | None:
    """The item of a message; None when it has none."""
    with shop.database.reading() as connection:
        wanted = review_items.select().where(review_items.c.message_id == message_id)
        return connection.execute(wanted).first()


def items(shop: Shop) -> int:
    """How many there are."""
    with shop.database.reading() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(review_items)))


@pytest.fixture
def fill(shop: Shop) -> Fill:
    """Keeps messages, each in a conversation of its own, and puts them in the inbox; gives their ids."""

    def make(*said: dict[str, Any] | str, **options: Any) -> list[int]:
        ids = []
        for one in said:
            ids += shop.conversation({"text": one} if isinstance(one, str) else one, **options)[1]
        index(shop.database)
        return ids

    return make
