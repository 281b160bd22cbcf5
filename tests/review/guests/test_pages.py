"""A guest's page, with a stand-in for the candidate."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from kalm.limits import LONGEST_TEXT
from review.guests import marks
from review.requests import PREFIX
from review.states import CandidateState
from storage.schema import audit_log, candidates, conversations, guest_links, guest_marks, messages
from tests.review.conftest import Enter, Shop
from tests.review.guests.conftest import ONE, Guest, Invite, Keep, StandIns, text_of


def test_a_guest_reads_what_it_is_asks_and_says_that_it_is_good(invite: Invite, shop: Shop) -> None:
    guest = invite("Karin")
    page = text_of(guest.page())
    assert "Hallo Karin." in page
    assert "proefmodel" in page
    assert "Typ niets persoonlijks" in page
    assert "Je hebt nog niets gevraagd." in page

    page = guest.said("antwoord")

    assert "Rust helpt." in page
    assert "Uit Rust, Slapen" in page
    assert "Ik ben een chatbot, geen arts." in page
    assert "Wij verkopen magnesium." in page
    mark = guest.marks()[0]
    assert (mark.question, mark.is_good, mark.remark) == ("antwoord", None, "")
    assert guest.judge(mark.id, "goed", "Helder") == 303
    assert "Jouw oordeel: goed" in text_of(guest.page())
    guest.judge(mark.id, "niet-goed", "Toch niet <b>")
    assert [(one.is_good, one.remark) for one in guest.marks()] == [(False, "Toch niet <b>")]
    assert "Toch niet &lt;b&gt;" in guest.page()


def test_a_guest_has_no_menu_and_no_way_to_the_screens(invite: Invite) -> None:
    guest = invite()
    page = guest.page()
    assert "<nav" not in page
    assert 'href="/review/"' not in page
    assert "inloggen" not in page.lower()
    for path in ("/", f"/training/{ONE}", f"/training/{ONE}/gasten", "/postvak"):
        assert "/inloggen" in guest.browser.get(path).headers["location"]


def test_somebody_who_is_logged_in_sees_the_page_as_a_guest_does(invite: Invite, enter: Enter) -> None:
    page = enter("eva").get(invite().path).text
    assert "Uitloggen" not in page
    assert "<nav" not in page


def test_the_address_is_told_to_no_other_site_and_to_no_search_engine(invite: Invite) -> None:
    guest = invite()
    for answer in (guest.browser.get(guest.path), guest.browser.get("/gast/onbekend")):
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-robots-tag"] == "noindex"
        assert answer.headers["cache-control"] == "no-store"
    guest.said("antwoord")
    answer = guest.browser.client.post(f"{PREFIX}{guest.path}", data={"question": "x", "number": "1"})
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_the_token_is_kept_nowhere(invite: Invite, shop: Shop) -> None:
    guest = invite()
    guest.said("hallo")
    token = guest.path.rsplit("/", 1)[1]
    with shop.database.reading() as connection:
        kept = str([list(connection.execute(one.select())) for one in (guest_links, guest_marks, audit_log)])
    assert token not in kept
    assert "guest.link" in kept


def ends_in_time(shop: Shop, guest: Guest, enter: Enter) -> None:
    with shop.database.writing() as connection:
        connection.execute(guest_links.update().values(until=time.time() - 1))


def is_closed(shop: Shop, guest: Guest, enter: Enter) -> None:
    with shop.database.reading() as connection:
        link = connection.scalars(sa.select(guest_links.c.token_hash)).one()
    assert enter("emiel").post(f"/training/{ONE}/gasten/{link}/sluit").status_code == 303


def loses_its_model(shop: Shop, guest: Guest, enter: Enter) -> None:
    with shop.database.writing() as connection:
        connection.execute(candidates.update().values(state=CandidateState.STOPPED.value))


@pytest.mark.parametrize("over", [ends_in_time, is_closed, loses_its_model])
def test_a_link_that_is_over_looks_like_one_that_never_was(
    invite: Invite, shop: Shop, enter: Enter, over: Callable[[Shop, Guest, Enter], None]
) -> None:
    guest = invite()
    guest.said("hallo")
    unknown = guest.browser.get("/gast/onbekend")
    over(shop, guest, enter)

    answer = guest.browser.get(guest.path)

    assert (answer.status_code, answer.text) == (404, unknown.text)
    assert "Deze link werkt niet" in answer.text
    assert guest.ask("nog een vraag", 1) == 404  # the page stood open
    assert guest.judge(guest.marks()[0].id, "goed") == 404
    asks = guest.browser.get(f"{guest.path}/antwoord/{guest.marks()[0].id}", headers={"HX-Request": "true"})
    assert (asks.status_code, asks.headers["hx-redirect"]) == (204, f"{PREFIX}{guest.path}")
    assert [(one.question, one.is_good) for one in guest.marks()] == [("hallo", None)]


@pytest.mark.parametrize("token", ["x" * 3000, "<script>", "%F0%9F%98%80", "%27%20OR%201"])
def test_a_strange_link_opens_nothing(shop: Shop, token: str) -> None:
    browser = shop.browser()
    answer = browser.get(f"/gast/{token}")
    assert (answer.status_code, "Deze link werkt niet" in answer.text) == (404, True)
    part = browser.get(f"/gast/{token}/antwoord/1", headers={"HX-Request": "true"})
    assert part.status_code == 204
    assert "<" not in part.headers["hx-redirect"]


def test_personal_data_is_masked_before_it_is_kept_or_asked(invite: Invite) -> None:
    guest = invite()
    page = guest.said("mail me op jan@example.nl")
    mark = guest.marks()[0]
    assert mark.question == "mail me op [e-mailadres]"
    assert f"{ONE} zegt 1: mail me op [e-mailadres]" in page
    guest.judge(mark.id, "goed", "bel 06 12345678")
    assert "12345678" not in guest.marks()[0].remark


def test_nothing_of_a_trial_is_a_conversation(invite: Invite, shop: Shop, enter: Enter) -> None:
    invite().said("wat is rls")
    with shop.database.reading() as connection:
        for table in (messages, conversations):
            assert connection.scalar(sa.select(sa.func.count()).select_from(table)) == 0


def test_what_a_guest_types_and_a_candidate_says_is_escaped(invite: Invite) -> None:
    guest = invite("<script>alert(1)</script>")
    guest.said("<script>alert(2)</script> 😀" + "x" * 400)
    assert "<script>alert" not in guest.page()
    assert "&lt;script&gt;alert(2)" in guest.page()


@pytest.mark.parametrize(
    ("question", "sentence"),
    [("  \n ", "Typ eerst een vraag."), ("é" * (LONGEST_TEXT + 1), "hoogstens 1000 tekens")],
)
def test_a_question_that_cannot_be_asked_comes_back(invite: Invite, question: str, sentence: str) -> None:
    guest = invite()
    form = {"question": question, "number": "0"}
    answer = guest.browser.client.post(f"{PREFIX}{guest.path}", data=form)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert question.strip() in answer.text
    assert guest.marks() == []


def test_a_question_as_long_as_a_visitors_may_be_is_asked(invite: Invite) -> None:
    guest = invite()
    assert "a" * LONGEST_TEXT in guest.said("a" * LONGEST_TEXT)


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 5000, "²"])
def test_a_broken_form_asks_all_the_same(invite: Invite, number: str) -> None:
    guest = invite()
    form = {"question": "hallo", "number": number}
    assert guest.browser.client.post(f"{PREFIX}{guest.path}", data=form).status_code == 303
    assert "zegt 1: hallo" in guest.wait()


def test_a_form_that_is_sent_twice_asks_once(invite: Invite) -> None:
    guest = invite()
    assert guest.ask("hallo", 0) == 303
    assert guest.ask("hallo", 0) == 303
    assert "zegt 1: hallo" in guest.wait()
    assert guest.ask("hallo", 0) == 303
    assert len(guest.marks()) == 1
    assert "zegt 2: hallo" in guest.said("hallo"), "who asks the same again means it"


def test_a_link_holds_no_more_questions_than_it_may(invite: Invite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks, "AT_MOST", 2)
    monkeypatch.setattr("review.guests.pages.AT_MOST", 2)
    guest, other = invite("Karin"), invite("Kees")
    guest.said("een")
    page = guest.said("twee")
    assert "meer kan niet met deze link" in page
    assert 'name="question"' not in guest.page()
    assert guest.ask("drie", 2) == 409
    assert len(guest.marks()) == 2
    assert "zegt 1: een" in other.said("een")


def test_a_remark_that_is_too_long_comes_back_and_a_mark_must_be_one(invite: Invite) -> None:
    guest = invite()
    guest.said("hallo")
    mark = guest.marks()[0]
    assert guest.judge(mark.id, "goed", "é" * 1001) == 422
    assert guest.judge(mark.id, "misschien", "Nou ja") == 422
    assert guest.marks()[0].is_good is None


def test_a_guest_cannot_mark_or_read_what_another_asked(invite: Invite) -> None:
    guest, other = invite("Karin"), invite("Kees")
    guest.said("geheim")
    mark = guest.marks()[0]
    assert other.judge(mark.id, "goed") == 303
    assert other.judge(10**30, "goed") == 404
    assert guest.marks()[0].is_good is None
    part = other.browser.get(f"{other.path}/antwoord/{mark.id}", headers={"HX-Request": "true"})
    assert (part.status_code, part.text) == (204, "")
    assert "geheim" not in other.page()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
        ({"Origin": "null"}, 303),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 403),
        ({"Origin": "https://boef.example"}, 403),
    ],
)
def test_a_form_may_hide_where_it_comes_from_but_not_come_from_elsewhere(
    invite: Invite, headers: dict[str, str], status: int
) -> None:
    guest = invite()
    form = {"question": "hallo", "number": "0"}
    answer = guest.browser.client.post(f"{PREFIX}{guest.path}", data=form, headers=headers)
    assert answer.status_code == status
    login = {"name": "bea", "password": "x"}
    refused = guest.browser.client.post(f"{PREFIX}/inloggen", data=login, headers={"Origin": "null"})
    assert refused.status_code == 403
    assert "andere rol" in refused.text


def test_the_reply_comes_by_itself_with_what_to_say_of_it(invite: Invite, stand_ins: StandIns) -> None:
    guest = invite()
    guest.ask("antwoord")
    guest.wait()
    mark = guest.marks()[0]
    part = guest.browser.get(f"{guest.path}/antwoord/{mark.id}?verteld=loads", headers={"HX-Request": "true"})
    assert part.status_code == 286
    assert "Rust helpt." in part.text
    assert f'id="oordeel-{mark.id}" hx-swap-oob="true"' in part.text
    assert "Niet goed" in part.text
    assert "<html" not in part.text
    whole = guest.browser.get(f"{guest.path}/antwoord/{mark.id}")
    assert whole.headers["location"] == f"{PREFIX}{guest.path}"


def test_a_question_that_the_web_app_forgot_gets_an_honest_line(invite: Invite, stand_ins: StandIns) -> None:
    """After a restart nobody answers what waited."""
    guest = invite()
    with guest.shop.database.writing() as connection:
        link = connection.scalars(sa.select(guest_links.c.token_hash)).one()
        connection.execute(
            guest_marks.insert().values(link=link, at=time.time(), question="hallo", reply=[], remark="")
        )
    page = guest.page()
    assert "Hier kwam geen antwoord op." in page
    assert 'value="goed"' not in page
    assert "zegt 1: nog eens" in guest.said("nog eens")


@pytest.mark.parametrize("broken", [None, "x", [1, None], {"custom": 1}, [{"custom": {}}], [{}]])
def test_a_row_that_is_broken_breaks_no_page(
    invite: Invite, enter: Enter, candidate: Keep, broken: object
) -> None:
    guest = invite()
    guest.said("hallo")
    with guest.shop.database.writing() as connection:
        connection.execute(guest_marks.update().values(reply=sa.JSON.NULL if broken is None else broken))
    assert guest.browser.get(guest.path).status_code == 200
    assert enter("eva").get(f"/training/{ONE}/gasten").status_code == 200
