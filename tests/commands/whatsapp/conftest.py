"""A stand-in of Meta's Graph API, and pywa's real client that talks to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import httpx
import pytest
from pywa_async import WhatsApp

from commands.whatsapp.serving import serving
from commands.whatsapp.stand_in import StandIn

TOKEN = "a token"
NUMBER_ID = "100000000000001"

Call = Callable[..., Any]


class Clock:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def served(clock: Clock) -> Iterator[tuple[StandIn, str]]:
    """The stand-in and its address, started once for each module."""
    stand_in = StandIn(TOKEN, NUMBER_ID, clock)
    with serving(stand_in) as address:
        yield stand_in, address


@pytest.fixture
def graph(served: tuple[StandIn, str]) -> StandIn:
    """The stand-in as new."""
    served[0].clear()
    return served[0]


@pytest.fixture
def call(served: tuple[StandIn, str]) -> Call:
    """Do something with pywa's client, which gives its result or raises its error."""

    def call(
        what: Callable[[WhatsApp], Coroutine[Any, Any, Any]],
        token: str = TOKEN,
        number_id: str = NUMBER_ID,
        timeout: float = 5,
    ) -> Any:
        async def connected() -> Any:
            async with httpx.AsyncClient(timeout=timeout, verify=False) as session:  # no certificates to load
                client = WhatsApp(phone_id=number_id, token=token, session=session)
                session.base_url = f"{served[1]}/v26.0"
                return await what(client)

        return asyncio.run(connected())

    return call
