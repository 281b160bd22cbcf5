"""From where a request came."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from sanic.request import Request

from kalm.settings import settings

_OF_ONE_LINE = 64
"""Bits of an IPv6 address that are those of one home: within it anybody takes as many addresses as they like
(RFC 4291, section 2.5.4)."""


def address_of(request: Request) -> str:
    """The address that asks, of IPv6 that of its network; what is no address stays as it is.

    What a proxy says of it counts only for a proxy that is trusted.
    """
    peer = str(request.ip)
    forwarded = str(request.headers.get("x-forwarded-for", ""))
    # The last one was written by the trusted proxy itself; those before it by whoever asked.
    asks = forwarded.rpartition(",")[2].strip() or peer if peer in settings().proxies else peer
    try:
        read = ip_address(asks.partition("%")[0])
    except ValueError:
        return asks
    if not isinstance(read, IPv6Address):
        return asks
    return str(read.ipv4_mapped or ip_network((int(read), _OF_ONE_LINE), strict=False))
