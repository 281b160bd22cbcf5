"""Messages that are alike go along with one that is judged."""

from __future__ import annotations

import json
import re
import time

import pytest

from tests.review.conftest import Enter, Shop
from tests.review.judging.conftest import ALL, Fill, judgement, save, state, steps


def test_those_alike_go_along_each_with_its_own_words(fill: Fill, enter: Enter, shop: Shop) -> None:
    first, second, masked, judged = fill(
        "wat doet citraat", "WAT DOET CITRAAT nou precies?", "[naam] wat doet citraat", "wat doet citraat"
    )
    bram, bea = enter("bram"), enter("bea")
    save(bram, judged, bedoeling="ask_treatment", zin="wat doet citraat")
    assert "Ook de 2 gelijke berichten" in bea.get(f"/postvak/{first}").text
    marks = [{"start": 9, "end": 16, "entity": "product", "value": "citraat"}]
    answer = save(
        bea, first, bedoeling="ask_product", zin="wat doet citraat", woorden=json.dumps(marks), gelijke=ALL
    )
    assert answer.status_code == 303
    own, lent, before = (judgement(shop, id_) for id_ in (second, masked, judged))
    assert own is not None
    assert lent is not None
    assert before is not None
    assert (own.intent, own.text, own.entities) == (
        "ask_product",
        "WAT DOET CITRAAT nou precies?",
        [{"start": 9, "end": 16, "entity": "product"}],
    )
    assert lent.text == "wat doet citraat", "what cannot be learnt from gets the sentence of the first"
    assert before.intent == "ask_treatment", "what somebody judged is not judged again"
    batches = {step.batch for step in steps(shop) if step.message_id != judged}
    assert len(batches) == 1


def test_without_the_tick_those_alike_stay(fill: Fill, enter: Enter, shop: Shop) -> None:
    first, second = fill("wat is rls", "Wat is RLS?")
    save(enter("bea"), first)
    assert state(shop, second) == ("new", 1)


def test_what_came_in_after_the_page_was_opened_was_not_seen_and_stays(
    fill: Fill, enter: Enter, shop: Shop
) -> None:
    first, second = fill("wat is rls", "Wat is RLS?")
    bea = enter("bea")
    shown = re.search(r'name="gelijke" value="([0-9.]+)"', bea.get(f"/postvak/{first}").text)
    (later,) = fill("wat is rls", at=time.time())
    assert shown is not None
    save(bea, first, gelijke=shown[1])
    assert [state(shop, id_)[0] for id_ in (first, second, later)] == ["judged", "judged", "new"]


def test_one_that_somebody_else_has_open_does_not_go_along(fill: Fill, enter: Enter, shop: Shop) -> None:
    first, second = fill("wat is rls", "Wat is RLS?")
    enter("bram").get(f"/postvak/{second}")
    save(enter("bea"), first, gelijke=ALL)
    assert state(shop, second) == ("new", 1)
    assert state(shop, first) == ("judged", 2)


def test_a_large_group_is_judged_in_parts_and_undone_as_one(
    fill: Fill, enter: Enter, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("review.judging.pages.AT_ONCE", 3)
    ids = fill(*(["wat is rls"] * 10))
    bea = enter("bea")
    answer = save(bea, ids[0], gelijke=ALL)
    assert "10" in answer.headers["set-cookie"]
    assert {state(shop, id_) for id_ in ids} == {("judged", 2)}
    bea.post("/postvak/ongedaan")
    assert {state(shop, id_) for id_ in ids} == {("new", 3)}
