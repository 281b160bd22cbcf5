from __future__ import annotations

import pytest

from kalm.addresses import is_loopback


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::1%lo", "::ffff:127.0.0.1"])
def test_what_is_of_this_machine(address: str) -> None:
    assert is_loopback(address)


@pytest.mark.parametrize(
    "address",
    ["0.0.0.0", "::", "10.0.0.1", "fe80::1%lo", "::ffff:10.0.0.1", "localhost", "127.0.0.1:80", ""],
)
def test_what_is_of_another_or_no_address(address: str) -> None:
    assert not is_loopback(address)
