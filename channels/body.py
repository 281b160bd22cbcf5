"""The body of a request, read no further than it may be long."""

from __future__ import annotations

import json
from typing import Any, Literal

from sanic.exceptions import PayloadTooLarge
from sanic.request import Request

from kalm.limits import LONGEST_BODY, TOO_LARGE

Code = Literal[
    "bad_request",
    "too_large",
    "too_long",
    "empty",
    "session",
    "origin",
    "limit",
    "not_offered",
    "not_found",
    "unavailable",
]
"""Which fault it is, for programs."""


class RequestError(Exception):
    """A request that cannot be answered as it is.

    Attributes:
        status: HTTP status.
        code: which fault it is, for programs.
        message: what is wrong, in Dutch.
    """

    def __init__(self, message: str, status: int = 400, code: Code = "bad_request") -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code


async def read_json(request: Request) -> dict[str, Any]:
    """The JSON object in the body of a streaming route.

    Raises:
        RequestError: it is too large, or no JSON object.
    """
    return object_in(await read_body(request))


async def read_body(request: Request) -> bytes:
    """The body of a streaming route, of which at most ``LONGEST_BODY`` bytes are read.

    Raises:
        RequestError: it is larger.
    """
    # Sanic compares this with the announced length, or of a chunked body with each chunk, before it reads.
    assert request.stream is not None
    request.stream.request_max_size = LONGEST_BODY
    try:
        await request.receive_body()  # type: ignore[no-untyped-call]
    except PayloadTooLarge:
        raise RequestError(TOO_LARGE, 413, "too_large") from None
    body: bytes = request.body
    return body


def object_in(body: bytes) -> dict[str, Any]:
    """The JSON object that a body is.

    Raises:
        RequestError: it is none.
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise RequestError("Het bericht is geen geldige JSON.") from None
    if not isinstance(data, dict):
        raise RequestError('Het bericht moet een JSON-object zijn, zoals {"veld": "..."}.')
    return data
