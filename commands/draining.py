"""A server that stops without cutting anybody off.

Sanic (21.12) closes each connection on which no request is going on, at the instant it stops. A request that
is on its way there, or a connection that was just made, is then lost: its visitor gets no answer. Here such a
connection may still bring a request for a moment; it is answered, and told that the connection closes.
"""

from __future__ import annotations

import select
from asyncio import BaseTransport

from sanic.http import Stage
from sanic.request import Request

from commands.chunked_bodies import OneChunkedBodyProtocol

STILL_TAKEN = 1.0
"""Seconds in which a request may still come in after the server was told to stop."""

_LOOK_EVERY = 0.1


class DrainingProtocol(OneChunkedBodyProtocol):
    """One connection of such a server."""

    __slots__ = ()

    def connection_made(self, transport: BaseTransport) -> None:
        """Sanic told to stop does not look at connections that come after that."""
        super().connection_made(transport)
        if self.signal.stopped:
            self.close_if_idle()

    def close_if_idle(self) -> bool:
        """Sanic calls this once for each connection when it stops; it then waits until all are gone."""
        self.request_handler = self._answer_last
        if self._http is not None:
            self._http.keep_alive = self._http.stage is Stage.IDLE
        self.loop.call_later(STILL_TAKEN, self._close_soon)
        return False

    async def _answer_last(self, request: Request) -> None:
        # The answer says that the connection closes, so that nobody sends another question into it.
        self._http.keep_alive = False
        await self.app.handle_request(request)

    def _close_soon(self) -> None:
        if self.transport is None or self.transport.is_closing():
            return
        is_idle = self._http is None or self._http.stage is Stage.IDLE
        if is_idle and not self._has_unread():
            self.close()
        else:
            self.loop.call_later(_LOOK_EVERY, self._close_soon)

    def _has_unread(self) -> bool:
        """Whether something came in that the event loop did not get to: it may have been busy meanwhile."""
        if self.recv_buffer:
            return True
        connection = None if self.transport is None else self.transport.get_extra_info("socket")
        if connection is None:
            return False
        looking = select.poll()  # unlike `select.select` it takes descriptors above 1023
        looking.register(connection.fileno(), select.POLLIN)
        return bool(looking.poll(0))
