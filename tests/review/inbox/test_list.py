from __future__ import annotations

import re
import time
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from review.inbox import pages
from review.inbox.filters import Filters
from review.inbox.groups import Place, page
from review.inbox.items import find
from review.judging.alike import others
from review.states import ItemState
from storage.schema import review_items
from tests.review.conftest import Enter, Shop
from tests.review.inbox.conftest import Fill, items


def texts(html: str) -> list[str]:
    """What the lines of the list say, in order."""
    return re.findall(r'<th scope="row"><a class="quote" href="[^"]*">([^<]*)</a>', html)


def test_an_empty_inbox_says_that_all_is_done(shop: Shop, enter: Enter) -> None:
    answer = enter("bea").get("/postvak")
    assert answer.status_code == 200
    assert "Je bent bij" in answer.text
    assert "Alles is gedaan" in answer.text


def test_what_was_just_typed_is_in_the_list(shop: Shop, enter: Enter) -> None:
    shop.conversation({"text": "wat is rls"}, at=time.time() - 5)
    assert texts(enter("bea").get("/postvak").text) == ["wat is rls"]
    assert items(shop) == 1


def test_the_list_opens_when_new_messages_cannot_be_looked_for(
    fill: Fill, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill("wat is rls")

    def fail(*said: object) -> int:
        raise ValueError

    monkeypatch.setattr(pages, "index", fail)
    assert texts(enter("bea").get("/postvak").text) == ["wat is rls"]


def test_messages_that_are_alike_are_one_line_with_their_number(fill: Fill, enter: Enter) -> None:
    fill("wat is rls", "Wat is RLS?", "helpt een voetenbad")
    html = enter("bea").get("/postvak").text
    assert len(texts(html)) == 2
    assert "2 gelijke" in html
    assert "Nog 3 berichten te doen" in html


def test_of_a_group_that_message_is_shown_by_which_the_list_is_ordered(fill: Fill, enter: Enter) -> None:
    said = {"text": "Wat is RLS?", "confidence": 0.2, "kind": "no_answer", "intent": "nlu_fallback"}
    fill(said, at=time.time() - 7200)
    fill("wat is rls", at=time.time() - 60)
    bea = enter("bea")
    assert texts(bea.get("/postvak").text) == ["wat is rls"]
    assert texts(bea.get("/postvak?volgorde=leerzaam").text) == ["Wat is RLS?"]


def test_the_newest_or_the_most_instructive_comes_first(fill: Fill, enter: Enter) -> None:
    fill(
        {"text": "zwoefel", "intent": "nlu_fallback", "confidence": 0.1, "kind": "no_answer"},
        at=time.time() - 9000,
    )
    fill("wat is rls")
    bea = enter("bea")
    assert texts(bea.get("/postvak").text) == ["wat is rls", "zwoefel"]
    html = bea.get("/postvak?volgorde=leerzaam").text
    assert texts(html) == ["zwoefel", "wat is rls"]
    assert "niet begrepen" in html


DAY = "2026-03-29"
"""On which the clock went forward in Amsterdam: it began at 23:00 UTC and had 23 hours."""

MORNING = 1774738800.0
"""Its first moment."""


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("bedoeling=ask_product", {"product"}),
        ("bedoeling=nlu_fallback", {"vaag"}),
        ("zekerheid=laag", {"vaag"}),
        ("zekerheid=midden", {"product"}),
        ("zekerheid=hoog", {"op whatsapp", "begin", "eind"}),
        ("kanaal=whatsapp", {"op whatsapp"}),
        ("antwoord=no_answer", {"vaag"}),
        (f"van={DAY}&tot={DAY}", {"begin", "eind"}),
        (f"van={DAY}", {"product", "vaag", "op whatsapp", "begin", "eind"}),
        (f"tot={DAY}", {"begin", "eind"}),
        ("zoek=WHATSÁPP+op", {"op whatsapp"}),
        ("zoek=whatsapp+product", set()),
        ("zoek=%25", set()),
        ("zoek=_", set()),
        ("stand=skipped", set()),
        ("stand=alles", {"product", "vaag", "op whatsapp", "begin", "eind"}),
        ("bedoeling=ask_rls&kanaal=whatsapp&zekerheid=hoog&antwoord=answer&zoek=op", {"op whatsapp"}),
        (
            "zekerheid=onzin&stand=onzin&van=onzin&tot=99999-1-1&volgorde=onzin&na=onzin_1_2_3",
            {"product", "vaag", "op whatsapp", "begin", "eind"},
        ),
        ("na=nan_nan_x&van=0001-01-01&tot=9999-12-31", {"product", "vaag", "op whatsapp", "begin", "eind"}),
        ("bedoeling=' OR 1=1 --", set()),
        ("zoek=op%00+whatsapp&na=1e12_9_%00", {"op whatsapp"}),
    ],
)
def test_each_filter_leaves_what_it_says(fill: Fill, enter: Enter, query: str, expected: set[str]) -> None:
    fill({"text": "product", "intent": "ask_product", "confidence": 0.7})
    fill({"text": "vaag", "intent": "nlu_fallback", "confidence": 0.3, "kind": "no_answer"})
    fill("op whatsapp", channel="whatsapp")
    fill({"text": "begin", "at": MORNING}, {"text": "eind", "at": MORNING + 23 * 3600 - 1})
    answer = enter("bea").get(f"/postvak?{query}")
    assert answer.status_code == 200
    if "nan" not in query:
        assert set(texts(answer.text)) == expected
    if not expected and "stand" not in query:
        assert "Niets gevonden" in answer.text


def test_a_link_holds_what_was_chosen(fill: Fill, enter: Enter) -> None:
    fill("wat is rls")
    html = enter("bea").get("/postvak?zoek=rls&zekerheid=hoog").text
    assert re.search(r'href="/review/postvak/\d+\?zekerheid=hoog&amp;zoek=rls"', html)
    assert '<option value="hoog" selected>' in html
    assert 'value="rls"' in html


@pytest.mark.parametrize("order", ["nieuw", "leerzaam"])
def test_pages_follow_each_other_without_a_gap_also_when_something_came_in_meanwhile(
    fill: Fill, enter: Enter, order: str
) -> None:
    fill(*(f"vraag {number}" for number in range(60)))
    bea = enter("bea")
    seen: list[str] = []
    path = f"/postvak?volgorde={order}"
    while path:
        html = bea.get(path).text
        seen += texts(html)
        onward = re.search(r'href="/review(/postvak\?[^"]*)">Volgende bladzijde', html)
        path = onward[1].replace("&amp;", "&") if onward else ""
        if len(seen) == 25:
            fill("kwam er net bij")
    seen = [text for text in seen if text != "kwam er net bij"]
    assert len(seen) == 60
    assert set(seen) == {f"vraag {number}" for number in range(60)}


def test_backwards_is_the_same_order(shop: Shop, fill: Fill) -> None:
    fill(*(f"vraag {number}" for number in range(12)))
    with shop.database.reading() as connection:
        forth = page(connection, Filters())
        back = page(connection, Filters(), forth[5].place, backwards=True, at_most=3)
    assert [group.key for group in back] == [group.key for group in (forth[4], forth[3], forth[2])]
    assert Place.of(str(forth[5].place)) == forth[5].place


def test_beyond_the_end_the_list_says_so(fill: Fill, enter: Enter) -> None:
    fill("wat is rls")
    assert "Hier houdt de lijst op" in enter("bea").get("/postvak?na=1.0_0.0_x").text


HOSTILE = ["<script>alert(1)</script>", "a" * 1000, "😂" * 300, "'; DROP TABLE messages; --", "\x07bel"]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_visitor_types_is_shown_as_text(fill: Fill, enter: Enter, text: str) -> None:
    (id_,) = fill(text)
    bea = enter("bea")
    for path in ("/postvak", f"/postvak/{id_}", f"/postvak?{urlencode({'zoek': text})}"):
        answer = bea.get(path)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text


def test_reasons_that_are_no_longer_known_or_broken_do_not_break_the_list(
    shop: Shop, fill: Fill, enter: Enter
) -> None:
    fill("wat is rls")
    with shop.database.writing() as connection:
        connection.execute(review_items.update().values(reasons=["of_before", 3], state="iets anders"))
    assert texts(enter("bea").get("/postvak?stand=alles").text) == ["wat is rls"]


def test_a_group_that_somebody_has_open_shows_it(fill: Fill, enter: Enter) -> None:
    (id_,) = fill("wat is rls")
    enter("bram").get(f"/postvak/{id_}")
    assert "Bram Boer is hiermee bezig" in enter("bea").get("/postvak").text


def test_next_and_previous_follow_the_list_and_pass_by_what_others_have(fill: Fill, enter: Enter) -> None:
    now = time.time()
    ids = [
        fill(text, at=now - 60 * number)[0] for number, text in enumerate(("een rls", "twee rls", "drie rls"))
    ]
    bea = enter("bea")

    def onward(id_: int, which: str) -> str:
        found = re.search(rf'href="/review(/postvak/{which}[^"]*)"', bea.get(f"/postvak/{id_}").text)
        assert found is not None
        return str(bea.get(found[1].replace("&amp;", "&")).headers["location"])

    assert onward(ids[0], "volgende") == f"/review/postvak/{ids[1]}"
    assert onward(ids[2], "vorige") == f"/review/postvak/{ids[1]}"
    assert onward(ids[2], "volgende") == "/review/postvak"
    assert onward(ids[0], "vorige") == "/review/postvak"
    enter("bram").get(f"/postvak/{ids[1]}")
    assert onward(ids[0], "volgende") == f"/review/postvak/{ids[2]}"


def test_the_groups_of_a_page_cost_one_query_each_way(shop: Shop, fill: Fill) -> None:
    fill(*(f"vraag {number}" for number in range(30)))
    asked: list[str] = []
    with shop.database.reading() as connection:
        sa.event.listen(connection, "before_cursor_execute", lambda *said: asked.append(said[2]))
        assert len(page(connection, Filters())) == 25
    assert len(asked) == 2


@pytest.mark.parametrize("sort", ["sqlite"])
def test_sqlite_finds_the_messages_of_a_group_by_their_group(shop: Shop, fill: Fill) -> None:
    """By state and time it would walk over all messages of that state: with many of them for a second."""
    (id_,) = fill("wat is rls")
    asked: list[tuple[str, Any]] = []
    with shop.database.reading() as connection:
        message = find(connection, id_)
        assert message is not None
        sa.event.listen(connection, "before_cursor_execute", lambda *said: asked.append((said[2], said[3])))
        others(connection, message, 8)
        page(connection, Filters(stand=ItemState.APPROVED.value))
        plans = [
            str(step[3])
            for statement, values in list(asked)
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    by_group = [plan for plan in plans if "ix_review_items_by_group (group_key=?" in plan]
    assert len(by_group) == 2, plans
    assert not any("ix_review_items_state_at" in plan for plan in plans), plans
