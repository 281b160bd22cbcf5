"""What the REST channel does with input that no friendly client sends."""

from __future__ import annotations

import json
from collections import Counter

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.e2e.any_json import ANY_JSON, almost, as_body
from tests.e2e.conftest import Servers, Visitor

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("text", ["", "   ", "/", " // "])
def test_an_empty_message_gets_a_friendly_question(visitor: Visitor, text: str) -> None:
    answer = visitor.ask(text)
    assert answer["kind"] == "no_answer"
    assert "Ik zie geen woorden" in answer["text"]


def test_ten_thousand_characters_get_a_clear_limit(visitor: Visitor) -> None:
    answer = visitor.ask("rusteloze benen " * 625)
    assert answer["kind"] == "no_answer"
    assert "1000 tekens" in answer["text"]


@pytest.mark.parametrize("text", ["/restart", "/ask_rls", '/report_crisis{"product": "x"}', "/session_start"])
def test_a_text_that_starts_with_a_slash_is_text(visitor: Visitor, text: str) -> None:
    visitor.ask("Wat is augmentatie?")

    reply = visitor.say(text)

    assert reply, "Rasa took it for a command and said nothing"
    assert reply[-1].get("custom", {}).get("kind") != "crisis", "Rasa took it for an intent"
    assert "chatbot" not in visitor.ask("Wat is PLMD?")["disclaimer"], "the conversation was started anew"


def test_who_gives_no_sender_gets_a_conversation_of_their_own(visitor: Visitor) -> None:
    first = visitor.post({"message": "Wat is augmentatie?"}).json()
    second = visitor.post({"message": "waar staat dat?"}).json()
    assert first[0]["recipient_id"] != second[0]["recipient_id"]
    assert second[1]["custom"]["kind"] == "no_answer", "the second must not see the first one's conversation"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"geen json", 400),
        (b"[1, 2]", 400),
        (b"null", 400),
        pytest.param(b"[" * 9000, 400, id="deep"),
        (b'{"sender": "a"}', 400),
        (b'{"sender": "a", "message": null}', 400),
        (b'{"sender": "a", "message": 7}', 400),
        (b'{"sender": 7, "message": "hoi"}', 400),
        pytest.param(b'{"sender": "' + b"a" * 200 + b'", "message": "hoi"}', 400, id="long sender"),
        pytest.param(b'{"sender": "a", "message": "' + b"a" * 20_000 + b'"}', 413, id="long message"),
        (b"\xff\xfe\x00", 400),
    ],
)
def test_what_cannot_be_read_gets_a_clear_dutch_error(visitor: Visitor, body: bytes, status: int) -> None:
    answer = visitor.post(body)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert "Traceback" not in answer.text


def test_no_body_makes_the_server_stumble(servers: Servers) -> None:
    """Whatever it is: an answer, or what is wrong with it, and never a trace of our code."""
    right = {"sender": "iemand", "message": "wat is rls", "metadata": {"a": [1]}}
    bodies = st.one_of(ANY_JSON.map(as_body), almost(right).map(as_body), st.binary(max_size=60))
    url = f"{servers.bot_url}/webhooks/rest/webhook"
    seen: Counter[int] = Counter()

    with httpx.Client(timeout=60) as client:

        @settings(max_examples=250, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(bodies)
        def post(body: bytes) -> None:
            answer = client.post(url, content=body)
            seen[answer.status_code] += 1
            assert answer.status_code in (200, 400), (body, answer.text)
            assert "Traceback" not in answer.text
            told = answer.json()
            assert told["error"] if answer.status_code == 400 else told

        post()
    assert seen[200] > 20
    assert seen[400] > 50
    assert "a message failed" not in servers.log("bot")


def test_a_chunked_body_that_is_too_large_is_refused_too(servers: Servers) -> None:
    url = f"{servers.bot_url}/webhooks/rest/webhook"
    answer = httpx.post(url, content=(b"a" * 1024 for _ in range(1024)), timeout=30)
    assert answer.status_code == 413
    assert "16 KB" in answer.json()["error"]


@pytest.mark.parametrize("sender", ["", "\ud83d"])
def test_senders_of_which_nothing_is_left_share_no_conversation(visitor: Visitor, sender: str) -> None:
    body = json.dumps({"sender": sender, "message": "hoi"}).encode()
    first, second = (visitor.post(body).json()[0]["recipient_id"] for _ in range(2))
    assert first != second


def test_half_an_emoji_in_a_question_does_no_harm(visitor: Visitor) -> None:
    body = json.dumps({"sender": visitor.sender, "message": "Wat is augmentatie? \ud83d"}).encode()
    assert visitor.post(body).json()[1]["custom"]["kind"] == "answer"


def test_the_error_names_the_field_that_is_wrong(visitor: Visitor) -> None:
    assert "'message'" in visitor.post(b'{"message": 7}').json()["error"]


def test_the_callers_metadata_and_channel_are_not_trusted(visitor: Visitor) -> None:
    answer = visitor.post(
        {"sender": visitor.sender, "message": "hoi", "input_channel": "x", "metadata": {"a": 1}}
    )
    assert answer.status_code == 200
    assert answer.json()


def test_the_web_app_shows_what_runs_and_lets_its_pages_talk_to_the_bot(servers: Servers) -> None:
    status = httpx.get(f"{servers.web_url}/toestand").json()
    assert status["bot"] is True
    assert status["actions"] is True
    assert status["database"] is True
    assert status["passages"] > 100
    policy = httpx.get(f"{servers.web_url}/winkel").headers["Content-Security-Policy"]
    assert f"; connect-src 'self' {servers.bot_url}; " in policy
