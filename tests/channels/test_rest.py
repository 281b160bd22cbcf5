"""What the REST channel makes of a request, without Rasa behind it."""

from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from rasa.core.channels.channel import UserMessage

from channels.body import object_in
from channels.errors import RequestError
from channels.limits import PER_SENDER
from channels.rest import EXAMPLE, LONGEST_SENDER, RestChannel, read_message
from kalm.limits import LONGEST_BODY, LONGEST_TEXT
from storage.turn import current_turn
from tests.channels.serving import served

HALF_EMOJI = "\ud83d"


def body(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


def read(raw: bytes) -> tuple[str, str]:
    return read_message(object_in(raw, EXAMPLE))


def is_made_up(sender: str) -> bool:
    return uuid.UUID(hex=sender).hex == sender


def test_sender_and_text_are_read() -> None:
    assert read(body(sender="a", message=" hoi ")) == ("a", " hoi ")


def test_half_an_emoji_is_left_out_of_the_sender() -> None:
    assert read(body(sender=f"a{HALF_EMOJI}", message="hoi"))[0] == "a"


@pytest.mark.parametrize(
    "sender", [{}, {"sender": None}, {"sender": ""}, {"sender": HALF_EMOJI}, {"sender": "\udc00\ud83d"}]
)
def test_who_gives_no_usable_sender_gets_a_conversation_of_their_own(sender: dict[str, Any]) -> None:
    first, _ = read(body(message="hoi", **sender))
    second, _ = read(body(message="hoi", **sender))

    assert is_made_up(first)
    assert is_made_up(second)
    assert first != second


def test_a_sender_may_be_as_long_as_the_limit() -> None:
    assert read(body(sender="a" * LONGEST_SENDER, message="x"))[0] == "a" * LONGEST_SENDER


@pytest.mark.parametrize("sender", [7, 0, False, [], {}, ["a"], "a" * (LONGEST_SENDER + 1)])
def test_a_sender_that_is_no_text_or_too_long_is_refused(sender: Any) -> None:
    with pytest.raises(RequestError, match=f"'sender'.*{LONGEST_SENDER}") as refused:
        read(body(sender=sender, message="hoi"))
    assert refused.value.status == 400


@pytest.mark.parametrize("fields", [{}, *({"message": value} for value in (None, 7, False, [], {}))])
def test_a_message_that_is_missing_or_no_text_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(RequestError, match="'message'") as refused:
        read(body(sender="a", **fields))
    assert refused.value.status == 400


@pytest.mark.parametrize("raw", [b"", b"geen json", b"{", b"\xff\xfe\x00", b"[" * 9000, b'{"a": 1} x'])
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(RequestError, match="geldige JSON") as refused:
        read(raw)
    assert refused.value.status == 400


@pytest.mark.parametrize("raw", [b"[1, 2]", b"null", b'"hoi"', b"7"])
def test_what_is_json_but_no_object_is_refused(raw: bytes) -> None:
    with pytest.raises(RequestError, match=r"JSON-object.*sender"):
        read(raw)


class Pieces:
    """A body in chunks, which remembers how many were taken."""

    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = pieces
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            self.taken += 1
            yield piece
            await asyncio.sleep(0)


Post = Callable[..., httpx.Response]


CANARY = "mijn kanarie heeft kriebelpoten"


async def echo(message: UserMessage) -> None:
    """Stands in for Rasa with its tracker store, and fails at the canary."""
    if message.text == CANARY:
        raise ValueError(f"cannot read {message.text}")
    current_turn().saved = True
    await message.output_channel.send_text_message(message.sender_id, message.text)


@pytest.fixture(scope="module")
def post(own_database: Path) -> Iterator[Post]:
    """Post to the channel."""

    async def send(place: str, content: Any, headers: Mapping[str, str]) -> httpx.Response:
        transport = httpx.AsyncHTTPTransport(uds=place)
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
            return await client.post(
                "/rest/webhook", content=content, headers={"Connection": "close", **headers}
            )

    with served("rest", RestChannel().blueprint(echo)) as place:
        yield lambda content, headers={}: asyncio.run(send(place, content, headers))


def test_a_message_reaches_rasa_and_its_replies_come_back(post: Post) -> None:
    answer = post(body(sender="a", message="/hoi"))

    assert (answer.status_code, answer.json()) == (200, [{"recipient_id": "a", "text": "hoi"}])


def test_a_chunked_message_is_read_like_any_other(post: Post) -> None:
    whole = body(sender="a", message="hoi")

    answer = post(Pieces([whole[:5], whole[5:9], whole[9:]]))

    assert answer.json() == [{"recipient_id": "a", "text": "hoi"}]


def padded(size: int) -> bytes:
    short = body(sender="a", message="hoi")
    return short + b" " * (size - len(short))


@pytest.mark.parametrize("wrap", [bytes, lambda whole: Pieces([whole[:9000], whole[9000:]])])
def test_a_body_may_be_as_large_as_the_limit_and_no_larger(post: Post, wrap: Callable[[bytes], Any]) -> None:
    assert post(wrap(padded(LONGEST_BODY))).status_code == 200

    refused = post(wrap(padded(LONGEST_BODY + 1)))

    assert refused.status_code == 413
    assert "16 KB" in refused.json()["error"]


def test_a_chunked_body_that_goes_on_and_on_is_not_read_to_its_end(post: Post) -> None:
    pieces = Pieces([b"x" * 8192] * 4096)

    assert post(pieces).status_code == 413
    assert pieces.taken < 2048, "it took 16 MB before it refused 16 KB"


def test_twenty_megabytes_are_refused_before_they_are_read(post: Post) -> None:
    """Rasa's own channel takes them, and 74 seconds for it."""
    started = time.monotonic()
    try:
        refused = post(body(sender="a", message="a" * 20_000_000))
        assert refused.status_code == 413
    except httpx.TransportError:  # closed while it was still being sent
        pass
    assert time.monotonic() - started < 3


def test_fields_that_nobody_reads_may_be_as_deep_as_json_goes(post: Post) -> None:
    deep = b'{"sender": "a", "message": "hoi", "metadata": %b%b}'

    assert post(deep % (b"[" * 500, b"]" * 500)).json() == [{"recipient_id": "a", "text": "hoi"}]
    assert post(deep % (b"[" * 5000, b"]" * 5000)).status_code == 400


def test_a_text_over_the_limit_gets_a_reply_that_says_so(post: Post) -> None:
    assert post(body(sender="a", message="a" * LONGEST_TEXT)).json() == [
        {"recipient_id": "a", "text": "a" * LONGEST_TEXT}
    ]

    text, data = post(body(sender="a", message="a" * (LONGEST_TEXT + 1))).json()

    assert str(LONGEST_TEXT) in text["text"]
    assert data["custom"]["kind"] == "no_answer"


def test_when_rasa_fails_the_visitor_hears_an_apology_and_the_log_does_not_quote_them(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="channels"):
        replies = post(body(sender="a", message=CANARY)).json()

    assert replies[1]["custom"]["kind"] == "failure"
    assert "ValueError" in caplog.text
    assert "kanarie" not in caplog.text


def test_a_sender_waits_after_sixty_messages_in_a_minute_and_others_do_not(post: Post) -> None:
    fast = body(sender="fast", message="hoi")
    for _ in range(PER_SENDER):
        assert post(fast).json() == [{"recipient_id": "fast", "text": "hoi"}]

    refused = post(fast)

    assert refused.status_code == 200, "it is a reply, for the visitor to read"
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    text, data = refused.json()
    assert f"Wacht nog {refused.headers['Retry-After']} seconde" in text["text"]
    assert data["custom"]["disclaimer"] in text["text"]
    assert {*data["custom"]["numbers"]} >= {"112", "113"}
    assert data["custom"]["kind"] == "no_answer"
    other = post(body(sender="other", message="hoi"))
    assert (other.json(), "Retry-After" in other.headers) == (
        [{"recipient_id": "other", "text": "hoi"}],
        False,
    )


def test_who_tells_of_danger_hears_whom_to_call_above_the_limit_too(post: Post) -> None:
    for _ in range(PER_SENDER):
        post(body(sender="in danger", message="hoi"))

    text, data = post(body(sender="in danger", message="/ ik heb ineens pijn op de borst")).json()

    assert data["custom"]["kind"] == "emergency"
    assert "112" in text["text"]


def test_whoever_comes_by_a_proxy_is_a_stranger(post: Post) -> None:
    refused = post(body(sender="a", message="hoi"), {"X-Forwarded-For": "10.0.0.1"})

    assert refused.status_code == 403
    assert "docs/rest.md" in refused.json()["error"]
