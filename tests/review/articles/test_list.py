from __future__ import annotations

import re
import time

import sqlalchemy as sa

from review.articles.usage import usage
from storage.schema import messages
from tests.review.articles.conftest import SECTION, SLUG, draft_id, open_form, send
from tests.review.conftest import Enter, Shop

ONE, OTHER = f"{SLUG}#{SECTION}", "magnesium-in-lichaam-en-voeding#wat-is-magnesium"
DAY = 86400


def counted(shop: Shop) -> dict[str, tuple[int, int, int, int]]:
    with shop.database.reading() as connection:
        found = usage(connection, time.time())
    return {id_: (one.shown, one.shown_long, one.rejected, one.helped) for id_, one in found.items()}


def test_each_passage_is_counted(shop: Shop) -> None:
    now = time.time()
    shop.conversation({"passages": (ONE,)}, {"passages": (ONE, OTHER)})
    shop.conversation({"passages": (ONE,)}, at=now - 40 * DAY)
    shop.conversation({"passages": (ONE,)}, at=now - 95 * DAY)
    shop.conversation({"kind": "no_answer", "intent": "ask_rls"})
    assert counted(shop) == {ONE: (2, 3, 0, 0), OTHER: (1, 1, 0, 0)}


def test_turned_down_by_thumb_and_in_words_counts_once(shop: Shop) -> None:
    shop.conversation(
        {"passages": (ONE,)},
        {"kind": "small_talk", "intent": "reject_answer", "helped": False, "passages": ()},
    )
    shop.conversation({"passages": (ONE,)}, {"kind": "small_talk", "intent": "reject_answer"})
    shop.conversation({"passages": (ONE,)}, {"kind": "small_talk", "intent": "thank", "helped": True})
    assert counted(shop) == {ONE: (3, 3, 2, 1)}


def test_broken_passages_count_for_nothing(shop: Shop) -> None:
    _, ids = shop.conversation({"passages": (ONE,)}, {"passages": (ONE,)}, {"passages": (ONE,)})
    with shop.database.writing() as connection:
        for id_, broken in zip(ids[1:], ("onzin", [3, {"hash": "x"}]), strict=True):
            connection.execute(messages.update().where(messages.c.id == id_).values(passages=broken))
    assert counted(shop) == {ONE: (1, 1, 0, 0)}


def test_nothing_was_said_yet(shop: Shop, enter: Enter) -> None:
    assert counted(shop) == {}
    page = enter("bea").get("/artikelen").text
    assert "122 stukken tekst" in page
    assert "/artikelen/nieuw" not in page  # a reviewer reads


def test_the_list_is_ordered_by_a_plain_link(shop: Shop, enter: Enter) -> None:
    shop.conversation({"passages": (ONE,)}, {"passages": (ONE,)}, {"passages": (OTHER,)})
    page = enter("eva").get("/artikelen?volgorde=antwoorden").text
    rows = re.findall(r'<th scope="row"><a href="/review/artikelen/([^"]+)">', page)
    assert [row.replace("/", "#") for row in rows[:2]] == [ONE, OTHER]
    assert 'aria-sort="descending"' in page
    assert enter("eva").get("/artikelen?volgorde=onzin").status_code == 200


def test_who_is_writing_is_shown(shop: Shop, enter: Enter) -> None:
    eva = enter("eva")
    draft_id(send(eva, open_form(eva, f"/artikelen/{SLUG}/{SECTION}"), heading="Anders"))
    page = enter("bea").get("/artikelen").text
    assert "wordt geschreven door Eva Evers" in page
    assert "Anders" in enter("bea").get("/concepten").text


def test_a_thousand_drafts_have_a_page(shop: Shop, enter: Enter) -> None:
    from storage.schema import article_drafts, team_members

    with shop.database.writing() as connection:
        member = connection.scalar(sa.select(team_members.c.id).limit(1))
        connection.execute(
            article_drafts.insert(),
            [
                {
                    "article": SLUG,
                    "section": "",
                    "fields": {"heading": f"Kop {n}"},
                    "member_id": member,
                    "at": float(n),
                    "state": "draft",
                    "candidate": "",
                    "version": 1,
                }
                for n in range(1000)
            ],
        )
    page = enter("bea").get("/concepten").text
    assert "Kop 999" in page
    assert "Kop 1<" not in page
