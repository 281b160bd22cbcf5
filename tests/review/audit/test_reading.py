"""Who reads what a visitor wrote leaves a trace, once an hour for each message."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa

from review.audit.actions import READING
from review.requests import READ_ONCE_IN
from storage.schema import audit_log, handovers
from tests.review.conftest import Enter, Shop
from tests.review.inbox.conftest import Fill, fill  # noqa: F401  (fixture)
from tests.review.second_look.conftest import Judged, judged  # noqa: F401  (fixture)


def read(shop: Shop) -> list[tuple[str, str, str]]:
    """Who read what, in order."""
    with shop.database.reading() as connection:
        wanted = audit_log.select().where(audit_log.c.action.in_(READING)).order_by(audit_log.c.id)
        return [(row.member, row.action, row.subject) for row in connection.execute(wanted)]


def test_opening_a_message_is_kept_once_for_each_member(fill: Fill, enter: Enter, shop: Shop) -> None:  # noqa: F811
    one, other = fill("wat is rls", "helpt een voetenbad")
    bea, bram = enter("bea"), enter("bram")
    bea.get("/postvak")
    assert read(shop) == [], "the list shows no conversation"
    for _ in range(3):
        bea.get(f"/postvak/{one}")
        bea.post(f"/postvak/{one}/slot", {"mijn": "1"})
    bram.get(f"/postvak/{one}")
    bea.get(f"/postvak/{other}")
    seen = [("bea", one), ("bram", one), ("bea", other)]
    assert read(shop) == [(who, "item.read", str(id_)) for who, id_ in seen]


def test_after_an_hour_it_is_kept_again(
    fill: Fill,  # noqa: F811
    enter: Enter,
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (id_,) = fill("wat is rls")
    bea, now = enter("bea"), time.time()
    for later in (0, READ_ONCE_IN - 60, READ_ONCE_IN + 60):
        monkeypatch.setattr("review.requests.time.time", lambda later=later: now + later)
        bea.get(f"/postvak/{id_}")
    assert len(read(shop)) == 2


def test_a_form_that_is_refused_shows_the_conversation_and_is_kept_too(
    fill: Fill,  # noqa: F811
    enter: Enter,
    shop: Shop,
) -> None:
    (id_,) = fill("wat is rls")
    assert enter("bea").post(f"/postvak/{id_}", {"wat": "bewaar", "versie": "1"}).status_code == 422
    assert read(shop) == [("bea", "item.read", str(id_))]


def test_the_second_look_is_kept_where_it_shows_a_conversation(
    judged: Judged,  # noqa: F811
    enter: Enter,
    shop: Shop,
) -> None:
    first, _ = judged("wat is rls"), judged("helpt een voetenbad")
    eva = enter("eva")
    eva.get("/tweede-blik/samen")
    eva.get("/tweede-blik/overeenstemming")
    assert read(shop) == []
    for path in ("", f"?bericht={first}", f"?bericht={first}&toon=1"):
        eva.get(f"/tweede-blik{path}")
    assert read(shop) == [("eva", "item.read", str(first))]


def test_a_handed_over_conversation_is_kept_as_one_case(enter: Enter, shop: Shop) -> None:
    shop.conversation({"text": "ik wil een mens spreken", "intent": "ask_human", "kind": "handoff"})
    with shop.database.reading() as connection:
        case = connection.scalar(sa.select(handovers.c.id))
    bea = enter("bea")
    bea.get("/doorgegeven")
    assert read(shop) == []
    for _ in range(2):
        bea.get(f"/doorgegeven/{case}")
    assert read(shop) == [("bea", "case.read", str(case))]
