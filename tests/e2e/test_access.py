"""Who may use REST when the bot listens for other machines too, and who may not reach the action server."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

import httpx
import psutil
import pytest

from commands.environment import rasa_environment
from kalm.settings import LOOPBACK, ROOT
from tests.e2e.conftest import Servers, Visitor, free_ports, wait_for_bot

pytestmark = pytest.mark.e2e

TOKEN = "a-word-that-nobody-guesses"
QUESTION = {"sender": "elsewhere", "message": "wat is ferritine?"}


@pytest.fixture(scope="module")
def open_bot(servers: Servers) -> Iterator[Servers]:
    """A second bot that listens on every address of this machine."""
    (port,) = free_ports(1)
    settings = {"KALM_BOT_PORT": str(port), "KALM_HOST": "0.0.0.0", "KALM_REST_TOKEN": TOKEN}
    servers.start("open bot", settings, beside="bot")
    opened = replace(servers, bot_url=f"http://{LOOPBACK}:{port}")
    wait_for_bot(opened)
    yield opened
    servers.kill("open bot")
    del servers.processes["open bot"]


def own_address() -> str:
    """An address of this machine under which others reach it."""
    found = [
        one.address
        for addresses in psutil.net_if_addrs().values()
        for one in addresses
        if one.family.name == "AF_INET" and not one.address.startswith("127.")
    ]
    if not found:
        pytest.skip("this machine has no address but loopback")
    return found[0]


def test_another_machine_needs_the_token(open_bot: Servers) -> None:
    address = f"http://{own_address()}:{open_bot.bot_url.rpartition(':')[2]}/webhooks/rest/webhook"
    refused = httpx.post(address, json=QUESTION, timeout=30)
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "KALM_REST_TOKEN" in refused.json()["error"]
    wrong = httpx.post(address, json=QUESTION, headers={"Authorization": "Bearer guessed"}, timeout=30)
    assert wrong.status_code == 401
    answer = httpx.post(address, json=QUESTION, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30)
    assert answer.json()[1]["custom"]["kind"] == "answer"


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
def test_what_comes_by_a_proxy_on_this_machine_needs_it_too(open_bot: Servers, header: str) -> None:
    refused = Visitor(open_bot).post(QUESTION, headers={header: LOOPBACK})
    assert refused.status_code == 401


def test_who_is_on_this_machine_needs_none(open_bot: Servers) -> None:
    assert Visitor(open_bot).ask("wat is ferritine?")["kind"] == "answer"


def test_without_a_token_a_proxy_gets_nothing(servers: Servers) -> None:
    headers = {"X-Forwarded-For": "10.0.0.1"}
    for more in ({}, {"Authorization": "Bearer"}, {"Authorization": "Bearer guessed"}):
        refused = Visitor(servers).post(QUESTION, headers={**headers, **more})
        assert refused.status_code == 403
        assert "KALM_REST_TOKEN is not set" in refused.json()["error"]


@pytest.mark.parametrize("token", ["", TOKEN])
def test_kalm_chat_brings_the_token_and_says_when_it_is_refused(open_bot: Servers, token: str) -> None:
    address = own_address()
    chat = subprocess.run(
        [sys.executable, "-m", "kalm", "chat"],
        cwd=ROOT,
        env={
            **rasa_environment(),
            "KALM_HOST": address,
            "KALM_BOT_PORT": open_bot.bot_url.rpartition(":")[2],
            "KALM_REST_TOKEN": token,
        },
        input="wat is ferritine?\n\n",
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    if token:
        assert (chat.returncode, "Bron:" in chat.stdout) == (0, True), chat.stderr
    else:
        assert (chat.returncode, "KALM_REST_TOKEN" in chat.stderr) == (1, True), chat.stdout


def test_no_page_of_a_website_may_ask_the_action_server(servers: Servers) -> None:
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    for method in ("GET", "OPTIONS"):
        answer = httpx.request(method, f"{servers.actions_url}/health", headers=headers, timeout=30)
        assert "access-control-allow-origin" not in answer.headers, method


def test_another_machine_does_not_reach_the_action_server(open_bot: Servers) -> None:
    """Also where the others listen for all: it lets in whoever comes."""
    (port,) = free_ports(1)
    open_bot.start("open actions", {"KALM_ACTIONS_PORT": str(port), "KALM_HOST": "0.0.0.0"}, beside="actions")
    try:
        deadline = time.monotonic() + 180
        while True:
            try:
                assert httpx.get(f"http://{LOOPBACK}:{port}/health", timeout=30).status_code == 200
                break
            except httpx.HTTPError:
                assert time.monotonic() < deadline
                time.sleep(0.2)
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"http://{own_address()}:{port}/health", timeout=30)
    finally:
        open_bot.kill("open actions")
        del open_bot.processes["open actions"]
