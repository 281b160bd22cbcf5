"""What a conversation on the website is: answered once, read again, erased, judged."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from channels import in_time
from channels.website import channel
from channels.website.conversation import WebsiteConversations
from kalm.privacy.masking import mask_message
from kalm.settings import settings
from storage.database import Database
from storage.idempotency import Claim
from storage.schema import feedback
from tests.channels.website.conftest import OFFERED, Site


def test_a_message_is_answered_and_can_be_read_again(visitor: Site) -> None:
    answered = visitor.say("wat is rls", "een-eigen-nummer")
    assert answered.status_code == 200
    message = answered.json()
    assert (message["id"], message["number"], message["text"]) == ("een-eigen-nummer", 1, "wat is rls")
    assert [reply["kind"] for reply in message["replies"]] == ["answer"]
    assert visitor.history() == [message]
    assert visitor.history(after=1) == []


def test_the_same_message_twice_gives_the_same_reply(visitor: Site) -> None:
    assert visitor.say("wat is rls", "twee-keer").json() == visitor.say("wat is rls", "twee-keer").json()
    assert visitor.rasa.heard == ["wat is rls"]


def test_the_same_message_from_eight_tabs_at_once_is_answered_once(visitor: Site) -> None:
    visitor.rasa.slow = 0.3
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: visitor.say("wat is rls", "acht-keer").json(), range(8)))
    assert all(answer == answers[0] for answer in answers)
    assert visitor.rasa.heard == ["wat is rls"]


def test_the_same_message_again_waits_for_itself_and_not_at_the_database(
    visitor: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims: list[str] = []
    claim = WebsiteConversations._claim

    def counted(self: WebsiteConversations, conversation_id: str, key: str) -> Claim:
        claims.append(key)
        return claim(self, conversation_id, key)

    monkeypatch.setattr(WebsiteConversations, "_claim", counted)
    visitor.rasa.slow = 1.0
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: visitor.say("wat is rls", "vier-keer"), range(4)))
    assert len(claims) == 4


def test_a_message_does_not_overtake_one_that_takes_longer_to_mask(
    visitor: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    masking = threading.Event()

    def slowly(text: str) -> str:
        if text == "eerst":
            masking.set()
            time.sleep(0.5)
        return mask_message(text)

    monkeypatch.setattr("channels.visitor.mask_message", slowly)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(visitor.say, "eerst", "eerste-bericht")
        assert masking.wait(10)
        visitor.say("daarna", "tweede-bericht")
        first.result()
    assert [message["id"] for message in visitor.history()] == ["eerste-bericht", "tweede-bericht"]


def test_a_message_that_failed_can_be_sent_again_and_stands_once_in_the_history(visitor: Site) -> None:
    visitor.rasa.fails = True
    failed = visitor.say("wat is rls", "nog-een-keer")
    assert failed.status_code == 503
    error = failed.json()["error"]
    assert (error["code"], error["again"]) == ("unavailable", True)
    assert "geen medisch advies" in error["reply"]["disclaimer"]
    visitor.rasa.fails = False
    assert visitor.say("wat is rls", "nog-een-keer").status_code == 200
    assert [message["id"] for message in visitor.history()] == ["nog-een-keer"]


def test_who_is_in_danger_hears_whom_to_call_when_kalm_fails(visitor: Site) -> None:
    visitor.rasa.fails = True
    error = visitor.say("ik heb ineens pijn op de borst").json()["error"]
    assert error["reply"]["kind"] == "emergency"
    assert "112" in error["message"]


def test_an_answer_that_takes_too_long_is_an_apology_and_comes_at_the_next_try(
    visitor: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_time, "ANSWER_WITHIN", 0.1)
    visitor.rasa.slow = 0.5
    assert visitor.say("wat is rls", "te-laat-dus").status_code == 503
    monkeypatch.setattr(in_time, "ANSWER_WITHIN", 8.0)
    assert visitor.say("wat is rls", "te-laat-dus").status_code == 200
    assert visitor.rasa.heard == ["wat is rls"]


def test_a_message_that_was_kept_by_who_then_died_is_not_answered_anew(
    visitor: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*arguments: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(WebsiteConversations, "_settle", die)
        patch.setattr(WebsiteConversations, "_read", die)
        assert visitor.say("wat is rls", "gestorven").status_code == 503
    assert visitor.say("wat is rls", "gestorven").json()["number"] == 1
    assert visitor.rasa.heard == ["wat is rls"]
    assert [message["id"] for message in visitor.history()] == ["gestorven"]


def test_what_was_kept_with_its_message_is_not_written_again(
    visitor: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    monkeypatch.setattr(WebsiteConversations, "_settle", lambda self, *what: written.append(what[-1]))
    assert visitor.say("wat is rls").json()["number"] == 1
    assert written == []


def test_another_visitor_reads_nothing_of_it(visitor: Site) -> None:
    visitor.say("wat is rls")
    assert visitor.begin().history() == []


def test_a_deleted_conversation_is_gone_and_a_new_one_begins(visitor: Site) -> None:
    visitor.say("wat is rls")
    assert visitor.ask("DELETE", "/conversation").json()["receipt"].startswith("K-")
    assert visitor.history() == []
    assert visitor.ask("DELETE", "/conversation").json() == {"receipt": ""}
    assert visitor.say("hoi").json()["number"] == 1


def test_who_says_to_erase_hears_so_with_nothing_kept(visitor: Site) -> None:
    visitor.say("wat is rls")
    assert visitor.say("ja, wis alles").json()["number"] == 0
    assert visitor.history() == []


def test_personal_data_is_masked_in_what_comes_back(visitor: Site) -> None:
    assert visitor.say("mail jan@example.org").json()["text"] == "mail [e-mailadres]"


def test_only_what_was_offered_can_be_pressed(visitor: Site) -> None:
    assert visitor.say(OFFERED, chosen=True).status_code == 409
    visitor.say("wat is rls")
    assert visitor.say("/restart", chosen=True).json()["error"]["code"] == "not_offered"
    assert visitor.say(OFFERED, chosen=True).status_code == 200


def test_a_command_of_rasa_is_text(visitor: Site) -> None:
    visitor.say("/restart")
    assert visitor.rasa.heard == ["restart"]


def test_a_judgement_stands_with_its_message(visitor: Site) -> None:
    number = visitor.say("wat is ferritine").json()["number"]
    visitor.say("en bij kinderen")
    for helped in (True, False):
        visitor.ask("POST", "/feedback", json={"number": number, "helped": helped})
        assert [message["helped"] for message in visitor.history()] == [helped, None]


def test_a_judgement_takes_the_place_of_the_one_before(visitor: Site) -> None:
    number = visitor.say("wat is rls").json()["number"]
    for helped, reason in ((True, ""), (False, "te lang, mail jan@example.org")):
        judged = visitor.ask("POST", "/feedback", json={"number": number, "helped": helped, "reason": reason})
        assert judged.status_code == 204
    database = Database(settings().database_url)
    with database.reading() as connection:
        (row,) = connection.execute(
            sa.select(feedback.c.helped, feedback.c.reason).where(feedback.c.reason != "")
        ).all()
    database.close()
    assert tuple(row) == (False, "te lang, mail [e-mailadres]")
    unknown = visitor.ask("POST", "/feedback", json={"number": 99, "helped": True})
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "not_found")


def test_a_long_history_comes_in_pages(visitor: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.website.conversation.PAGE", 2)
    monkeypatch.setattr(channel, "PAGE", 2)
    for _ in range(3):
        visitor.say("hoi")
    first = visitor.ask("GET", "/messages").json()
    assert ([message["number"] for message in first["messages"]], first["more"]) == ([1, 2], True)
    rest = visitor.ask("GET", "/messages?after=2").json()
    assert ([message["number"] for message in rest["messages"]], rest["more"]) == ([3], False)


def test_without_a_database_it_says_so_and_a_cry_for_help_is_heard(visitor: Site, own_database: Path) -> None:
    (own_database / "kalm.db").rename(own_database / "weg")
    try:
        assert visitor.ask("GET", "/messages").status_code == 503
        error = visitor.say("ik wil niet meer leven").json()["error"]
        assert (error["reply"]["kind"], error["again"]) == ("crisis", True)
    finally:
        (own_database / "weg").rename(own_database / "kalm.db")
