"""A server that is told to stop, with visitors on all sorts of connections. It is a process of its own."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.commands.sanic_process import sanic_process

SERVER = """
import asyncio, socket, sys, time
from sanic import Sanic, response
from commands.draining import DrainingProtocol
app = Sanic("slow", configure_logging=False)

@app.get("/")
async def answer(request):
    await asyncio.sleep(float(request.args.get("wait", 0)))
    return response.text("fine")

@app.get("/busy")
async def busy(request):
    asyncio.get_running_loop().call_later(0.1, time.sleep, 2.0)  # nothing is read meanwhile
    return response.text("fine")

@app.listener("after_server_start")
async def ready(app, loop):
    print("open", flush=True)

app.run(sock=socket.socket(fileno=int(sys.argv[1])), protocol=DrainingProtocol, access_log=False, motd=False)
"""


class Server:
    """The server, and a socket that stays when it is gone."""

    def __init__(self, listening: socket.socket, process: subprocess.Popen[str]) -> None:
        self.listening = listening
        self.process = process
        self.connections: list[http.client.HTTPConnection] = []

    def connect(self) -> http.client.HTTPConnection:
        host, port = self.listening.getsockname()
        made = http.client.HTTPConnection(host, port, timeout=20)
        made.connect()
        self.connections.append(made)
        return made

    def stop(self) -> None:
        """Tell it to stop, and wait until it does not accept any more."""
        self.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)


def ask(connection: http.client.HTTPConnection, path: str = "/") -> str:
    connection.request("GET", path)
    return answered(connection)


def answered(connection: http.client.HTTPConnection) -> str:
    answer = connection.getresponse()
    said = answer.read().decode()
    assert said == "fine"
    return answer.headers["connection"]


@pytest.fixture
def server() -> Iterator[Server]:
    with sanic_process(SERVER) as (listening, process):
        started = Server(listening, process)
        # Sanic loses a signal that comes before it runs on; once it answers, it does.
        first = started.connect()
        ask(first)
        first.close()
        yield started
    for connection in started.connections:
        connection.close()


def test_what_is_being_answered_is_finished_and_told_to_come_back_elsewhere(server: Server) -> None:
    visitor = server.connect()
    visitor.request("GET", "/?wait=2")
    time.sleep(0.3)
    server.stop()
    assert answered(visitor) == "close"
    assert server.process.wait(10) == 0


def test_a_connection_that_was_kept_open_may_ask_once_more(server: Server) -> None:
    visitor = server.connect()
    assert ask(visitor) == "keep-alive"
    server.stop()
    assert ask(visitor) == "close"
    assert server.process.wait(10) == 0


def test_a_connection_that_was_just_made_is_answered(server: Server) -> None:
    visitor = server.connect()
    time.sleep(0.2)
    server.stop()
    assert ask(visitor) == "close"
    assert server.process.wait(10) == 0


def test_a_question_that_came_in_while_the_server_was_busy_is_answered(server: Server) -> None:
    waiting, visitor = server.connect(), server.connect()
    assert ask(visitor) == "keep-alive"
    server.stop()
    ask(waiting, "/busy")
    time.sleep(1.2)  # by now it should be closed, and the server has not looked at it since
    assert ask(visitor) == "close"
    assert server.process.wait(10) == 0


def test_who_says_nothing_does_not_keep_it(server: Server) -> None:
    visitors = [server.connect() for _ in range(5)]
    ask(visitors[0])
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(10) == 0, "Sanic itself waits 15 seconds for who does not go"


def test_a_connection_after_the_stop_waits_for_who_accepts_next(server: Server) -> None:
    server.stop()
    late = server.connect()
    late.request("GET", "/")
    assert server.process.wait(10) == 0
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, str(server.listening.fileno())],
        pass_fds=[server.listening.fileno()],
        stdout=subprocess.DEVNULL,
    ) as next_one:
        try:
            assert answered(late) == "keep-alive"
        finally:
            next_one.kill()
