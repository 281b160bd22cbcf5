from __future__ import annotations

import pytest

from channels.website import limits
from channels.website.limits import PER_SESSION, WINDOW, AddressLimit, wait_of_session


def test_an_address_waits_until_its_first_request_is_a_minute_old() -> None:
    limit = AddressLimit(most=2)
    assert limit.wait("a", 0.0) == 0
    assert limit.wait("a", 10.0) == 0
    assert limit.wait("a", 20.0) == WINDOW - 20
    assert limit.wait("b", 20.0) == 0
    assert limit.wait("a", WINDOW) == 0


def test_who_is_refused_is_not_counted_again() -> None:
    limit = AddressLimit(most=1)
    limit.wait("a", 0.0)
    for second in range(1, 50):
        assert limit.wait("a", float(second)) > 0
    assert limit.wait("a", WINDOW) == 0


def test_silent_addresses_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = AddressLimit()
    limit.wait("a", 0.0)
    limit.wait("b", WINDOW + 1)
    assert len(limit._asked) == 1
    monkeypatch.setattr(limits, "_MOST_ADDRESSES", 3)
    for number in range(9):
        limit.wait(str(number), WINDOW + 2)
    assert len(limit._asked) == 3


def test_a_session_may_send_so_many_a_minute() -> None:
    times = [float(number) for number in range(PER_SESSION)]
    assert wait_of_session(times[:-1], 30.0) == 0
    assert wait_of_session(times, 30.0) == WINDOW - 30
    assert wait_of_session(times, WINDOW + 1) == 0


@pytest.mark.parametrize("jump", [3600.0, -3600.0])
def test_a_clock_that_jumps_refuses_nobody_for_longer_than_before(jump: float) -> None:
    times = [5000.0 + number for number in range(PER_SESSION)]
    assert wait_of_session(times, times[-1] + jump) == 0
