"""A message that may be about danger is not judged away, or left out, in passing."""

from __future__ import annotations

import pytest

from tests.review.conftest import Enter, Shop
from tests.review.judging.conftest import ALL, Fill, save, state

DANGER = {"text": "ik krijg geen lucht meer", "intent": "report_emergency", "kind": "emergency"}


@pytest.mark.parametrize("said", [DANGER, {**DANGER, "intent": "ask_rls", "kind": "answer"}])
def test_a_danger_is_not_judged_away_lightly(
    fill: Fill, enter: Enter, shop: Shop, said: dict[str, str]
) -> None:
    id_, other = fill(said, said)
    bea = enter("bea")
    fields = {"zin": said["text"], "bedoeling": "ask_rls", "gelijke": ALL}
    for half in ({}, {"zeker": "1"}, {"opmerking": "het ging over een boek"}):
        answer = save(bea, id_, **fields, **half)
        assert answer.status_code == 422
        assert "zien gevaar in dit bericht" in answer.text
    assert state(shop, id_) == ("new", 1)
    assert save(bea, id_, **fields, zeker="1", opmerking="het ging over een boek").status_code == 303
    assert state(shop, id_) == ("judged", 2)
    assert state(shop, other) == ("new", 1), "each danger is looked at by itself"


@pytest.mark.parametrize(("pressed", "expected"), [("overslaan", "skipped"), ("buiten", "excluded")])
def test_nor_left_out_without_a_word(
    fill: Fill, enter: Enter, shop: Shop, pressed: str, expected: str
) -> None:
    id_, other = fill(DANGER, DANGER)
    bea = enter("bea")
    answer = save(bea, id_, wat=pressed, gelijke=ALL)
    assert answer.status_code == 422
    assert "Schrijf bij ‘Opmerking voor collega&#39;s’ waarom je het weglaat." in answer.text
    assert state(shop, id_) == ("new", 1)
    assert save(bea, id_, wat=pressed, gelijke=ALL, opmerking="een citaat").status_code == 303
    assert state(shop, id_) == (expected, 2)
    assert state(shop, other) == ("new", 1)


def test_a_danger_may_be_called_one_without_more(fill: Fill, enter: Enter, shop: Shop) -> None:
    id_, other = fill(DANGER, DANGER)
    assert (
        save(enter("bea"), id_, bedoeling="report_crisis", zin=DANGER["text"], gelijke=ALL).status_code == 303
    )
    assert state(shop, other) == ("judged", 2)
