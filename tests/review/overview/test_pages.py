from __future__ import annotations

import re
import time
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from kalm.settings import settings
from review.clock import local_time
from storage.retention import DAY, purge
from storage.schema import audit_log
from tests.review.conftest import Enter, Shop


def test_without_messages_the_page_says_so(enter: Enter) -> None:
    page = enter("bea").get("/overzicht")

    assert page.status_code == 200
    assert "In deze periode kwamen er geen berichten." in page.text
    assert "<svg" not in page.text


def test_every_plot_has_its_numbers_a_title_and_a_description(shop: Shop, enter: Enter) -> None:
    shop.conversation({}, {"kind": "handoff"}, {"helped": True})

    page = enter("bea").get("/overzicht").text

    drawings = re.findall(r'<svg class="plot" .*?</svg>', page, re.DOTALL)
    assert len(drawings) == 8
    for drawing in drawings:
        read = ElementTree.fromstring(drawing)
        assert read.attrib["role"] == "img"
        named = read.attrib["aria-labelledby"].split()
        assert [one.attrib["id"] for one in read[:2]] == named
        assert all(one.text for one in read[:2])
    assert page.count("Download voor Excel</button>") == 8
    assert page.count("<table>") == 8
    assert "style=" not in page


def test_the_switch_keeps_the_period(shop: Shop, enter: Enter) -> None:
    shop.conversation({}, at=time.time() - 86400 * 3)
    bea = enter("bea")

    page = bea.get("/overzicht?van=2026-01-01&tot=2026-12-31&per=week").text

    assert "?van=2026-01-01&amp;tot=2026-12-31&amp;per=dag" in page
    assert "per week</h2>" in page


@pytest.mark.parametrize("query", ["van=onzin", "van=2026-02-02&tot=2026-02-01", "tot=99999-01-01"])
def test_a_period_that_cannot_be_is_told_and_the_last_days_are_shown(
    shop: Shop, enter: Enter, query: str
) -> None:
    shop.conversation({})

    page = enter("bea").get(f"/overzicht?{query}")

    assert page.status_code == 422
    assert "Hieronder staan de laatste 30 dagen." in page.text
    assert "<svg" in page.text


def test_a_table_comes_as_a_file_without_words_of_visitors_and_is_noted(shop: Shop, enter: Enter) -> None:
    shop.conversation({"text": "Truus slaapt slecht"}, {})

    sent = enter("bea").post("/overzicht/antwoorden.csv", {"van": "2026-01-01", "tot": "2026-12-31"})

    assert sent.status_code == 200
    assert sent.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert sent.headers["Content-Disposition"] == (
        'attachment; filename="kalm-antwoorden-2026-01-01-2026-12-31.csv"'
    )
    assert "antwoord;2;100,0\r\n" in sent.content.decode("utf-8-sig")
    assert "Truus" not in sent.text
    with shop.database.reading() as connection:
        line = connection.execute(audit_log.select()).one()
    assert (line.member, line.action, line.subject, line.details) == (
        *("bea", "export", "overzicht/antwoorden"),
        {"days": 365},
    )


def test_a_table_that_is_not_there_or_a_period_that_cannot_be_gives_no_file(shop: Shop, enter: Enter) -> None:
    bea = enter("bea")

    assert bea.post("/overzicht/geheimen.csv").status_code == 404
    assert bea.post("/overzicht/uren.csv", {"van": "x"}).status_code == 400
    with shop.database.reading() as connection:
        assert connection.execute(audit_log.select()).all() == []


def test_what_a_passage_is_called_cannot_become_markup(shop: Shop, enter: Enter) -> None:
    shop.conversation({"passages": ("<img src=x>#<b>",)})

    page = enter("bea").get("/overzicht").text

    assert "<img src=x>" not in page


def test_of_days_of_which_only_loose_messages_are_left_nothing_is_made_up(shop: Shop, enter: Enter) -> None:
    day = settings().conversation_days * DAY
    at = time.time() - day - DAY
    shop.conversation({}, at=at)
    purge(shop.database, at + day + 3600)
    first = local_time(at).date() - timedelta(days=1)

    page = enter("bea").get(f"/overzicht?van={first}&tot={first + timedelta(days=2)}").text

    assert "1 bericht in 0 gesprekken" in page
    assert "zijn geen gesprekken meer bewaard" in page
    assert "zijn geen uren meer bewaard" in page
    assert "niet meer bewaard hoe snel Kalm was" in page
    assert "0 milliseconden" not in page
