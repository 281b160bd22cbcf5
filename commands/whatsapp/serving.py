"""Serves the stand-in on this machine, in a thread."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from commands.whatsapp.stand_in import StandIn
from kalm.settings import LOOPBACK

_TIME_TO_END = 1
"""Seconds that answers under way get when it stops."""


class _Protocol(H11Protocol):
    """Hands each request its connection, so that a fault can break it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


@contextmanager
def serving(stand_in: StandIn, port: int = 0) -> Iterator[str]:
    """Serve a stand-in, on 127.0.0.1 alone.

    Args:
        stand_in: to be served.
        port: 0 for any free one.

    Yields:
        Its address without version, for ``KALM_WHATSAPP_GRAPH_URL``.

    Raises:
        OSError: the port cannot be had.
    """
    with serving_app(stand_in.app, port) as address:
        try:
            yield address
        finally:
            stand_in.stop_reporting()


@contextmanager
def serving_app(app: Starlette, port: int = 0) -> Iterator[str]:
    """Serve any app the same way."""
    listening = _listen(port)
    config = uvicorn.Config(
        app,
        http=_Protocol,
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_TIME_TO_END,
    )
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.005)
        yield f"http://{LOOPBACK}:{_port_of(listening)}"
    finally:
        server.should_exit = True
        thread.join()


def _listen(port: int) -> socket.socket:
    listening = socket.socket()
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((LOOPBACK, port))
    except OSError:
        listening.close()
        raise
    return listening


def _port_of(listening: socket.socket) -> int:
    port: int = listening.getsockname()[1]
    return port
