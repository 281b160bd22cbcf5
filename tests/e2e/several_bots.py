"""Several bots on one PostgreSQL behind a proxy that gives each the next request, for tests."""

from __future__ import annotations

import os
import random
import signal
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from commands.whatsapp.serving import serving_app
from kalm.settings import LOOPBACK
from tests.e2e.conftest import Servers, free_ports, wait_for_bot
from tests.e2e.test_website import Page
from tests.e2e.whatsapp.phone import Meta, running_meta

_TRY_FOR = 5.0
"""Seconds that a request which no bot took is tried again."""

_ON_ITS_WAY = 0.2
"""Seconds in which an answer that was sent is at the proxy."""

_AGAIN = 0.5
"""Seconds between two times that a visitor's browser sends the same message."""


class Proxy:
    """Hands each request to the next bot, and to another when that one does not listen.

    As Caddy does with the ``lb_policy round_robin`` and ``lb_try_duration`` of ``deploy/Caddyfile``: what a
    bot took and did not answer is not tried again (Caddy does with a GET), for the bot may have kept it.

    Attributes:
        bots: addresses of those that get requests.
        answering: how many messages of the website each bot has taken and not answered.
        passed_on: how many messages of the website were sent to a bot as a whole.
    """

    def __init__(self) -> None:
        self.bots: list[str] = []
        self.answering: Counter[str] = Counter()
        self.passed_on = 0
        self.app = Starlette(routes=[Route("/{path:path}", self._pass_on, methods=["GET", "POST", "DELETE"])])
        self._turn = 0
        # A connection that is kept open to a bot that was killed would break off a request.
        alone = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        self._client = httpx.AsyncClient(timeout=60, limits=alone)

    async def _pass_on(self, request: Request) -> Response:
        body, deadline = await request.body(), time.monotonic() + _TRY_FOR
        kept = {name: value for name, value in request.headers.items() if name not in ("host", "connection")}
        while time.monotonic() < deadline:
            self._turn += 1
            bot = self.bots[self._turn % len(self.bots)]
            is_message = request.url.path.endswith("/website/messages") and request.method == "POST"
            self.answering[bot] += is_message

            async def follow(event: str, _: Any, is_message: bool = is_message) -> None:
                self.passed_on += is_message and event == "http11.send_request_body.complete"

            try:
                answer = await self._client.request(
                    request.method,
                    bot + request.url.path,
                    params=request.query_params,
                    content=body,
                    headers=kept,
                    extensions={"trace": follow},
                )
            except httpx.ConnectError:
                continue
            except httpx.HTTPError:
                break
            finally:
                self.answering[bot] -= is_message
            given = {
                name: answer.headers[name]
                for name in ("content-type", "retry-after")
                if name in answer.headers
            }
            return Response(answer.content, answer.status_code, given)
        return Response(status_code=502)


@dataclass
class Bots:
    """The bots, and what is before and behind them.

    Attributes:
        meta: the servers and the stand-in of Meta, which talk to the proxy.
        addresses: of each bot that was started, by its name.
    """

    meta: Meta
    proxy: Proxy
    addresses: dict[str, str] = field(default_factory=dict)

    @property
    def servers(self) -> Servers:
        """The servers, with the proxy in the place of the bot."""
        return self.meta.servers

    @property
    def log(self) -> str:
        """What all bots wrote."""
        return "".join(self.servers.log(name) for name in self.addresses)

    def be(self, count: int) -> list[str]:
        """Let the proxy have so many bots; starts what is missing, all at once. Gives their names."""
        for number in range(len(self.addresses), count):
            (port,) = free_ports(1)
            self.addresses[f"bot {number + 1}"] = f"http://{LOOPBACK}:{port}"
            self.start(f"bot {number + 1}")
        names = list(self.addresses)[:count]
        for name in names:
            self.wait_for(name)
        self.proxy.bots = [self.addresses[name] for name in names]
        return names

    def start(self, name: str) -> None:
        """Start a bot, or start one again that was killed; it does not listen yet."""
        port = self.addresses[name].rpartition(":")[2]
        self.servers.start(name, {"KALM_BOT_PORT": port}, beside="bot")

    def replace(self, name: str) -> None:
        """Put a new bot in the place of one, as an upgrade does: start it, move the traffic, stop the old."""
        (port,) = free_ports(1)
        old, new = self.addresses[name], f"http://{LOOPBACK}:{port}"
        self.addresses[f"new {name}"] = new
        self.start(f"new {name}")
        self.wait_for(f"new {name}")
        self.proxy.bots = [new if address == old else address for address in self.proxy.bots]
        assert self.servers.stop(name) == 0
        del self.addresses[name]

    def stop_while_it_answers(self, name: str) -> bool:
        """Stop a bot that has taken a message of the website and not answered it; gives whether it had one.

        What it had sent already reaches the proxy meanwhile.
        """
        answering, process = self.proxy.answering, self.servers.processes[name].pid
        if not answering[self.addresses[name]]:
            return False
        os.kill(process, signal.SIGSTOP)
        time.sleep(_ON_ITS_WAY)
        if answering[self.addresses[name]]:
            return True
        os.kill(process, signal.SIGCONT)
        return False

    def wait_for(self, name: str) -> None:
        """Wait until a bot answers."""
        wait_for_bot(replace(self.servers, bot_url=self.addresses[name]))


@contextmanager
def several_bots(logs: Path, database_address: str) -> Iterator[Bots]:
    """One bot, to which others can be added, with WhatsApp and the website's channel.

    Args:
        logs: folder of theirs.
        database_address: of a PostgreSQL.
    """
    proxy = Proxy()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KALM_DATABASE", database_address)
        # The proxy says who asks, so that each visitor has an address, as on the internet.
        trusted = {"KALM_TRUSTED_PROXIES": LOOPBACK}
        with serving_app(proxy.app) as url, running_meta(logs, database_address, trusted) as meta:
            first = meta.servers.bot_url
            bots = Bots(replace(meta, servers=replace(meta.servers, bot_url=url)), proxy, {"bot": first})
            bots.be(1)
            yield bots


class Browser(Page):
    """A page of the shop whose chat sends a message again, by the same id, until it is answered."""

    def __init__(self, servers: Servers) -> None:
        self.address = ".".join(str(random.randrange(1, 255)) for _ in range(4))
        self.repeated = 0
        super().__init__(servers)

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        self.headers["X-Forwarded-For"] = self.address
        return super().ask(method, path, **options)

    def insist(self, text: str, id_: str = "", patience: float = 180.0) -> dict[str, Any]:
        """Say something until there is an answer, which is given."""
        body, deadline = {"id": id_ or uuid.uuid4().hex, "text": text}, time.monotonic() + patience
        while True:
            try:
                answer = self.ask("POST", "/messages", json=body)
            except httpx.HTTPError:
                answer = httpx.Response(502)
            if answer.status_code == 200:
                said: dict[str, Any] = answer.json()
                return said
            assert answer.status_code in (502, 503), answer.text
            assert time.monotonic() < deadline, f"no answer after {patience} s: {answer.text}"
            self.repeated += 1
            time.sleep(_AGAIN)

    def history(self) -> list[dict[str, Any]]:
        """All messages that are kept."""
        kept: list[dict[str, Any]] = self.ask("GET", "/messages").json()["messages"]
        return kept
