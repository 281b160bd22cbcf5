"""How long the bot waits for the action server."""

from __future__ import annotations

import asyncio
import time

import pytest
from aiohttp import ClientConnectionError
from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import ClientResponseError

from bot import action_endpoint
from bot.action_endpoint import GIVEN_UP_AFTER, ActionEndpoint
from channels.in_time import ANSWER_WITHIN
from kalm.settings import ROOT

RASA = {"json": {}, "method": "post", "timeout": 300}
"""How Rasa asks."""


async def ask_who_stalls(endpoint: ActionEndpoint) -> None:
    async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(stall, "127.0.0.1", 0)
    endpoint.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/webhook"
    try:
        await asyncio.wait_for(endpoint.request(**RASA), 2)
    finally:
        await endpoint.close()
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
    assert ActionEndpoint.of_file(file).kwargs == {"enable_selective_domain": True}


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
        endpoint = ActionEndpoint(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/webhook")
        try:
            await endpoint.request(**RASA)
        finally:
            await endpoint.close()
            server.close()

    with pytest.raises(error):
        asyncio.run(ask())
    assert heard == [(f"the action server {told[0]}", told[1])]


class ActionServer:
    """Answers on connections that it keeps, and counts what comes."""

    def __init__(self, answers_on_a_connection: int = 1000) -> None:
        self.connections = self.requests = 0
        self._answers = answers_on_a_connection

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        for number in range(self._answers + 1):
            try:
                await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                break
            self.requests += 1
            if number == self._answers:  # went away just now, without a word
                break
            await reader.readexactly(2)
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}")
            await writer.drain()
        writer.close()


def ask_several(server: ActionServer, times: int) -> None:
    async def ask() -> None:
        listening = await asyncio.start_server(server.talk, "127.0.0.1", 0)
        endpoint = ActionEndpoint(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/webhook")
        try:
            for _ in range(times):
                assert await endpoint.request(**RASA) == {}
        finally:
            await endpoint.close()
            listening.close()
            await asyncio.sleep(0.05)  # the other ends close as well

    asyncio.run(ask())


def test_one_connection_serves_many_requests() -> None:
    server = ActionServer()
    ask_several(server, 5)
    assert (server.connections, server.requests) == (1, 5)


def test_a_connection_that_broke_since_the_last_request_costs_no_answer() -> None:
    server = ActionServer(answers_on_a_connection=2)
    ask_several(server, 4)
    assert (server.connections, server.requests) == (2, 5)


def test_who_goes_away_each_time_is_asked_twice_and_no_more() -> None:
    server = ActionServer(answers_on_a_connection=0)
    with pytest.raises(ClientConnectionError):
        ask_several(server, 1)
    assert server.requests == 2


def test_who_is_not_there_is_told_so() -> None:
    async def ask() -> None:
        endpoint = ActionEndpoint("http://127.0.0.1:1/webhook")
        try:
            await endpoint.request(**RASA)
        finally:
            await endpoint.close()

    with pytest.raises(ClientConnectionError):
        asyncio.run(ask())
