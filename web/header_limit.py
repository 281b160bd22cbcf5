"""Refuses a request with large headers before anything reads them.

Python's ``http.cookies`` takes a time that grows with the square of a cookie's length before 3.10.15
(CVE-2024-7592): a cookie of 60 KB, which uvicorn lets pass, keeps the one thread of the web app busy for
seconds. The bot server needs no such thing: Sanic refuses above 8 KB itself.
"""

from __future__ import annotations

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from web.headers import add_headers

LARGEST_HEADERS = 8 * 1024
"""Bytes of all headers together, as they stand in the request."""

_AROUND = len(": \r\n")


class HeaderLimit:
    """ASGI middleware; the outermost, for those further in may read cookies."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand in front of an app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, or answer it with 431 (RFC 6585, section 5)."""
        headers = scope.get("headers", ())
        if sum(len(name) + len(value) + _AROUND for name, value in headers) <= LARGEST_HEADERS:
            await self._app(scope, receive, send)
            return
        text = "Je browser stuurt te veel gegevens mee. Wis de cookies van deze site en probeer het nog eens."
        refused = PlainTextResponse(text, status_code=431)
        add_headers(refused)
        await refused(scope, receive, send)
