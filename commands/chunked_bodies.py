"""A server in which no request can hide behind the chunked body of another.

Sanic (21.12) does not read trailers: what follows the last chunk it takes for the next request. And a coding
that is not written exactly as "chunked" it does not see at all. A proxy in front that reads both as RFC 9112
says (sections 6.3 and 7.1.2) takes all of it for one request, so whoever sends one can have a second answered
that the proxy never saw, or leave its answer to the next visitor on that connection (request smuggling,
CVE-2026-85078). Here a connection ends with the answer to a request that has such a body.
"""

from __future__ import annotations

from asyncio import BaseTransport

from sanic.request import Request
from sanic.server.protocols.http_protocol import HttpProtocol


class OneChunkedBodyProtocol(HttpProtocol):
    """One connection of such a server."""

    __slots__ = ()

    def connection_made(self, transport: BaseTransport) -> None:
        """From here on Sanic reads requests."""
        super().connection_made(transport)  # type: ignore[no-untyped-call]
        self.request_handler = self.answer

    async def answer(self, request: Request) -> None:
        """Answer a request whose headers are read."""
        if "transfer-encoding" in request.headers:
            self._http.keep_alive = False
        await self.app.handle_request(request)
