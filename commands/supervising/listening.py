"""The socket on which the bot is reached. It stays when the bot behind it goes: nobody is refused."""

from __future__ import annotations

import socket

from kalm.settings import LOOPBACK


def bind(host: str, port: int) -> socket.socket:
    """A socket that is bound and does not listen yet: the first server that accepts makes it do so.

    Args:
        host: name or address. Of a name with several addresses that of IPv4, which every client tries.
        port: 0 for a free one.

    Raises:
        OSError: it cannot be had.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:  # as asyncio does: "::" without IPv4
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind(address)
    except BaseException:
        listening.close()
        raise
    return listening


def bind_free(host: str = LOOPBACK) -> socket.socket:
    """A socket on a free port.

    Raises:
        OSError: the host is none of this machine.
    """
    return bind(host, 0)
