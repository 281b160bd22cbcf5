"""Whoever is refused again and again waits for it, and nobody else does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from channels import refusals
from channels.refusals import Refusals, mark_refused
from tests.channels.serving import served

AT_ONCE = 3
SLOW, SLOWEST = 0.4, 0.8
FROM_ELSEWHERE = {"X-Forwarded-For": "203.0.113.7"}

Ask = Callable[..., float]


def routes() -> Blueprint:
    made = Blueprint("refusing")

    @made.route("/status/<status:int>")
    async def answer(request: Request, status: int) -> HTTPResponse:
        return response.empty(status=status)

    @made.route("/limited")
    async def limited(request: Request) -> HTTPResponse:
        mark_refused(request, is_urgent="danger" in request.args)
        return response.text("wacht even")

    return made


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """Asks for a path; gives the seconds that it took."""
    monkeypatch.setattr(refusals, "AT_ONCE", AT_ONCE)
    monkeypatch.setattr(refusals, "SHORTEST", SLOW)
    monkeypatch.setattr(refusals, "LONGEST", SLOWEST)
    with served("refusing", routes(), lambda app: Refusals().slow_down(app)) as place:

        def one(path: str, headers: dict[str, str] = FROM_ELSEWHERE) -> float:
            with httpx.Client(transport=httpx.HTTPTransport(uds=place), base_url="http://bot") as client:
                started = time.monotonic()
                client.get(f"/refusing{path}", headers={**headers, "Connection": "close"}, timeout=20)
                return time.monotonic() - started

        yield one


@pytest.mark.parametrize(
    "path", ["/status/400", "/status/401", "/status/403", "/status/429", "/nowhere", "/limited"]
)
def test_after_some_refusals_the_next_ones_come_later(ask: Ask, path: str) -> None:
    for _ in range(AT_ONCE):
        ask(path)
    assert ask(path) >= SLOW
    assert ask(path) >= SLOW


@pytest.mark.parametrize("path", ["/status/200", "/status/204", "/status/302", "/status/500", "/status/503"])
def test_what_is_no_refusal_does_not_wait(ask: Ask, path: str) -> None:
    for _ in range(AT_ONCE + 1):
        ask("/status/404")
    assert min(ask(path) for _ in range(3)) < SLOW, "the quickest, for the machine may be busy"


def test_a_program_of_this_machine_may_be_wrong_but_not_flood(ask: Ask) -> None:
    taken = [ask("/status/400", {}) for _ in range(4 * AT_ONCE)]
    assert sorted(taken)[len(taken) // 2] < SLOW
    for _ in range(AT_ONCE):
        ask("/limited", {})
    assert ask("/limited", {}) >= SLOW


@pytest.mark.parametrize(
    ("waiting", "is_urgent", "seconds"),
    [
        (1, False, 1),
        (50, False, 1),
        (51, False, 1.02),
        (300, False, 6),
        (99_999, False, 30),
        (99_999, True, 1),
    ],
)
def test_of_many_at_once_no_more_end_in_a_second_than_of_few(
    waiting: int, is_urgent: bool, seconds: float
) -> None:
    assert refusals.seconds_to_wait(waiting, is_urgent) == seconds


async def be_refused(slow: Refusals, app: Sanic, is_urgent: bool = False) -> None:
    request = Request(b"/", {}, "1.1", "GET", None, app)  # type: ignore[arg-type]
    mark_refused(request, is_urgent=is_urgent)
    await slow._wait(request, response.empty(status=429))


def test_those_who_wait_together_are_counted_also_when_they_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []

    def seconds_to_wait(waiting: int, is_urgent: bool) -> float:
        told.append((waiting, is_urgent))
        return 60.0

    monkeypatch.setattr(refusals, "seconds_to_wait", seconds_to_wait)

    async def flood() -> None:
        slow = Refusals()
        app = Sanic("app_of_a_flood", configure_logging=False)
        for _ in range(refusals.AT_ONCE):
            await be_refused(slow, app)
        waiting = [asyncio.ensure_future(be_refused(slow, app, number == 2)) for number in range(3)]
        await asyncio.sleep(0.05)
        assert told == [(1, False), (2, False), (3, True)]
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert slow._waiting == 0

    asyncio.run(flood())


def test_a_server_that_stops_lets_nobody_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "SHORTEST", 60.0)
    monkeypatch.setattr(refusals, "LONGEST", 60.0)

    async def stop() -> None:
        slow = Refusals()
        app = Sanic("app_that_stops", configure_logging=False)
        for _ in range(refusals.AT_ONCE):
            await be_refused(slow, app)
        waiting = asyncio.ensure_future(be_refused(slow, app))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        await slow._end(app, asyncio.get_running_loop())
        await asyncio.wait_for(waiting, 10)

    asyncio.run(stop())
