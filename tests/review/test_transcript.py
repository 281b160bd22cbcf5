from __future__ import annotations

import pytest
import sqlalchemy as sa

from review import transcript
from storage.schema import handovers
from tests.review.conftest import Enter, Shop

HANDED_OVER = {"text": "ik wil een mens spreken", "intent": "ask_human", "kind": "handoff"}


def test_of_a_very_long_conversation_the_part_around_a_message_is_shown(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, ids = shop.conversation(*({"text": f"bericht {number}"} for number in range(20)))
    monkeypatch.setattr(transcript, "AT_MOST", 6)
    with shop.database.reading() as connection:
        early = transcript.around(connection, ids[4])
        late = transcript.around(connection, ids[18])
    assert [one.text for one in early] == [f"bericht {number}" for number in range(2, 8)]
    assert [one.text for one in late] == [f"bericht {number}" for number in range(14, 20)]


@pytest.mark.parametrize("broken", ["[1, null]", '{"a": 1}', '"tekst"', "[NaN"])
def test_a_reply_that_cannot_be_read_costs_no_page(enter: Enter, shop: Shop, broken: str) -> None:
    if broken == "[NaN" and not shop.database.is_sqlite:
        pytest.skip("PostgreSQL keeps JSON alone")
    shop.conversation({"text": "wat is rls"}, HANDED_OVER)
    with shop.database.writing() as connection:
        change = sa.text("UPDATE messages SET reply = :broken, understood = :broken")
        connection.execute(change, {"broken": broken})
        case = connection.scalar(sa.select(handovers.c.id))
    page = enter("bea").get(f"/doorgegeven/{case}")
    assert page.status_code == 200
    assert "wat is rls" in page.text
    assert "Het antwoord is niet bewaard." in page.text
