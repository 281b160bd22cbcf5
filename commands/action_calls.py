"""What the action server takes from a call before its action runs."""

from __future__ import annotations

from contextlib import suppress

from sanic.exceptions import InvalidUsage
from sanic.request import Request

from kalm.meaning_along import take_meaning


async def take_along(request: Request) -> None:
    """Remember the meaning that the bot found, for the search; a middleware of Sanic."""
    if request.path == "/webhook":
        with suppress(InvalidUsage):  # no JSON: whoever answers the call says so
            take_meaning(request.json)
