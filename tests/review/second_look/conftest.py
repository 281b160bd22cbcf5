"""Messages with a judgement that waits for the second look."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count

import pytest
import sqlalchemy as sa

from storage.schema import judgements, messages, review_items, team_members
from tests.review.conftest import Shop

Judged = Callable[..., int]


def member_id(shop: Shop, name: str) -> int:
    with shop.database.reading() as connection:
        return int(connection.scalar(sa.select(team_members.c.id).where(team_members.c.name == name)))


@pytest.fixture
def judged(shop: Shop) -> Judged:
    """Keeps a message with a judgement; gives the id of the message."""
    order = count()

    def make(text: str = "wat is rls", by: str = "bea", intent: str = "ask_rls", **values: object) -> int:
        state = values.pop("state", "judged")
        said = values.pop("said", text)
        _, (message_id,) = shop.conversation({"text": said})
        with shop.database.writing() as connection:
            row = connection.execute(sa.select(messages).where(messages.c.id == message_id)).one()
            connection.execute(
                review_items.insert().values(
                    message_id=message_id,
                    **{name: row[name] for name in ("at", "channel", "intent", "confidence", "kind")},
                    group_key="",
                    score=0,
                    reasons=[],
                    state=state,
                    version=3,
                    cluster=None,
                )
            )
            connection.execute(
                judgements.insert().values(
                    message_id=message_id,
                    **{
                        "text": text,
                        "intent": intent,
                        "entities": [],
                        "passage": "",
                        "proposal": "",
                        "judged_by": member_id(shop, by),
                        "judged_at": time.time() - 3600 + next(order),
                        "looked_by": None,
                        "looked_at": None,
                        "second_intent": "",
                        "candidate": "",
                        **values,
                    },
                )
            )
        return message_id

    return make
