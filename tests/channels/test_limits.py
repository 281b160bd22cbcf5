"""How often something may be asked."""

from __future__ import annotations

import asyncio
import tracemalloc

import pytest

from channels import limits
from channels.limits import RateLimit
from channels.website.limits import PER_ADDRESS, PER_SESSION, wait_of_session
from kalm.limits import RATE_WINDOW


def test_an_address_waits_until_its_first_request_is_a_minute_old() -> None:
    limit = RateLimit(most=2)
    assert limit.wait("a", 0.0) == 0
    assert limit.wait("a", 10.0) == 0
    assert limit.wait("a", 20.0) == RATE_WINDOW - 20
    assert limit.wait("b", 20.0) == 0
    assert limit.wait("a", RATE_WINDOW) == 0


def test_who_is_refused_is_not_counted_again() -> None:
    limit = RateLimit(most=1)
    limit.wait("a", 0.0)
    for second in range(1, 50):
        assert limit.wait("a", float(second)) > 0
    assert limit.wait("a", RATE_WINDOW) == 0


def test_silent_addresses_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = RateLimit(PER_ADDRESS)
    limit.wait("a", 0.0)
    limit.wait("b", RATE_WINDOW + 1)
    assert len(limit._asked) == 1
    monkeypatch.setattr(limits, "_MOST_REMEMBERED", 3)
    for number in range(9):
        limit.wait(str(number), RATE_WINDOW + 2)
    assert len(limit._asked) == 3


def test_who_was_refused_is_forgotten_a_minute_after_what_was_counted() -> None:
    limit = RateLimit(most=1)
    limit.wait("a", 0.0)
    limit.wait("b", 1.0)
    assert limit.wait("a", RATE_WINDOW - 1) > 0
    limit.forget(RATE_WINDOW)
    assert len(limit._asked) == 1
    limit.forget(RATE_WINDOW + 1)
    assert limit._asked == {}


def test_nothing_is_kept_of_who_asked_when_nobody_asks_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RATE_WINDOW", 0.2)
    limit = RateLimit(most=1)

    async def ask_and_wait() -> None:
        assert limit.seconds_to_wait("a") == 0
        await asyncio.sleep(0.1)
        assert limit.seconds_to_wait("b") == 0
        assert 0 < limit.seconds_to_wait("a") <= 0.2
        await asyncio.sleep(1.4)

    asyncio.run(ask_and_wait())
    assert limit._asked == {}


def test_ever_new_senders_take_a_bounded_memory() -> None:
    limit = RateLimit(most=60)
    tracemalloc.start()
    try:
        for number in range(100_000):
            limit.wait(str(number), number / 100_000)
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(limit._asked) == limits._MOST_REMEMBERED
    assert taken < 10 * 2**20


def test_the_name_of_who_asks_is_kept_nowhere() -> None:
    limit = RateLimit(most=60)
    limit.wait("+31612345678", 0.0)
    other = RateLimit(most=60)
    other.wait("+31612345678", 0.0)
    assert "31612345678" not in repr(vars(limit))
    assert limit._asked.keys() != other._asked.keys(), "a list of numbers must not lead back to who asked"


@pytest.mark.parametrize("who", ["", "\ud83d", "🙂" * 128])
def test_any_name_can_be_counted(who: str) -> None:
    limit = RateLimit(most=1)
    assert [limit.wait(who, 0.0), limit.wait(who, 1.0)] == [0.0, RATE_WINDOW - 1]


def test_a_session_may_send_so_many_a_minute() -> None:
    times = [float(number) for number in range(PER_SESSION)]
    assert wait_of_session(times[:-1], 30.0) == 0
    assert wait_of_session(times, 30.0) == RATE_WINDOW - 30
    assert wait_of_session(times, RATE_WINDOW + 1) == 0


@pytest.mark.parametrize("jump", [3600.0, -3600.0])
def test_a_clock_that_jumps_refuses_nobody_for_longer_than_before(jump: float) -> None:
    times = [5000.0 + number for number in range(PER_SESSION)]
    assert wait_of_session(times, times[-1] + jump) == 0
