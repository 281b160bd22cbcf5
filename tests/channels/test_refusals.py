"""Whoever is refused again and again waits for it, and nobody else does."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from channels import refusals
from channels.in_time import ANSWER_WITHIN
from channels.refusals import Refusals, mark_refused
from tests.channels.serving import served

AT_ONCE = 3
SLOW, SLOWEST = 0.4, 0.8
FLOODER, OTHER = "203.0.113.7", "198.51.100.9"

Ask = Callable[..., float]


def routes() -> Blueprint:
    made = Blueprint("refusing")

    @made.route("/status/<status:int>")
    async def answer(request: Request, status: int) -> HTTPResponse:
        return response.empty(status=status)

    @made.route("/limited")
    async def limited(request: Request) -> HTTPResponse:
        mark_refused(request)
        return response.text("wacht even")

    return made


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Refusals:
    """As it is, but quicker; a request's only header of a proxy is its address."""
    monkeypatch.setattr(refusals, "AT_ONCE", AT_ONCE)
    monkeypatch.setattr(refusals, "SHORTEST", SLOW)
    monkeypatch.setattr(refusals, "LONGEST", SLOWEST)
    monkeypatch.setattr(
        refusals, "address_of", lambda request: request.headers.get("x-forwarded-for", "this machine")
    )
    return Refusals()


@pytest.fixture
def place(slow: Refusals) -> Iterator[str]:
    with served("refusing", routes(), slow.slow_down) as place:
        yield place


@pytest.fixture
def ask(place: str) -> Ask:
    """Asks for a path from an address, "" for this machine; gives the seconds that it took."""

    def one(path: str, address: str = FLOODER) -> float:
        headers = {"X-Forwarded-For": address, "Connection": "close"}
        if not address:
            del headers["X-Forwarded-For"]
        with httpx.Client(transport=httpx.HTTPTransport(uds=place), base_url="http://bot") as client:
            started = time.monotonic()
            client.get(f"/refusing{path}", headers=headers, timeout=20)
            return time.monotonic() - started

    return one


@pytest.mark.parametrize(
    "path", ["/status/400", "/status/401", "/status/403", "/status/429", "/nowhere", "/limited"]
)
def test_after_some_refusals_the_next_ones_of_that_address_come_later(ask: Ask, path: str) -> None:
    for _ in range(AT_ONCE):
        ask(path)
    assert ask(path) >= SLOW
    assert ask(path) >= SLOW
    assert min(ask(path, OTHER) for _ in range(AT_ONCE)) < SLOW, "the quickest: the machine may be busy"


@pytest.mark.parametrize("path", ["/status/200", "/status/204", "/status/302", "/status/500", "/status/503"])
def test_what_is_no_refusal_does_not_wait(ask: Ask, path: str) -> None:
    for _ in range(AT_ONCE + 1):
        ask("/status/404")
    assert min(ask(path) for _ in range(3)) < SLOW


def test_a_program_of_this_machine_may_be_wrong_but_not_flood(ask: Ask) -> None:
    taken = [ask("/status/400", "") for _ in range(4 * AT_ONCE)]
    assert sorted(taken)[len(taken) // 2] < SLOW
    for _ in range(AT_ONCE):
        ask("/limited", "")
    assert ask("/limited", "") >= SLOW


@pytest.mark.parametrize(("waiting", "seconds"), [(1, 1), (50, 1), (51, 1.02), (200, 4), (9999, 5)])
def test_of_many_at_once_no_more_end_in_a_second_than_of_few(waiting: int, seconds: float) -> None:
    assert refusals.seconds_to_wait(waiting) == seconds


def test_a_refusal_comes_before_a_visitor_would_hear_an_apology() -> None:
    assert refusals.LONGEST < ANSWER_WITHIN


def test_whoever_leaves_is_not_waited_for(
    ask: Ask, place: str, slow: Refusals, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(AT_ONCE):
        ask("/limited")
    monkeypatch.setattr(refusals, "seconds_to_wait", lambda waiting: 60.0)
    asking = b"GET /refusing/limited HTTP/1.1\r\nHost: bot\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n"
    for _ in range(3):
        with socket.socket(socket.AF_UNIX) as leaving:
            leaving.connect(place)
            leaving.sendall(asking)
            wait_until(lambda: slow._waiting == 1)
        wait_until(lambda: slow._waiting == 0)


def test_above_a_number_of_them_they_are_told_at_once_and_hold_no_connection(
    ask: Ask, place: str, slow: Refusals, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(AT_ONCE):
        ask("/limited")
    slow._most_waiting = 0
    monkeypatch.setattr(refusals, "seconds_to_wait", lambda waiting: 60.0)
    with httpx.Client(transport=httpx.HTTPTransport(uds=place), base_url="http://bot") as client:
        told = client.get("/refusing/limited", headers={"X-Forwarded-For": FLOODER}, timeout=20)
    assert (told.text, told.headers["connection"]) == ("wacht even", "close")


def test_they_hold_no_more_than_half_of_the_connections_that_there_may_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda which: (300, 4096))
    assert Refusals()._most_waiting == 150


def test_a_server_that_stops_lets_nobody_wait(
    ask: Ask, slow: Refusals, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(AT_ONCE):
        ask("/limited")
    monkeypatch.setattr(refusals, "seconds_to_wait", lambda waiting: 60.0)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(ask, "/limited")
        wait_until(lambda: slow._waiting == 1)
        app, loop = Sanic.get_app("test_refusing"), slow._ending._loop  # type: ignore[attr-defined]
        asyncio.run_coroutine_threadsafe(slow._end(app, loop), loop).result()
        assert waiting.result() < 15


def wait_until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.01)
