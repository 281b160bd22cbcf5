from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from kalm.pointer import Release, ReleaseError
from review.access import members
from review.overview import first
from storage.schema import article_drafts, judgements, review_items
from tests.review.conftest import Enter, Keep, Shop

ASKED = {"kind": "handoff", "intent": "ask_human"}


def item(shop: Shop, message_id: int, state: str, kind: str = "answer", judged_by: int = 0) -> None:
    with shop.database.writing() as connection:
        connection.execute(
            review_items.insert().values(
                message_id=message_id,
                at=time.time(),
                channel="website",
                intent="ask_rls",
                confidence=0.5,
                kind=kind,
                group_key=str(message_id)[:32],
                score=1,
                reasons=[],
                state=state,
                version=1,
            )
        )
        if judged_by:
            connection.execute(
                judgements.insert().values(
                    message_id=message_id,
                    text="x",
                    intent="ask_rls",
                    entities=[],
                    passage="",
                    proposal="",
                    judged_by=judged_by,
                    judged_at=time.time(),
                    second_intent="",
                    candidate="",
                )
            )


def lines(page: str) -> dict[str, int]:
    """Each line's words with its number."""
    shown = re.sub(r"<[^>]+>", " ", page[page.index("<main") :])
    found = re.findall(r"(\d+)\s+((?:bezoekers?|berichte?n?|oordel\w*|oordeel|daarvan) [\w ]+)", shown)
    return {" ".join(text.split()): int(number) for number, text in found}


def test_with_nothing_to_do_it_says_so(enter: Enter) -> None:
    page = enter("bea").get("/").text

    assert "Dag Bea</h1>" in page
    assert "Je bent helemaal bij." in page


def test_what_waits_is_counted_for_whoever_asks(shop: Shop, enter: Enter) -> None:
    _, ids = shop.conversation(*({} for _ in range(5)))
    item(shop, ids[0], "new", "no_answer")
    item(shop, ids[1], "sent_back")
    item(shop, ids[2], "judged", judged_by=1)
    item(shop, ids[3], "judged", judged_by=3)
    item(shop, ids[4], "approved")
    shop.conversation(ASKED, ASKED)

    assert lines(enter("eva").get("/").text) == {
        "bezoeker wacht op een medewerker": 1,
        "berichten wachten op een oordeel": 2,
        "oordeel van een ander wacht op een tweede blik": 1,
        "daarvan kreeg geen antwoord": 1,
    }


def test_who_waits_longest_for_a_person_comes_first_with_a_link(shop: Shop, enter: Enter) -> None:
    now = time.time()
    for hours in (1, 5, 3, 2):
        shop.conversation(ASKED, at=now - hours * 3600)

    page = enter("bea").get("/").text

    assert re.findall(r"wacht (\d) uur", page) == ["5", "3", "2"]
    assert len(re.findall(r'href="/review/doorgegeven/\d+"', page)) == 3


def test_a_link_is_there_only_for_who_may_go_there(shop: Shop, enter: Enter) -> None:
    _, ids = shop.conversation({})
    item(shop, ids[0], "judged", judged_by=2)

    def has_link(name: str) -> bool:
        return '<a href="/review/tweede-blik">oordeel' in enter(name).get("/").text

    assert has_link("eva")
    assert not has_link("bea")


def test_what_came_back_is_told_to_who_judged_it(shop: Shop, enter: Enter) -> None:
    _, ids = shop.conversation({})
    with shop.database.reading() as connection:
        bea = members.by_name(connection, "bea")
    assert bea is not None
    item(shop, ids[0], "sent_back", judged_by=bea.id)
    told = '<a href="/review/postvak?stand=sent_back">oordeel is naar jou teruggestuurd</a>'
    assert told in enter("bea").get("/").text
    assert "naar jou teruggestuurd" not in enter("bram").get("/").text


def test_editors_see_what_waits_for_a_decision(shop: Shop, enter: Enter, keep_candidate: Keep) -> None:
    with shop.database.writing() as connection:
        emiel = members.by_name(connection, "emiel")
        assert emiel is not None
        draft = {"article": "ijzer", "section": "", "fields": {}, "member_id": emiel.id, "at": 0}
        connection.execute(article_drafts.insert().values(**draft, state="ready", candidate="", version=1))
    keep_candidate()
    text, trained = "stuk tekst wacht op goedkeuring", "model is klaar om te bekijken"
    assert text in enter("eva").get("/").text
    assert trained in enter("eva").get("/").text
    assert text not in enter("emiel").get("/").text, "nobody approves their own"
    assert trained not in enter("bea").get("/").text


def test_it_tells_since_when_the_model_answers(
    enter: Enter, keep_candidate: Keep, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def missing() -> Release:
        raise ReleaseError("nothing was trained")

    monkeypatch.setattr(first, "current", missing)
    assert "Er staat nog geen model klaar" in enter("bea").get("/").text

    model = tmp_path / "model.tar.gz"
    model.touch()
    monkeypatch.setattr(first, "current", lambda: Release(model, tmp_path))
    assert "Kalm antwoordt met het model dat er sinds" in enter("bea").get("/").text
    keep_candidate(state="live", live_by=1, live_at=1_796_000_000.0)
    assert "sinds 30 november 2026" in enter("bea").get("/").text
