"""From where a request came."""

from __future__ import annotations

from sanic.request import Request

from kalm.settings import settings
from kalm.strangers import is_stranger


def address_of(request: Request) -> str:
    """The address that asks; what a proxy says of it counts only for a proxy that is trusted."""
    peer = str(request.ip)
    forwarded = str(request.headers.get("x-forwarded-for", ""))
    # The last one was written by the trusted proxy itself; those before it by whoever asked.
    return forwarded.rpartition(",")[2].strip() or peer if peer in settings().proxies else peer


def is_of_this_machine(request: Request) -> bool:
    """Whether a program of this machine asks, by itself and not for somebody else."""
    return not is_stranger(str(request.ip), request.headers.keys(), authorization="", token="")
