"""How long the bot waits for the action server."""

from __future__ import annotations

import asyncio
import time

import pytest
from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from channels.in_time import ANSWER_WITHIN
from commands import action_endpoint
from commands.action_endpoint import GIVEN_UP_AFTER, ActionEndpoint
from kalm.settings import ROOT

RASA = {"json": {}, "method": "post", "timeout": 300}
"""How Rasa asks."""


async def ask_who_stalls(endpoint: EndpointConfig) -> None:
    async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(stall, "127.0.0.1", 0)
    endpoint.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/webhook"
    try:
        await asyncio.wait_for(endpoint.request(**RASA), 2)
    finally:
        server.close()


def test_an_action_server_that_stalls_is_given_up_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[tuple[str, object]] = []
    monkeypatch.setattr(action_endpoint, "GIVEN_UP_AFTER", 0.2)
    monkeypatch.setattr(
        action_endpoint.logs, "failure", lambda event, error, **fields: told.append((event, fields))
    )
    begun = time.monotonic()
    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(ask_who_stalls(ActionEndpoint()))
    assert time.monotonic() - begun < 1.5
    assert told == [("the action server did not answer in time", {"seconds": 0.2})]


def test_it_is_the_one_of_the_endpoints_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KALM_ACTIONS_PORT", "4711")
    file = ROOT / "endpoints.yml"
    assert ActionEndpoint.of_file(file) == AvailableEndpoints.read_endpoints(str(file)).action


def test_it_is_given_up_before_a_visitor_hears_an_apology() -> None:
    """Then the message is kept with what was said to it, before anything else may happen."""
    assert GIVEN_UP_AFTER + 1 <= ANSWER_WITHIN < 8


@pytest.mark.parametrize(
    ("answer", "error", "told"),
    [
        ("500 Oops\r\ncontent-length: 0", ClientResponseError, ("answered with an error", {"status": 500})),
        (
            "200 OK\r\ncontent-type: application/json\r\ncontent-length: 3\r\n\r\n{ja",
            ValueError,
            ("answered something else than JSON", {}),
        ),
    ],
)
def test_what_an_action_server_answers_wrongly_is_told(
    monkeypatch: pytest.MonkeyPatch, answer: str, error: type[Exception], told: tuple[str, object]
) -> None:
    heard: list[tuple[str, object]] = []
    monkeypatch.setattr(
        action_endpoint.logs, "failure", lambda event, error, **fields: heard.append((event, fields))
    )

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {answer}\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    async def ask() -> None:
        server = await asyncio.start_server(say, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        try:
            await ActionEndpoint(f"http://127.0.0.1:{port}/webhook").request(**RASA)
        finally:
            server.close()

    with pytest.raises(error):
        asyncio.run(ask())
    assert heard == [(f"the action server {told[0]}", told[1])]
