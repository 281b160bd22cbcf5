"""The body of a request, read no further than it may be long."""

from __future__ import annotations

import json
from typing import Any

from sanic.exceptions import PayloadTooLarge
from sanic.request import Request

from channels.errors import RequestError
from kalm.limits import LONGEST_BODY, TOO_LARGE


async def read_json(request: Request, example: str) -> dict[str, Any]:
    """The JSON object in the body of a streaming route.

    Args:
        request: whose body is read.
        example: of such an object, for the message to who sends another thing.

    Raises:
        RequestError: it is too large, or no JSON object.
    """
    return object_in(await read_body(request), example)


async def read_body(request: Request, longest: int = LONGEST_BODY) -> bytes:
    """The body of a streaming route.

    Args:
        request: whose body is read.
        longest: bytes that are read at most.

    Raises:
        RequestError: it is larger.
    """
    # Sanic compares this with the announced length, or of a chunked body with each chunk, before it reads.
    assert request.stream is not None
    request.stream.request_max_size = longest
    try:
        await request.receive_body()  # type: ignore[no-untyped-call]
    except PayloadTooLarge:
        raise RequestError(TOO_LARGE, 413, "too_large") from None
    body: bytes = request.body
    return body


def object_in(body: bytes, example: str) -> dict[str, Any]:
    """The JSON object that a body is.

    Args:
        body: of a request.
        example: of such an object.

    Raises:
        RequestError: it is none.
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise RequestError("Het bericht is geen geldige JSON.") from None
    if not isinstance(data, dict):
        raise RequestError(f"Het bericht moet een JSON-object zijn, zoals {example}.")
    return data
