"""What the website's routes refuse, and how they tell it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from channels import peer
from channels.website import channel
from channels.website.limits import PER_ADDRESS, PER_READER, PER_SESSION
from kalm.limits import LONGEST_BODY, LONGEST_TEXT
from kalm.settings import settings
from tests.channels.website.conftest import OWN, Site


@pytest.mark.parametrize("token", ["x", "x y", "a" * 76])
def test_without_a_session_nothing_is_said(visitor: Site, token: str) -> None:
    refused = visitor.ask("GET", "/messages", headers={"Authorization": f"Bearer {token}"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "session")


def test_a_session_needs_a_yes_to_what_is_asked_now(visitor: Site) -> None:
    asked = visitor.ask("GET", "/configuration").json()["consent"]
    assert "30 dagen" in asked["text"]
    for body, status, code in (
        ({}, 400, "bad_request"),
        ({"consent": "of something else"}, 409, "consent"),
        ({"consent": asked["id"]}, 201, ""),
    ):
        answered = visitor.ask("POST", "/session", json=body)
        assert (answered.status_code, answered.json().get("error", {}).get("code", "")) == (status, code)


def test_who_has_a_session_gets_one_that_lasts_longer_for_the_same_conversation(visitor: Site) -> None:
    visitor.say("wat is ferritine")
    asked = {"consent": visitor.ask("GET", "/configuration").json()["consent"]["id"]}
    again = visitor.ask("POST", "/session", json=asked)
    assert again.status_code == 201
    visitor.token = again.json()["token"]
    assert [message["text"] for message in visitor.history()] == ["wat is ferritine"]
    assert again.json()["ends_at"] > time.time() + 31 * 24 * 60 * 60
    refused = visitor.ask("POST", "/session", json=asked, headers={"Authorization": "Bearer x"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "session")


def test_whom_to_call_stands_there_before_anything_is_asked(visitor: Site) -> None:
    danger = visitor.ask("GET", "/configuration").json()["danger"]
    assert list(danger["numbers"].values()) == ["tel:112", "tel:113", "tel:1813"]


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [(" / ", 422, "empty"), ("a" * (LONGEST_TEXT + 1), 422, "too_long"), ("a" * LONGEST_TEXT, 200, "")],
)
def test_what_is_empty_or_too_long_is_refused_before_rasa_sees_it(
    visitor: Site, text: str, status: int, code: str
) -> None:
    answered = visitor.say(text)
    assert answered.status_code == status
    assert answered.json().get("error", {}).get("code", "") == code
    assert len(visitor.rasa.heard) == (status == 200)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"[]",
        b"{",
        b'{"text": "hoi"}',
        b'{"id": "kort", "text": "hoi"}',
        b'{"id": "lang-genoeg", "text": 7.5e999, "x": 1}',
        b'{"id": "lang-genoeg", "text": null}',
        b'{"id": "lang-genoeg", "text": false}',
        b'{"id": "lang-genoeg", "text": "hoi", "chosen": "false"}',
        b'{"id": "lang-genoeg\\n", "text": "hoi"}',
        b'{"id": "lang-genoeg", "text": "hoi", "session": "x"}',
    ],
)
def test_what_is_no_message_is_refused_in_dutch(visitor: Site, sent: bytes) -> None:
    refused = visitor.ask("POST", "/messages", content=sent)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "bad_request")
    assert visitor.rasa.heard == []


def test_a_body_over_the_limit_is_refused(visitor: Site) -> None:
    refused = visitor.ask("POST", "/messages", content=b" " * (LONGEST_BODY + 1))
    assert (refused.status_code, refused.json()["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize("after", ["", "-1", "x", "1.5", "9" * 10])
def test_a_history_after_nothing_sensible_is_refused(visitor: Site, after: str) -> None:
    assert visitor.ask("GET", f"/messages?after={after}").status_code == 400


def test_a_session_waits_when_it_sends_too_much(visitor: Site) -> None:
    for _ in range(PER_SESSION):
        assert visitor.say("hoi").status_code == 200
    refused = visitor.say("hoi")
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "limit")
    assert 0 < int(refused.headers["Retry-After"]) <= 61
    assert visitor.begin().say("hoi").status_code == 200


def test_who_tells_of_danger_hears_whom_to_call_above_the_limit_too(visitor: Site) -> None:
    for _ in range(PER_SESSION):
        visitor.say("hoi")
    of_session = visitor.say("ik heb ineens pijn op de borst")
    for _ in range(PER_ADDRESS):
        visitor.ask("GET", "/messages")
    of_address = visitor.say("ik heb ineens pijn op de borst")
    for refused in (of_session, of_address):
        reply = refused.json()["error"]["reply"]
        assert (refused.status_code, reply["kind"], "112" in reply["numbers"]) == (429, "emergency", True)
    assert visitor.say("hoi").json()["error"]["reply"] is None


def test_an_address_waits_when_it_asks_too_much(visitor: Site) -> None:
    answers = [visitor.ask("GET", "/messages").status_code for _ in range(PER_ADDRESS)]
    assert answers[:-1] == [200] * (PER_ADDRESS - 1)
    assert answers[-1] == 429  # starting the session counted too


def test_what_each_page_asks_first_has_a_limit_of_its_own(visitor: Site) -> None:
    answers = [visitor.ask("GET", "/configuration").status_code for _ in range(PER_READER + 1)]
    assert (set(answers[:-1]), answers[-1]) == ({200}, 429)
    assert visitor.say("hoi").status_code == 200


@pytest.mark.parametrize("method", ["PUT", "GET", "DELETE", "PATCH"])
def test_a_method_that_is_not_there_is_refused_in_dutch(visitor: Site, method: str) -> None:
    refused = visitor.ask(method, "/session", headers={"Content-Type": "application/json"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (405, "bad_request")
    assert refused.headers["Allow"] == "POST, OPTIONS"


@pytest.mark.parametrize("origin", ["https://elders.example", "null", "http://localhost:8001", ""])
def test_pages_of_others_are_refused(visitor: Site, origin: str) -> None:
    refused = visitor.ask("GET", "/configuration", headers={"Origin": origin})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "origin")
    assert "Access-Control-Allow-Origin" not in refused.headers


def test_the_own_page_may_ask_from_another_port(visitor: Site) -> None:
    asked = visitor.ask("OPTIONS", "/messages")
    assert asked.status_code == 204
    assert asked.headers["Access-Control-Allow-Origin"] == OWN
    assert asked.headers["Access-Control-Expose-Headers"] == "Retry-After"
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
    assert visitor.ask("GET", "/configuration").headers["Access-Control-Allow-Origin"] == OWN


def test_the_element_learns_what_it_needs(visitor: Site) -> None:
    told = visitor.ask("GET", "/configuration").json()
    assert "chatbot" in told["greeting"]
    assert "geen medisch advies" in told["disclaimer"]
    assert told["longest_text"] == LONGEST_TEXT
    assert told["privacy_page"].endswith("/privacy")


def test_a_fault_of_kalm_is_told_in_dutch_and_its_words_are_in_no_log(
    visitor: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise ValueError("mijn kanarie")

    for name in ("answer", "history"):
        monkeypatch.setattr(channel.WebsiteConversations, name, fail)
    for failed in (visitor.say("mijn kanarie"), visitor.ask("GET", "/messages")):
        assert (failed.status_code, failed.json()["error"]["code"]) == (503, "unavailable")
        assert "kanarie" not in failed.text
    assert "ValueError" in caplog.text
    assert "kanarie" not in caplog.text


@pytest.fixture
def forwarded(running: Site) -> Callable[[str], Any]:
    class Request:
        def __init__(self, ip: str, header: str) -> None:
            self.ip = ip
            self.headers = {"x-forwarded-for": header} if header else {}

    return lambda spec: Request(*spec.split("|"))


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("10.0.0.1|", "10.0.0.1"),
        ("10.0.0.1|1.2.3.4, 5.6.7.8", "5.6.7.8"),
        ("9.9.9.9|1.2.3.4", "9.9.9.9"),
        ("10.0.0.1|2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("10.0.0.1|2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0|", "fe80::/64"),
        ("10.0.0.1|::ffff:5.6.7.8", "5.6.7.8"),
        ("10.0.0.1|ergens, unknown", "unknown"),
    ],
)
def test_only_a_trusted_proxy_tells_where_a_visitor_is(
    forwarded: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch, asked: str, address: str
) -> None:
    chosen = settings().copy(update={"trusted_proxies": "10.0.0.1"})
    monkeypatch.setattr(peer, "settings", lambda: chosen)
    assert peer.address_of(forwarded(asked)) == address


def test_the_description_names_every_route(visitor: Site) -> None:
    described = visitor.ask("GET", "/openapi.json").json()
    routes = {(method, path) for method, path in channel._Site(visitor.rasa).routes if "openapi" not in path}
    assert {(m.upper(), path) for path, methods in described["paths"].items() for m in methods} == routes
