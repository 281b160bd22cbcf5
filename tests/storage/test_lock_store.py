"""What Rasa asks of a lock store: Kalm's beside Rasa's own."""

from __future__ import annotations

import asyncio
import time

import pytest
from rasa.core.lock_store import InMemoryLockStore, LockError, LockStore
from rasa.utils.endpoints import EndpointConfig, read_endpoint_config

from kalm.settings import ROOT, load_settings
from storage import lock_store as module
from storage.lock_store import KalmLockStore

CONVERSATION = "848a9bbd599779bd"
TURN = 0.01
"""Seconds that an answer takes here."""

SOON = 3.0
"""Seconds for five answers on a busy machine: less than looking once a second takes on an idle one."""


@pytest.fixture
def store(address: str, monkeypatch: pytest.MonkeyPatch) -> KalmLockStore:
    """Kalm's, on each sort of database."""
    return open_store(address, monkeypatch)


def open_store(address: str, monkeypatch: pytest.MonkeyPatch) -> KalmLockStore:
    monkeypatch.setenv("KALM_DATABASE", address)
    monkeypatch.setattr(module, "settings", load_settings)
    return KalmLockStore(endpoint_config=EndpointConfig())


def ends_of_five(store: LockStore) -> list[tuple[int, float]]:
    """Five messages of one sender at once: which one ended, and after how many seconds."""
    ended: list[tuple[int, float]] = []

    async def answer(number: int, begun: float) -> None:
        async with store.lock(CONVERSATION):
            await asyncio.sleep(TURN)
            ended.append((number, time.monotonic() - begun))

    async def run() -> None:
        begun = time.monotonic()
        await asyncio.gather(*(answer(number, begun) for number in range(5)))

    asyncio.run(run())
    return ended


def test_rasas_own_looks_once_a_second() -> None:
    """The trap: the fifth message waits four seconds for four answers that take a moment."""
    assert ends_of_five(InMemoryLockStore())[-1][1] > 3.9


def test_five_messages_at_once_wait_for_nothing_but_each_other(store: KalmLockStore) -> None:
    ended = ends_of_five(store)
    assert [number for number, _ in ended] == list(range(5))
    assert ended[-1][1] < SOON


def test_rasa_makes_it_from_the_endpoints_file(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KALM_DATABASE", address)
    monkeypatch.setenv("KALM_ACTIONS_PORT", "1")
    monkeypatch.setattr(module, "settings", load_settings)
    made = LockStore.create(read_endpoint_config(str(ROOT / "endpoints.yml"), "lock_store"))
    assert type(made) is KalmLockStore


def test_an_answer_that_fails_or_is_cancelled_lets_the_next_go_on(store: KalmLockStore) -> None:
    async def fail() -> None:
        async with store.lock(CONVERSATION):
            raise ValueError

    async def hang() -> None:
        async with store.lock(CONVERSATION):
            await asyncio.sleep(60)

    async def run() -> None:
        with pytest.raises(ValueError, match=r"^$"):
            await fail()
        hanging = asyncio.create_task(hang())
        waiting = asyncio.create_task(hang())
        await asyncio.sleep(0.1)
        waiting.cancel()
        hanging.cancel()
        await asyncio.gather(hanging, waiting, return_exceptions=True)
        await asyncio.wait_for(take(), 10)

    async def take() -> None:
        async with store.lock(CONVERSATION):
            pass

    asyncio.run(run())


def test_who_waits_too_long_gives_up_and_the_log_says_so(
    store: KalmLockStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(module.logs, "failure", lambda event, error, **fields: told.append(event))

    async def run() -> None:
        async with store.lock(CONVERSATION):
            monkeypatch.setattr(module, "WAIT_AT_MOST", 0.2)
            with pytest.raises(LockError, match="given up"):
                async with store.lock(CONVERSATION):
                    pass

    asyncio.run(run())
    assert told == ["a message waited too long for those before it"]
