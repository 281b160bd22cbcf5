"""A request that hides behind the chunked body of another, on Sanic as it is and on our own server."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.commands.sanic_process import sanic_process

SERVER = """
import socket, sys
from sanic import Sanic, response
from sanic.server.protocols.http_protocol import HttpProtocol
from commands.draining import DrainingProtocol
app = Sanic("chunked", configure_logging=False)

@app.post("/")
async def take(request):
    return response.text("took " + request.body.decode())

@app.post("/streaming", stream=True)
async def take_streaming(request):
    await request.receive_body()
    return response.text("took " + request.body.decode())

@app.get("/hidden")
async def hidden(request):
    return response.text("the hidden one")

@app.listener("after_server_start")
async def ready(app, loop):
    print("open", flush=True)

protocol = DrainingProtocol if sys.argv[2] == "ours" else HttpProtocol
app.run(sock=socket.socket(fileno=int(sys.argv[1])), protocol=protocol, access_log=False, motd=False)
"""

HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"

TRAILER = b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\na:" + HIDDEN
"""By RFC 9112 all after the ``0`` is two trailers, and the request is one."""

_CHUNK = b"%x\r\n" % len(HIDDEN) + HIDDEN + b"\r\n0\r\n\r\n"
OTHERWISE_WRITTEN = (
    b"Transfer-Encoding: Chunked\r\nContent-Length: %d\r\n\r\n" % _CHUNK.index(HIDDEN) + _CHUNK
)
"""The name of a coding may be written in capitals, and goes before the length: the request is one."""


@pytest.fixture(scope="module")
def ours() -> Iterator[tuple[str, int]]:
    with sanic_process(SERVER, "ours") as (listening, _):
        yield listening.getsockname()


@pytest.fixture(scope="module")
def stock() -> Iterator[tuple[str, int]]:
    with sanic_process(SERVER, "stock") as (listening, _):
        yield listening.getsockname()


PATIENCE = 5.0
"""Seconds of silence after which a test fails."""


def said_until_closed(place: tuple[str, int], request: bytes) -> bytes:
    """All that a server sends on one connection that it closes itself.

    Raises:
        TimeoutError: it leaves the connection open.
    """
    with socket.create_connection(place, timeout=PATIENCE) as connection:
        connection.sendall(request)
        got = b""
        while more := connection.recv(65536):
            got += more
        return got


def says(place: tuple[str, int], request: bytes, *awaited: bytes) -> bool:
    """Whether a server sends each of these, one after the other, on one connection."""
    with socket.create_connection(place, timeout=PATIENCE) as connection:
        connection.sendall(request)
        got = b""
        for each in awaited:
            while each not in got:
                try:
                    more = connection.recv(65536)
                except TimeoutError:
                    return False
                if not more:
                    return False
                got += more
            got = got.partition(each)[2]
        return True


@pytest.mark.parametrize("body", [TRAILER, OTHERWISE_WRITTEN], ids=["trailer", "capitals"])
@pytest.mark.parametrize("path", [b"/", b"/streaming", b"/nowhere"])
def test_what_hides_behind_a_chunked_body_is_answered_by_sanic_and_not_by_us(
    ours: tuple[str, int], stock: tuple[str, int], path: bytes, body: bytes
) -> None:
    request = b"POST " + path + b" HTTP/1.1\r\nHost: x\r\n" + body

    assert says(stock, request, b"the hidden one")
    answered = said_until_closed(ours, request)
    assert answered.count(b"HTTP/1.1 ") == 1
    assert b"connection: close" in answered
    assert b"the hidden one" not in answered


def test_other_requests_follow_each_other_on_one_connection(ours: tuple[str, int]) -> None:
    request = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
    keeps_open = b"connection: keep-alive"
    assert says(ours, request + HIDDEN, keeps_open, b"took hello", keeps_open, b"the hidden one")
