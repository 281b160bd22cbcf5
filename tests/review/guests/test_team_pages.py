"""Guest links as an editor sees them."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa

from review.guests import marks
from review.states import CandidateState
from storage.schema import audit_log, candidates, guest_links, guest_marks
from tests.review.conftest import Enter, Shop
from tests.review.guests.conftest import ONE, OTHER, Invite, Keep, link_on, text_of

DAY = 24 * 60 * 60


def test_a_link_is_shown_once_with_how_long_it_works(shop: Shop, enter: Enter, candidate: Keep) -> None:
    candidate()
    eva = enter("eva")
    assert "Laat een collega het proberen" in eva.get(f"/training/{ONE}").text

    page = eva.post(f"/training/{ONE}/gasten", {"name": "  Karin \n Kok ", "days": "7"}).text

    link = link_on(page)
    assert "De link voor Karin Kok" in page
    assert link not in eva.get(f"/training/{ONE}/gasten").text
    assert link not in eva.get(f"/training/{ONE}").text
    with shop.database.reading() as connection:
        row = connection.execute(guest_links.select()).one()
        done = connection.execute(audit_log.select().where(audit_log.c.action == "guest.link")).one()
    assert row.until - row.at == 7 * DAY
    assert (done.member, done.subject, done.details) == ("eva", ONE, {"days": 7})
    assert "Karin Kok" in text_of(eva.get(f"/training/{ONE}").text)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"name": " ", "days": "3"}, "Vul in voor wie de link is."),
        ({"name": "x" * 65, "days": "3"}, "Die naam is te lang."),
        ({"name": "Karin", "days": "365"}, "Kies hoe lang de link werkt."),
        ({"name": "Karin", "days": "drie"}, "Kies hoe lang de link werkt."),
        ({"name": "Karin"}, "Kies hoe lang de link werkt."),
    ],
)
def test_a_form_that_is_wrong_says_what(
    shop: Shop, enter: Enter, candidate: Keep, form: dict[str, str], sentence: str
) -> None:
    candidate()
    answer = enter("eva").post(f"/training/{ONE}/gasten", form)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert f'value="{form["name"].strip()}"' in answer.text
    with shop.database.reading() as connection:
        assert connection.execute(guest_links.select()).all() == []


@pytest.mark.parametrize(
    "state", [CandidateState.TRAINING, CandidateState.FAILED, CandidateState.STOPPED, CandidateState.RETIRED]
)
def test_a_model_that_is_not_tried_gets_no_link(
    shop: Shop, enter: Enter, candidate: Keep, state: CandidateState
) -> None:
    candidate(state=state)
    answer = enter("eva").post(f"/training/{ONE}/gasten", {"name": "Karin", "days": "3"})
    assert (answer.status_code, "kan niet geprobeerd worden" in answer.text) == (409, True)
    with shop.database.reading() as connection:
        assert connection.execute(guest_links.select()).all() == []


def test_a_model_that_is_not_there_has_no_guests(enter: Enter, candidate: Keep) -> None:
    eva = enter("eva")
    assert eva.get(f"/training/{OTHER}/gasten").status_code == 404
    assert eva.post(f"/training/{OTHER}/gasten", {"name": "Karin", "days": "3"}).status_code == 404
    assert eva.post(f"/training/{OTHER}/gasten/x/sluit").status_code == 404


def test_what_guests_found_is_counted_and_shown_the_bad_first(invite: Invite, enter: Enter) -> None:
    karin, kees = invite("Karin"), invite("Kees")
    for question in ("een", "twee <i>", "antwoord"):
        karin.said(question)
    kees.said("vier")
    first, second, third, _ = karin.marks()
    karin.judge(first.id, "goed")
    karin.judge(second.id, "niet-goed", "dit klopt <b>niet</b>")
    karin.judge(third.id, "goed")

    page = enter("emiel").get(f"/training/{ONE}/gasten").text

    shown = text_of(page)
    assert "4 vragen gesteld: 2 goed, 1 niet goed, 1 zonder oordeel." in shown
    assert "dit klopt <b>niet</b>" in shown
    assert "<b>niet</b>" not in page
    assert shown.index("twee <i>") < shown.index("antwoord Slapen: Rust helpt.") < shown.index("vier")
    assert "Kees" in shown
    on_candidate = text_of(enter("emiel").get(f"/training/{ONE}").text)
    assert "4 vragen gesteld: 2 goed, 1 niet goed, 1 zonder oordeel." in on_candidate


def test_what_guests_found_of_one_model_is_not_shown_with_another(invite: Invite, enter: Enter) -> None:
    invite("Karin").said("van de een")
    invite("Kees", OTHER)
    page = enter("eva").get(f"/training/{OTHER}/gasten").text
    assert "van de een" not in page
    assert "Nog niemand heeft iets gevraagd." in page
    assert "Karin" not in page


def test_a_link_is_closed_once_and_only_by_its_own_model(shop: Shop, invite: Invite, enter: Enter) -> None:
    guest = invite("Karin")
    invite("Kees", OTHER)
    with shop.database.reading() as connection:
        of_karin = sa.select(guest_links.c.token_hash).where(guest_links.c.name == "Karin")
        link = connection.scalars(of_karin).one()
    eva = enter("eva")
    eva.post(f"/training/{OTHER}/gasten/{link}/sluit")
    assert guest.browser.get(guest.path).status_code == 200
    for _ in range(2):
        assert eva.post(f"/training/{ONE}/gasten/{link}/sluit").status_code == 303
    assert guest.browser.get(guest.path).status_code == 404
    page = text_of(eva.get(f"/training/{ONE}/gasten").text)
    assert "niet meer" in page
    with shop.database.reading() as connection:
        ended = connection.execute(audit_log.select().where(audit_log.c.action == "guest.end")).all()
    assert [(one.member, one.subject) for one in ended] == [("eva", ONE)]


def test_a_thousand_questions_are_shown_in_part(shop: Shop, invite: Invite, enter: Enter) -> None:
    invite("Karin")
    with shop.database.writing() as connection:
        link = connection.scalars(sa.select(guest_links.c.token_hash)).one()
        rows = [
            {
                "link": link,
                "at": time.time(),
                "question": f"vraag {number}.",
                "reply": [{"text": "a" * 5000}],
                "is_good": False if number == 0 else None,
                "remark": "",
            }
            for number in range(1000)
        ]
        connection.execute(guest_marks.insert(), rows)
    page = text_of(enter("eva").get(f"/training/{ONE}/gasten").text)
    assert f"de eerste {marks.SHOWN}" in page
    assert "1.000 vragen gesteld: 0 goed, 1 niet goed, 999 zonder oordeel." in page
    assert "vraag 0." in page
    assert "vraag 500." not in page


def test_links_of_a_model_that_went_stay_to_be_read(shop: Shop, invite: Invite, enter: Enter) -> None:
    invite("Karin").said("hallo")
    with shop.database.writing() as connection:
        connection.execute(candidates.update().values(state=CandidateState.RETIRED.value))
    page = text_of(enter("eva").get(f"/training/{ONE}/gasten").text)
    assert "hallo" in page
    assert "Dit model kan nu niet geprobeerd worden." in page
    assert "Maak een link" not in page
