"""A channel in a Sanic of its own: Sanic's reading of requests is part of what is tested."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from threading import Thread

from sanic import Blueprint, Sanic
from sanic.server import AsyncioServer


@contextmanager
def served(
    name: str, routes: Blueprint, prepare: Callable[[Sanic], None] = lambda app: None
) -> Iterator[str]:
    """Serve routes under ``/name``; gives the socket file, so that no port and no network are needed.

    Args:
        name: of the channel.
        routes: of the channel.
        prepare: what else the server gets.
    """

    async def start(listening: socket.socket) -> AsyncioServer:
        app = Sanic(f"test_{name}", configure_logging=False)
        app.blueprint(routes, url_prefix=f"/{name}")
        prepare(app)
        server = await app.create_server(sock=listening, return_asyncio_server=True)
        assert server is not None
        await server.startup()
        return server

    async def stop(server: AsyncioServer) -> None:
        server.close()
        await server.wait_closed()

    loop = asyncio.SelectorEventLoop()
    with TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listening:
        place = f"{folder}/s"  # pytest's own folders have names too long for a socket
        listening.bind(place)
        server = loop.run_until_complete(start(listening))
        thread = Thread(target=loop.run_forever)
        thread.start()
        yield place
        asyncio.run_coroutine_threadsafe(stop(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
    loop.close()
