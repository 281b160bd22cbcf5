"""The socket on which the bot is reached."""

from __future__ import annotations

import socket

import pytest

from commands.supervising.listening import bind, bind_free

needs_ipv6 = pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")


def test_it_refuses_until_somebody_accepts_and_keeps_who_comes_while_nobody_does() -> None:
    with bind_free() as listening:
        address = listening.getsockname()
        with socket.socket() as visitor, pytest.raises(ConnectionRefusedError):
            visitor.connect(address)
        inherited = socket.socket(fileno=socket.dup(listening.fileno()))
        inherited.listen()
        inherited.close()  # the server that accepted is gone; the next one has not begun
        with socket.socket() as visitor:
            visitor.connect(address)
            accepted, _ = listening.accept()
            accepted.close()


def test_of_a_name_with_several_addresses_it_takes_that_of_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", 0, 0, 0)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with bind("kalm.example", 0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"


@needs_ipv6
@pytest.mark.parametrize("host", ["::", "::1"])
def test_an_address_of_ipv6_leaves_ipv4_alone(host: str) -> None:
    with bind(host, 0) as listening:
        assert listening.family == socket.AF_INET6
        port = listening.getsockname()[1]
        with socket.socket() as other:
            other.bind(("127.0.0.1", port))


def test_a_port_in_use_is_an_error_that_leaves_no_socket() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            bind("127.0.0.1", taken.getsockname()[1])


def test_a_free_port_of_another_address() -> None:
    with bind_free("127.0.0.2") as listening:
        assert listening.getsockname()[0] == "127.0.0.2"
