"""``kalm whatsapp verify``: what Meta asks when one presses "Verify and save" at the webhook."""

from __future__ import annotations

import secrets
from typing import Annotated
from urllib.parse import urlsplit

import httpx
import typer
from rich.console import Console

from commands.errors import CommandError
from commands.whatsapp import webhooks
from kalm.settings import settings

_PATIENCE = 10.0


def verify(
    address: Annotated[
        str,
        typer.Option(
            "--adres",
            help="Adres van buiten, zoals https://bot.winkel.example; leeg: de bot hier.",
        ),
    ] = "",
) -> None:
    """Vraag de draaiende bot wat Meta vraagt als je het adres van de webhook invult."""
    token = settings().whatsapp_verify_token.get_secret_value()
    if not token:
        raise CommandError("KALM_WHATSAPP_VERIFY_TOKEN must be set, to what the bot was started with")
    webhook = _webhook(address)
    challenge = str(secrets.randbelow(10**10))
    answer = _ask(webhook, token, challenge)
    if answer.status_code != 200 or answer.text != challenge:
        raise CommandError(f"Meta would refuse {webhook}: {_what_is_wrong(answer)}")
    if _ask(webhook, secrets.token_hex(), challenge).status_code == 200:
        raise CommandError(f"{webhook} takes any verify token, so it is not Kalm that answers there")
    console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
    console.print(f"In orde: {webhook} antwoordt zoals Meta wil, en weigert een verkeerd woord.")


def _webhook(address: str) -> str:
    if not address:
        return f"{settings().bot_url}{webhooks.PATH}"
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname:
        raise CommandError(f"--adres {address} is no https address, and Meta calls no others")
    return f"{address.rstrip('/').removesuffix(webhooks.PATH)}{webhooks.PATH}"


def _ask(webhook: str, token: str, challenge: str) -> httpx.Response:
    asked = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": challenge}
    try:
        with httpx.Client(timeout=_PATIENCE) as client:
            return client.get(webhook, params=asked)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise CommandError(
            f"{webhook} does not answer ({type(error).__name__}); is the bot running, and does the proxy "
            "before it pass this path on?"
        ) from error


def _what_is_wrong(answer: httpx.Response) -> str:
    if answer.status_code == 403:
        return "it answered 403, so it was started with another KALM_WHATSAPP_VERIFY_TOKEN"
    if answer.status_code == 404:
        return "it answered 404, so the bot has no WhatsApp, or the proxy does not pass this path on"
    if answer.is_redirect:
        return f"it answered {answer.status_code}, a redirect; enter the address that it leads to"
    if answer.status_code != 200:
        return f"it answered {answer.status_code} instead of 200"
    return "it answered 200, but something else than the challenge; does another server answer there?"
