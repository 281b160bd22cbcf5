from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from review.judging import together
from storage.schema import messages, review_items
from tests.review.conftest import Colleague, Enter, Shop
from tests.review.judging.conftest import Fill, judgement, save, state, steps


def keys(shop: Shop) -> list[str]:
    with shop.database.reading() as connection:
        return list(connection.scalars(sa.select(review_items.c.group_key).distinct()))


def preview(who: Colleague, shop: Shop, **fields: object) -> str:
    form = {"groep": keys(shop), "wat": "bewaar", "bedoeling": "ask_product", **fields}
    answer = who.post("/postvak/samen", form)
    assert answer.status_code == 200
    return str(answer.text)


def do(who: Colleague, html: str, **fields: str) -> str:
    """Press the button of the preview; gives what the list says then."""
    names = ("wat", "bedoeling", "lijst", "berichten")
    form = {name: re.search(rf'name="{name}" value="([^"]*)"', html)[1] for name in names}  # type: ignore[index]
    answer = who.post("/postvak/samen/bewaar", {**form, **fields})
    assert answer.status_code == 303
    return str(who.get("/postvak").text)


def test_the_preview_changes_nothing_and_doing_it_is_one_batch(fill: Fill, enter: Enter, shop: Shop) -> None:
    ids = fill("hoeveel 100 mg", "hoeveel 200 mg", "Hoeveel 200 mg?")
    bea = enter("bea")
    html = preview(bea, shop)
    assert "3 berichten worden: <strong>vraag over magnesium of een product" in html
    assert {state(shop, id_) for id_ in ids} == {("new", 1)}
    assert "3 berichten zijn gedaan." in do(bea, html)
    for id_, text in zip(ids, ("hoeveel 100 mg", "hoeveel 200 mg", "Hoeveel 200 mg?"), strict=True):
        kept = judgement(shop, id_)
        assert kept is not None
        assert (kept.text, kept.intent) == (text, "ask_product")
    assert len({step.batch for step in steps(shop)}) == 1
    bea.post("/postvak/ongedaan")
    assert {state(shop, id_)[0] for id_ in ids} == {"new"}


@pytest.mark.parametrize(("pressed", "expected"), [("overslaan", "skipped"), ("buiten", "excluded")])
def test_many_can_be_skipped_or_left_out(
    fill: Fill, enter: Enter, shop: Shop, pressed: str, expected: str
) -> None:
    (id_,) = fill("ik ben [naam]")
    bea = enter("bea")
    do(bea, preview(bea, shop, wat=pressed, bedoeling=""))
    assert state(shop, id_) == (expected, 2)


def test_what_must_be_looked_at_by_itself_is_left_out_and_says_why(
    fill: Fill, enter: Enter, shop: Shop
) -> None:
    danger, hidden, masked, held, learnt, fine = fill(
        {"text": "ik krijg geen lucht meer", "intent": "report_emergency", "kind": "emergency"},
        {"text": "mijn man heeft plotseling een scheve mond"},
        "ik ben [naam]",
        "van bram over rls",
        "al geleerd over rls",
        "gewoon over rls",
    )
    enter("bram").get(f"/postvak/{held}")
    with shop.database.writing() as connection:
        of_it = review_items.c.message_id == learnt
        connection.execute(review_items.update().where(of_it).values(state="learnt"))
    bea = enter("bea")
    html = preview(bea, shop, lijst="stand=alles")
    assert html.count("hier is misschien gevaar") == 2
    assert "Bram Boer is hiermee bezig" in html
    assert "Kalm heeft dit al geleerd" in html
    assert "In de zin staat [naam]" in html
    do(bea, html)
    assert state(shop, fine) == ("judged", 2)
    assert {state(shop, id_) for id_ in (danger, hidden, masked, held)} == {("new", 1)}


def test_what_changed_since_the_preview_stays_and_is_told(fill: Fill, enter: Enter, shop: Shop) -> None:
    one, other, third, gone = fill("een over rls", "twee over rls", "drie over rls", "vier over rls")
    bea, bram = enter("bea"), enter("bram")
    html = preview(bea, shop)
    save(bram, one)
    bram.get(f"/postvak/{other}")
    with shop.database.writing() as connection:
        connection.execute(messages.delete().where(messages.c.id == gone))
    said = do(bea, html)
    assert (
        "1 bericht is gedaan. 1 bleef staan: Bram Boer is ermee bezig. 2 bleven staan: intussen veranderd."
        in said
    )
    kept = judgement(shop, one)
    assert kept is not None
    assert kept.intent == "ask_rls"
    assert state(shop, other) == ("new", 1)
    assert state(shop, third) == ("judged", 2)


@pytest.mark.parametrize("pressed", ["overslaan", "buiten"])
def test_a_danger_is_not_left_out_among_many(fill: Fill, enter: Enter, shop: Shop, pressed: str) -> None:
    danger, fine = fill(
        {"text": "ik krijg geen lucht meer", "intent": "report_emergency", "kind": "emergency"}, "wat is rls"
    )
    bea = enter("bea")
    html = preview(bea, shop, wat=pressed, bedoeling="")
    assert "hier is misschien gevaar" in html
    do(bea, html, berichten=f"{danger}:1 {fine}:1")
    assert state(shop, danger) == ("new", 1)
    assert state(shop, fine)[0] != "new"


def test_sent_twice_it_is_done_once(fill: Fill, enter: Enter, shop: Shop) -> None:
    (id_,) = fill("wat is rls")
    bea = enter("bea")
    html = preview(bea, shop)
    do(bea, html)
    assert "intussen veranderd" in do(bea, html)
    assert state(shop, id_) == ("judged", 2)


def test_a_danger_cannot_be_slipped_in_by_hand(fill: Fill, enter: Enter, shop: Shop) -> None:
    danger, fine = fill(
        {"text": "ik krijg geen lucht meer", "intent": "report_emergency", "kind": "emergency"}, "wat is rls"
    )
    bea = enter("bea")
    do(bea, preview(bea, shop), berichten=f"{danger}:1 {fine}:1 x:y 1 {10**30}:1 :: ²:1")
    assert state(shop, danger) == ("new", 1)
    assert state(shop, fine) == ("judged", 2)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"groep": []}, "Je koos nog geen berichten"),
        ({"bedoeling": ""}, "Kies een bedoeling"),
        ({"bedoeling": "onzin"}, "Kies een bedoeling"),
        ({"wat": "onzin"}, "Kies wat er met de berichten"),
    ],
)
def test_a_choice_that_is_missing_is_asked_for(
    fill: Fill, enter: Enter, shop: Shop, fields: dict[str, object], sentence: str
) -> None:
    fill("wat is rls")
    bea = enter("bea")
    answer = bea.post(
        "/postvak/samen", {"groep": keys(shop), "wat": "bewaar", "bedoeling": "ask_rls", **fields}
    )
    assert answer.headers["location"] == "/review/postvak"
    assert sentence in bea.get("/postvak").text


def test_more_than_fit_are_done_in_parts(
    fill: Fill, enter: Enter, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "MOST", 3)
    fill(*(["wat is rls"] * 5))
    bea = enter("bea")
    html = preview(bea, shop)
    assert "Er waren er meer dan 3" in html
    assert "3 berichten zijn gedaan" in do(bea, html)


def test_only_what_the_list_showed_is_judged(fill: Fill, enter: Enter, shop: Shop) -> None:
    fill("wat is rls")
    (other,) = fill("wat is rls", channel="whatsapp")
    bea = enter("bea")
    do(bea, preview(bea, shop, lijst="kanaal=website"))
    assert state(shop, other) == ("new", 1)
