"""``kalm whatsapp simulate`` and ``verify`` with a bot of their own that answers as a test wants."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from click.testing import Result
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from typer.testing import CliRunner

from commands.errors import CommandError
from commands.whatsapp import app
from commands.whatsapp.serving import serving_app
from kalm.settings import LOOPBACK, settings

SETTINGS = {
    "KALM_WHATSAPP_PHONE_NUMBER_ID": "100000000000001",
    "KALM_WHATSAPP_ACCESS_TOKEN": "a token",
    "KALM_WHATSAPP_APP_SECRET": "a secret",
    "KALM_WHATSAPP_VERIFY_TOKEN": "een woord",
}


def a_free_port() -> int:
    with socket.socket() as one:
        one.bind((LOOPBACK, 0))
        port: int = one.getsockname()[1]
        return port


@dataclass
class Bot:
    """A bot that checks who writes, marks it as read and answers what it was given to say."""

    secret: str = "a secret"
    token: str = "a token"
    graph: str = ""
    marks: bool = True
    says: list[dict[str, Any]] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def take(self, request: Request) -> Response:
        body = await request.body()
        right = hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()
        if request.headers["X-Hub-Signature-256"] != f"sha256={right}":
            return Response(status_code=403)
        value = json.loads(body)["entry"][0]["changes"][0]["value"]
        self.heard.append(value)
        message = value["messages"][0]
        who = {"to": message["from"]} if "from" in message else {"recipient": message["from_user_id"]}
        address = f"{self.graph}/v26.0/{value['metadata']['phone_number_id']}/messages"
        headers = {"Authorization": f"Bearer {self.token}"}
        async with httpx.AsyncClient(headers=headers, verify=False) as client:
            if self.marks:
                mark = {"status": "read", "message_id": message["id"], "typing_indicator": {"type": "text"}}
                await client.post(address, json={"messaging_product": "whatsapp", **mark})
            for said in self.says:
                await client.post(address, json={"messaging_product": "whatsapp", **who, **said})
        return Response()

    async def verify(self, request: Request) -> Response:
        if request.query_params["hub.verify_token"] != "een woord":
            return Response(status_code=403)
        return PlainTextResponse(request.query_params["hub.challenge"])


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The settings that the command needs: a graph on a free port, and nothing where the bot should be."""
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KALM_WHATSAPP_GRAPH_URL", f"http://{LOOPBACK}:{a_free_port()}")
    monkeypatch.setenv("KALM_HOST", LOOPBACK)
    monkeypatch.setenv("KALM_BOT_PORT", str(a_free_port()))
    monkeypatch.setattr("commands.whatsapp.simulate._QUIET", 0.1)
    settings.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Bot, str]]:
    """The bot and its port, started once."""
    bot = Bot()
    path = "/webhooks/whatsapp/webhook"
    routes = [Route(path, bot.take, methods=["POST"]), Route(path, bot.verify, methods=["GET"])]
    with serving_app(Starlette(routes=routes)) as address:
        yield bot, address.rpartition(":")[2]


@pytest.fixture
def bot(chosen: pytest.MonkeyPatch, running: tuple[Bot, str]) -> Bot:
    """The bot as new, where the settings say."""
    bot, port = running
    chosen.setenv("KALM_BOT_PORT", port)
    settings.cache_clear()
    vars(bot).update(vars(Bot(graph=settings().whatsapp_graph_url)))
    return bot


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def complaint(*arguments: str) -> str:
    done = run(*arguments)
    assert isinstance(done.exception, CommandError), done.output
    return str(done.exception)


def test_an_answer_is_shown_as_on_the_phone(bot: Bot) -> None:
    action = {
        "buttons": [
            {"type": "reply", "reply": {"id": "meer", "title": "Vertel meer"}},
            {"type": "reply", "reply": {"id": "/kies 2", "title": "Iets anders"}},
            {"type": "reply", "reply": {"id": "Nee", "title": "Nee"}},
        ]
    }
    shown = {"header": {"type": "text", "text": "Kop"}, "footer": {"text": "Voet"}}
    interactive = {"type": "button", "body": {"text": "Dat kan *helpen* :)"}, "action": action, **shown}
    bot.says = [{"type": "interactive", "interactive": interactive}]
    done = run("simulate", "wat helpt")
    assert done.exit_code == 0, done.output
    assert done.output == (
        "*Kop*\n\nDat kan *helpen* :)\n\nVoet\n\n"
        "[ Vertel meer ]  --knop meer\n[ Iets anders ]  --knop '/kies 2'\n[ Nee ]\n\n"
        "Gelezen: ja. Toonde dat Kalm typt: ja.\n"
    )


def test_several_messages_and_a_list_are_all_shown(bot: Bot) -> None:
    bot.marks = False
    rows = [{"id": "r1", "title": "IJzer", "description": "Wat het doet"}]
    action = {"button": "Kies", "sections": [{"title": "Onderwerpen", "rows": rows}]}
    interactive = {"type": "list", "body": {"text": "Waarover?"}, "action": action}
    bot.says = [
        {"type": "text", "text": {"body": "Hallo"}},
        {"type": "interactive", "interactive": interactive},
    ]
    assert run("simulate", "hallo").output == (
        "Hallo\n\nWaarover?\n\n[ Kies ]\n  Onderwerpen\n  [ IJzer ]  --knop r1\n      Wat het doet\n\n"
        "Gelezen: nee. Toonde dat Kalm typt: nee.\n"
    )


def test_a_button_and_another_sender_reach_the_bot(bot: Bot) -> None:
    bot.says = [{"type": "text", "text": {"body": "Goed"}}]
    assert run("simulate", "Vertel meer", "--knop", "meer", "--van", "NL.123").exit_code == 0
    (value,) = bot.heard
    message = value["messages"][0]
    assert value["metadata"]["phone_number_id"] == "100000000000001"
    assert (value["contacts"][0]["user_id"], message["from_user_id"]) == ("NL.123", "NL.123")
    assert message["interactive"]["button_reply"] == {"id": "meer", "title": "Vertel meer"}


def test_silence_is_told(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commands.whatsapp.simulate._PATIENCE", 0.2)
    assert "nothing went out within" in complaint("simulate", "hallo")


def test_what_meta_would_refuse_is_told(bot: Bot) -> None:
    bot.says = [{"type": "text", "text": {"body": "x" * 4097}}]
    assert "code 131009: text.body may have 4096 characters" in complaint("simulate", "hallo")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("secret", "another", "another KALM_WHATSAPP_APP_SECRET"),
        ("token", "another", "code 190"),
    ],
)
def test_another_secret_than_the_bot_has_is_told(bot: Bot, name: str, value: str, told: str) -> None:
    setattr(bot, name, value)
    assert told in complaint("simulate", "hallo")


def test_a_bot_without_whatsapp_is_told(chosen: pytest.MonkeyPatch) -> None:
    with serving_app(Starlette(), settings().bot_port):
        assert "has no WhatsApp (404)" in complaint("simulate", "hallo")
        assert "has no WhatsApp" in complaint("verify")


def test_a_bot_that_does_not_run_is_told(chosen: pytest.MonkeyPatch) -> None:
    assert "start it with 'make run'" in complaint("simulate", "hallo")
    assert "does not answer (ConnectError)" in complaint("verify")


def test_a_port_that_is_taken_is_told(chosen: pytest.MonkeyPatch) -> None:
    with serving_app(Starlette(), urlsplit(settings().whatsapp_graph_url).port or 0):
        assert "cannot be had" in complaint("simulate", "hallo")


@pytest.mark.parametrize(
    "address",
    [
        "https://graph.facebook.com",
        "http://127.0.0.1",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:5085/v26.0",
    ],
)
def test_nothing_can_reach_meta(chosen: pytest.MonkeyPatch, address: str) -> None:
    chosen.setenv("KALM_WHATSAPP_GRAPH_URL", address)
    settings.cache_clear()
    told = complaint("simulate", "hallo")
    assert f"KALM_WHATSAPP_GRAPH_URL is {address}" in told
    assert "export KALM_WHATSAPP_GRAPH_URL=http://127.0.0.1:" in told


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_a_setting_that_is_missing_is_named(chosen: pytest.MonkeyPatch, name: str) -> None:
    chosen.setenv(name, "")
    settings.cache_clear()
    assert complaint("simulate", "hallo").startswith(f"{name} must be set")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [((" ",), "there is no text"), (("hallo", "--van", "de buurman"), "neither a phone number")],
)
def test_what_nobody_can_have_written_is_told(
    chosen: pytest.MonkeyPatch, arguments: tuple[str, ...], told: str
) -> None:
    assert told in complaint("simulate", *arguments)


def test_verifying_says_that_the_bot_is_right(bot: Bot) -> None:
    done = run("verify")
    assert done.exit_code == 0, done.output
    assert f"In orde: {settings().bot_url}/webhooks/whatsapp/webhook" in done.output


def test_verifying_with_another_token_is_wrong(bot: Bot, chosen: pytest.MonkeyPatch) -> None:
    chosen.setenv("KALM_WHATSAPP_VERIFY_TOKEN", "een ander woord")
    settings.cache_clear()
    assert "another KALM_WHATSAPP_VERIFY_TOKEN" in complaint("verify")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda request: PlainTextResponse("welkom"), "something else than the challenge"),
        (lambda request: PlainTextResponse(request.query_params["hub.challenge"]), "takes any verify token"),
        (lambda request: Response(status_code=301, headers={"Location": "/"}), "a redirect"),
        (lambda request: Response(status_code=502), "502 instead of 200"),
    ],
)
def test_another_server_at_the_address_is_seen(
    chosen: pytest.MonkeyPatch, answer: Callable[[Request], Response], told: str
) -> None:
    routes = [Route("/webhooks/whatsapp/webhook", answer, methods=["GET"])]
    with serving_app(Starlette(routes=routes), settings().bot_port):
        assert told in complaint("verify")


def test_an_address_outside_must_be_https(chosen: pytest.MonkeyPatch) -> None:
    assert "Meta calls no others" in complaint("verify", "--adres", "http://bot.winkel.example")


@pytest.mark.parametrize("path", ["", "/", "/webhooks/whatsapp/webhook"])
def test_an_address_outside_may_be_given_whole(chosen: pytest.MonkeyPatch, path: str) -> None:
    told = complaint("verify", "--adres", f"https://{LOOPBACK}:{a_free_port()}{path}")
    assert "/webhooks/whatsapp/webhook does not answer" in told
    assert told.count("webhooks") == 1
