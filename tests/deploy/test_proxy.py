"""What Caddy lets through, compared with our routes; and Caddy itself, where it is installed."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest
from starlette.routing import Mount, Route

from channels.rest import RestChannel
from channels.website.channel import WebsiteChannel
from channels.whatsapp.channel import LONGEST_POST, WhatsAppChannel
from kalm.limits import LONGEST_BODY
from kalm.privacy.pseudonyms import pseudonyms
from kalm.settings import FOR_WHATSAPP, settings
from review.routes import SCREENS
from tests.deploy.caddy import CADDYFILE, needs_caddy, running_caddy
from web import create_app

CLOSED = {
    "/webhooks/rest",
    "/webhooks/rest/*",  # for programs, on the network of the servers
    "/live",
    "/ready",  # both for what watches the servers, on the same network
    "/metrics",
    "/metrics/*",
    "/toestand",  # what runs is nobody's business
    "/gezond",
    "/winkel",  # a shop that does not exist
    "/winkel/*",
}
"""Routes, of those that are there, that nobody outside reaches."""

MATCHERS = {
    name: paths.split()
    for name, paths in re.findall(r"^\t@(\w+) path (.+)$", CADDYFILE.read_text(), re.MULTILINE)
}


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[set[str]]:
    """All paths of the bot server and the web app, with a word for each part that varies."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KALM_VAR", str(tmp_path_factory.mktemp("var")))
        for name in FOR_WHATSAPP:
            patch.setenv(f"KALM_{name.upper()}", "1")
        settings.cache_clear()
        pseudonyms.cache_clear()
        from rasa.core import run

        channels = [RestChannel(), WebsiteChannel(), WhatsAppChannel()]
        bot = run.configure_app(channels, enable_api=False, port=1)
    web = [
        f"{route.path}/file.css" if isinstance(route, Mount) else route.path
        for route in create_app().routes
        if isinstance(route, (Mount, Route))
    ]
    screens = [f"/review{screen.path}" for screen in SCREENS]
    found = {f"/{route.path}".rstrip("/") or "/" for route in bot.router.routes} | {*web, *screens}
    yield {re.sub(r"[{<][^}>]*[}>]", "iets", path) for path in found}
    settings.cache_clear()
    pseudonyms.cache_clear()


def fits(path: str, patterns: set[str] | list[str]) -> bool:
    return any(fnmatchcase(path, pattern) for pattern in patterns)


def test_each_route_is_let_through_or_named_as_closed(routes: set[str]) -> None:
    let_through = [path for paths in MATCHERS.values() for path in paths]
    undecided = {path for path in routes if not fits(path, let_through) and not fits(path, CLOSED)}
    assert undecided == set()
    assert {path for path in routes if fits(path, let_through) and fits(path, CLOSED)} == set()


def test_nothing_is_let_through_that_is_not_there(routes: set[str]) -> None:
    there = routes | {route.rstrip("/") for route in routes}  # Caddy tells "/review" from "/review/"
    for paths in MATCHERS.values():
        for path in paths:
            assert any(fnmatchcase(route, path) for route in there), path


def test_bodies_may_be_as_long_as_kalm_takes_them() -> None:
    sizes = dict(re.findall(r"handle @(\w+) \{[^@]*?max_size (\w+)\n", CADDYFILE.read_text()))
    assert set(sizes) == set(MATCHERS) - {"start"}
    unit = {"KB": 10**3, "MB": 10**6}
    in_bytes = {name: int(size[:-2]) * unit[size[-2:]] for name, size in sizes.items()}
    assert in_bytes["website"] > LONGEST_BODY
    assert in_bytes["whatsapp"] > LONGEST_POST


SLOWLY = "langzaam"


class Echo(BaseHTTPRequestHandler):
    """Tells what reached it."""

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        told = {
            "port": self.server.server_address[1],
            "path": self.path,
            "from": self.headers.get("X-Forwarded-For"),
            "size": len(self.rfile.read(length)),
        }
        if self.path.endswith(f"?{SLOWLY}"):
            time.sleep(3)
        body = json.dumps(told).encode()
        with suppress(OSError):  # Caddy has cut off what was too long
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    do_POST = do_GET  # noqa: N815

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, ThreadingHTTPServer]]:
    """In place of the bot and the web app."""
    made = {name: ThreadingHTTPServer(("127.0.0.1", 0), Echo) for name in ("bot", "web")}
    for server in made.values():
        Thread(target=server.serve_forever, daemon=True).start()
    yield made
    for server in made.values():
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def site(
    servers: dict[str, ThreadingHTTPServer], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """Caddy before them."""
    where = {f"{name.upper()}_PORT": str(server.server_address[1]) for name, server in servers.items()}
    with running_caddy(tmp_path_factory.mktemp("caddy"), where) as client:
        yield client


@needs_caddy
def test_caddy_takes_the_file_for_a_real_host(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    command = ["caddy", "validate", "--config", CADDYFILE, "--adapter", "caddyfile"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert '"level":"warn"' not in done.stderr


@needs_caddy
def test_what_is_public_reaches_its_server(
    site: httpx.Client, servers: dict[str, ThreadingHTTPServer]
) -> None:
    expected = {"website": "bot", "whatsapp": "bot", "pages": "web", "team": "web"}
    assert set(expected) == set(MATCHERS) - {"start"}
    for name, server in expected.items():
        for pattern in MATCHERS[name]:
            path = pattern.replace("*", "iets")
            told = site.get(path).json()
            assert (told["path"], told["port"]) == (path, servers[server].server_address[1])


@needs_caddy
@pytest.mark.parametrize(
    "path",
    [
        *sorted(pattern.replace("*", "iets") for pattern in CLOSED),
        "/webhooks/rest/webhook",
        "/webhooks/rest/ready",
        "/webhook",
        "/model/parse",
        "/webhooks/website",
        "/webhooks/website/iets",
        "/webhooks/whatsapp/webhook/iets",
        "/WEBHOOKS/REST/WEBHOOK",
        "//webhooks/rest/webhook",
        "/artikelen/../metrics",
        "/artikelen/%2e%2e/webhooks/rest/webhook",
        "/static/..%2f..%2fmetrics",
        "/.env",
    ],
)
def test_what_is_not_public_reaches_no_server(site: httpx.Client, path: str) -> None:
    with socket.create_connection((site.base_url.host, site.base_url.port or 80)) as connection:
        # By hand: a client would tidy the path up.
        request = f"GET {path} HTTP/1.1\r\nHost: {site.base_url.netloc.decode()}\r\nConnection: close\r\n\r\n"
        connection.sendall(request.encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    told = answer.partition(b"\r\n\r\n")[2]
    if b" 200 " in answer.split(b"\r\n")[0]:
        # What it lets through by another name must still be no closed route for the server that gets it.
        assert json.loads(told)["path"].startswith(("/artikelen/", "/static/"))
        assert is_nothing_closed(json.loads(told)["path"])
    else:
        assert b" 404 " in answer.split(b"\r\n")[0]


def is_nothing_closed(path: str) -> bool:
    return not fits(path, CLOSED) and not path.startswith("/webhooks")


@needs_caddy
def test_the_start_leads_to_the_articles(site: httpx.Client) -> None:
    answer = site.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/artikelen")


@needs_caddy
def test_a_visitor_cannot_say_to_be_somebody_else(site: httpx.Client) -> None:
    told = site.post("/webhooks/website/messages", headers={"X-Forwarded-For": "203.0.113.7"}).json()
    assert told["from"] == "127.0.0.1"


@needs_caddy
@pytest.mark.parametrize(
    ("path", "passes", "is_too_long"),
    [("/webhooks/website/messages", 20_000, 70_000), ("/webhooks/whatsapp/webhook", LONGEST_POST, 5_000_000)],
)
def test_a_body_has_a_limit(site: httpx.Client, path: str, passes: int, is_too_long: int) -> None:
    assert site.post(path, content=b"x" * passes).json()["size"] == passes
    assert site.post(path, content=b"x" * is_too_long).status_code in (413, 502)


@needs_caddy
def test_a_body_that_is_too_long_shuts_nobody_else_out(site: httpx.Client) -> None:
    """While somebody is being answered: of a server that answers nobody Caddy remembers nothing."""
    path = "/webhooks/website/configuration"
    with ThreadPoolExecutor(1) as pool:
        answered = pool.submit(site.get, f"{path}?{SLOWLY}")
        time.sleep(0.3)
        for _ in range(5):
            refused = site.post("/webhooks/website/messages", content=b"x" * 70_000)
            assert refused.status_code in (413, 502)
        started = time.monotonic()
        assert site.get(path).status_code == 200
        assert time.monotonic() - started < 1
        assert answered.result().status_code == 200


@needs_caddy
def test_nobody_outside_reaches_the_health_check(tmp_path: Path) -> None:
    done = subprocess.run(
        ["caddy", "adapt", "--config", CADDYFILE, "--adapter", "caddyfile"],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True,
        check=True,
        timeout=60,
    )
    listening = [server["listen"] for server in json.loads(done.stdout)["apps"]["http"]["servers"].values()]
    assert sorted(listening) == [["127.0.0.1:8081"], [":443"]]


@needs_caddy
def test_it_does_not_say_which_server_it_is(site: httpx.Client) -> None:
    headers = site.get("/privacy").headers
    assert "Server" not in headers or "Caddy" not in headers["Server"]
    assert headers["Strict-Transport-Security"].startswith("max-age=")
