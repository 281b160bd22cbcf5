from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from review.judging.undo import LAST
from storage.schema import audit_log, judgement_steps, judgements, review_items
from tests.review.conftest import Enter, Shop
from tests.review.judging.conftest import ALL, Fill, judgement, save, state, steps


def test_undo_brings_back_what_was_there_before(fill: Fill, enter: Enter, shop: Shop) -> None:
    (id_,) = fill("wat is rls")
    bea = enter("bea")
    marks = [{"start": 7, "end": 10, "entity": "trigger", "value": "rls"}]
    save(bea, id_, woorden=json.dumps(marks))
    first = judgement(shop, id_)
    save(bea, id_, 2, bedoeling="ask_product", zin="wat is dat")
    answer = bea.post("/postvak/ongedaan")
    assert answer.headers["location"] == f"/review/postvak/{id_}"
    assert judgement(shop, id_) == first
    assert state(shop, id_) == ("judged", 4)
    bea.post("/postvak/ongedaan")
    assert judgement(shop, id_) is None
    assert state(shop, id_) == ("new", 5)
    assert steps(shop) == []
    with shop.database.reading() as connection:
        undone = audit_log.c.action == "item.undo"
        assert len(connection.execute(audit_log.select().where(undone)).all()) == 2


def test_a_form_from_before_the_undo_does_not_fit_again(fill: Fill, enter: Enter, shop: Shop) -> None:
    (id_,) = fill("wat is rls")
    bea = enter("bea")
    save(bea, id_)
    bea.post("/postvak/ongedaan")
    assert save(enter("bram"), id_, 1).status_code == 409


def test_what_a_colleague_changed_since_stays_and_is_told(fill: Fill, enter: Enter, shop: Shop) -> None:
    one, other = fill("wat is rls", "Wat is RLS?")
    bea = enter("bea")
    save(bea, one, gelijke=ALL)
    save(enter("bram"), other, 2, bedoeling="ask_product")
    bea.post("/postvak/ongedaan")
    assert state(shop, one) == ("new", 3)
    assert state(shop, other) == ("judged", 3)
    said = bea.get("/postvak").text
    assert "1 bericht is weer zoals het was. 1 bericht kon niet terug" in said


def test_what_a_new_model_is_learning_from_stays(fill: Fill, enter: Enter, shop: Shop) -> None:
    (id_,) = fill("wat is rls")
    bea = enter("bea")
    save(bea, id_)
    with shop.database.writing() as connection:
        connection.execute(judgements.update().values(candidate="abc"))
    bea.post("/postvak/ongedaan")
    assert state(shop, id_) == ("judged", 2)


def test_nobody_takes_back_what_another_did(fill: Fill, enter: Enter, shop: Shop) -> None:
    (id_,) = fill("wat is rls")
    save(enter("bea"), id_)
    bram = enter("bram")
    bram.post("/postvak/ongedaan", {"batch": steps(shop)[0].batch})
    assert state(shop, id_) == ("judged", 2)
    assert "Er is niets om ongedaan te maken" in bram.get("/postvak").text


def test_the_list_has_the_last_twenty_and_takes_back_an_earlier_one(
    fill: Fill, enter: Enter, shop: Shop
) -> None:
    ids = fill(*(f"vraag {number}" for number in range(LAST + 3)))
    bea = enter("bea")
    for id_ in ids:
        save(bea, id_)
    html = bea.get("/postvak/gedaan").text
    assert html.count('name="batch"') == LAST
    assert f">vraag {LAST + 2}</a>" in html
    assert ">vraag 2</a>" not in html
    earlier = steps(shop)[10]
    assert earlier.batch in html
    answer = bea.post("/postvak/ongedaan", {"batch": earlier.batch, "naar": "gedaan"})
    assert answer.headers["location"] == "/review/postvak/gedaan"
    assert state(shop, earlier.message_id)[0] == "new"
    assert "1 bericht is weer zoals het was." in bea.get("/postvak/gedaan").text


def test_whoever_takes_back_stays_in_the_list_they_came_from(fill: Fill, enter: Enter) -> None:
    (id_,) = fill("wat is rls")
    bea = enter("bea")
    save(bea, id_)
    answer = bea.post("/postvak/ongedaan", {"lijst": "volgorde=leerzaam"})
    assert answer.headers["location"] == f"/review/postvak/{id_}?volgorde=leerzaam"


def test_sent_twice_it_is_undone_once(fill: Fill, enter: Enter, shop: Shop) -> None:
    one, other = fill("wat is rls", "helpt een voetenbad")
    bea = enter("bea")
    save(bea, one)
    save(bea, other)
    batch = steps(shop)[-1].batch
    for _ in range(2):
        bea.post("/postvak/ongedaan", {"batch": batch})
    assert state(shop, one)[0] == "judged"
    assert state(shop, other)[0] == "new"


def test_the_second_look_is_not_undone_here(fill: Fill, enter: Enter, shop: Shop) -> None:
    (id_,) = fill("wat is rls")
    eva = enter("eva")
    save(eva, id_)
    with shop.database.writing() as connection:
        connection.execute(review_items.update().values(state="approved", version=3))
        row = dict(connection.execute(judgement_steps.select()).one()._mapping)
        looked = {**row, "id": None, "batch": "of_the_look", "version": 3}
        looked |= {"before": {"state": "judged", "judgement": {}}, "became": "approved"}
        del looked["id"]
        connection.execute(judgement_steps.insert().values(**looked))
    eva.post("/postvak/ongedaan", {"batch": "of_the_look"})
    eva.post("/postvak/ongedaan")
    assert state(shop, id_) == ("approved", 3)
    assert "of_the_look" not in eva.get("/postvak/gedaan").text


def test_with_nothing_done_the_page_says_so(enter: Enter) -> None:
    bea = enter("bea")
    assert "niets om ongedaan te maken" in bea.get("/postvak/gedaan").text
    assert bea.post("/postvak/ongedaan").headers["location"] == "/review/postvak"


def test_a_step_goes_with_its_message(fill: Fill, enter: Enter, shop: Shop) -> None:
    (id_,) = fill("wat is rls")
    bea = enter("bea")
    save(bea, id_)
    with shop.database.writing() as connection:
        connection.execute(sa.text("DELETE FROM messages"))
    assert steps(shop) == []
    assert bea.post("/postvak/ongedaan").status_code == 303


def test_very_many_are_taken_back_in_parts_and_all_of_them(
    fill: Fill, enter: Enter, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of seven messages that were judged at once, two at a time; one of them was changed since."""
    ids = fill(*["wat is rls"] * 7)
    bea = enter("bea")
    save(bea, ids[0], gelijke=ALL)
    save(enter("bram"), ids[3], 2, bedoeling="ask_product")
    monkeypatch.setattr("review.judging.undo.AT_ONCE", 2)
    bea.post("/postvak/ongedaan")
    assert [state(shop, id_)[0] for id_ in ids] == ["new"] * 3 + ["judged"] + ["new"] * 3
    assert "6 berichten zijn weer zoals ze waren. 1 bericht kon niet terug" in bea.get("/postvak").text
    with shop.database.reading() as connection:
        undone = audit_log.select().where(audit_log.c.action == "item.undo")
        assert sum(row.details["number"] for row in connection.execute(undone)) == 6
