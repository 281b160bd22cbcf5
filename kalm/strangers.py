"""Who is no stranger to what is not for everybody: whoever is on this machine, or knows a token."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from kalm.addresses import is_loopback

_FORWARDED = "x-forwarded"
"""How the headers begin that proxies made up: X-Forwarded-For, -Host, -Proto and so on."""

_WRITTEN_BY_PROXIES = frozenset(
    {
        *("forwarded", "via"),  # RFC 7239, section 4, and RFC 9110, section 7.6.3
        *("x-real-ip", "x-client-ip", "x-cluster-client-ip", "x-original-forwarded-for", "x-original-host"),
        *("cf-connecting-ip", "cdn-loop", "fastly-client-ip", "true-client-ip", "x-envoy-external-address"),
    }
)


def is_stranger(peer: str, headers: Iterable[str], authorization: str, token: str) -> bool:
    """Whether somebody may not have what is for this machine, and for who knows the token.

    Args:
        peer: see :func:`is_of_this_machine`.
        headers: names of the headers.
        authorization: that header, "" when it is not there.
        token: that lets in who is elsewhere, "" when there is none: then nobody is let in.
    """
    if is_of_this_machine(peer, headers):
        return False
    scheme, _, given = authorization.partition(" ")
    if not token or scheme.lower() != "bearer":
        return True
    # As bytes: of text, `hmac` takes nothing but ASCII.
    return not hmac.compare_digest(given.strip().encode("utf-8", "surrogatepass"), token.encode())


def is_of_this_machine(peer: str, headers: Iterable[str]) -> bool:
    """Whether a program of this machine asks, and not a proxy on it for somebody else.

    Behind a proxy on this machine everybody comes from it. So a request that came by one counts as from
    elsewhere, as far as the proxy says so.

    Args:
        peer: address at the other end of the connection; "" on a socket file, which files' permissions guard.
        headers: names of the headers.
    """
    is_here = not peer or is_loopback(peer)
    return is_here and not any(_is_of_proxy(name.lower()) for name in headers)


def _is_of_proxy(header: str) -> bool:
    return header in _WRITTEN_BY_PROXIES or header.startswith(_FORWARDED)
