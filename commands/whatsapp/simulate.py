"""``kalm whatsapp simulate``: a message to the running bot as Meta would bring it, and what comes back."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Annotated
from urllib.parse import urlsplit

import httpx
import typer
from rich.console import Console

from commands.errors import CommandError
from commands.whatsapp import webhooks
from commands.whatsapp.message_rules import PHONE, USER_ID
from commands.whatsapp.received import Sent
from commands.whatsapp.serving import serving
from commands.whatsapp.stand_in import StandIn
from kalm.settings import LOOPBACK, settings

_PATIENCE = 15.0
"""Seconds in which an answer must go out."""

_QUIET = 0.5
"""Seconds without another message after which Kalm is done, and in which the read mark may still come."""

_HOW_TO_TRY = """\
Set these before both 'make run' and this command, in two terminals:
  export KALM_WHATSAPP_PHONE_NUMBER_ID=100000000000001
  export KALM_WHATSAPP_ACCESS_TOKEN=proef
  export KALM_WHATSAPP_APP_SECRET=proef
  export KALM_WHATSAPP_VERIFY_TOKEN=proef
  export KALM_WHATSAPP_GRAPH_URL=http://127.0.0.1:5085"""


def simulate(
    text: Annotated[str, typer.Argument(help="Wat de klant schrijft, tussen aanhalingstekens.")],
    sender: Annotated[
        str, typer.Option("--van", help="Nummer van de klant, of een gebruikers-id zoals NL.123.")
    ] = "31600000001",
    button: Annotated[
        str,
        typer.Option("--knop", help="Id van een knop: de klant tikt die aan, met de tekst als opschrift."),
    ] = "",
) -> None:
    """Stuur de draaiende bot een bericht zoals Meta dat doet, en toon wat hij terug zou sturen."""
    if not text.strip():
        raise CommandError('there is no text; put it in quotes, such as: simulate "wat helpt tegen kramp"')
    if not (PHONE.fullmatch(sender) or USER_ID.fullmatch(sender)):
        raise CommandError(f"--van {sender} is neither a phone number in digits nor an id such as NL.123")
    sender = sender.lstrip("+")
    content = webhooks.button_reply(button, text) if button else webhooks.text(text)
    value = webhooks.with_message(settings().whatsapp_phone_number_id, sender, content)
    with _graph() as stand_in:
        _bring(value)
        messages = _wait_for_reply(stand_in, sender)
        marks = [mark for mark in stand_in.marks if mark.message_id == value["messages"][0]["id"]]
    console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
    for message in messages:
        for line in _as_on_the_phone(message):
            console.print(line)
        console.print()
    typing = any(mark.typing for mark in marks)
    console.print(f"Gelezen: {'ja' if marks else 'nee'}. Toonde dat Kalm typt: {'ja' if typing else 'nee'}.")
    if stand_in.refusals:
        refusal = stand_in.refusals[0]
        raise CommandError(f"the bot sent what Meta refuses, with code {refusal.code}: {refusal.details}")


@contextmanager
def _graph() -> Iterator[StandIn]:
    if settings().missing_for_whatsapp:
        raise CommandError(f"{', '.join(settings().missing_for_whatsapp)} must be set. {_HOW_TO_TRY}")
    port = _port_on_loopback(settings().whatsapp_graph_url)
    if not port:
        raise CommandError(
            f"KALM_WHATSAPP_GRAPH_URL is {settings().whatsapp_graph_url}, where this command cannot listen: "
            f"it must be http://{LOOPBACK} with a port, for nothing may reach Meta here. {_HOW_TO_TRY}"
        )
    token = settings().whatsapp_access_token.get_secret_value()
    stand_in = StandIn(token, settings().whatsapp_phone_number_id)
    try:
        with serving(stand_in, port):
            yield stand_in
    except OSError as error:
        raise CommandError(
            f"port {port} of KALM_WHATSAPP_GRAPH_URL cannot be had ({error.strerror}); is this "
            "command running elsewhere? Otherwise choose another port, and restart the bot with it"
        ) from error


def _port_on_loopback(address: str) -> int | None:
    parts = urlsplit(address)
    try:
        is_loopback = parts.scheme == "http" and parts.hostname in (LOOPBACK, "localhost")
        return parts.port if is_loopback and not parts.path else None
    except ValueError:  # the port is no number, or too large
        return None


def _bring(value: dict[str, object]) -> None:
    address = f"{settings().bot_url}{webhooks.PATH}"
    app_secret = settings().whatsapp_app_secret.get_secret_value()
    try:
        with httpx.Client(timeout=_PATIENCE) as client:
            status = webhooks.post(client, address, app_secret, value).status_code
    except httpx.HTTPError as error:
        raise CommandError(
            f"the bot server at {settings().bot_url} does not answer ({type(error).__name__}); "
            "start it with 'make run', with the same settings as this command"
        ) from error
    if status == 403:
        raise CommandError(
            "the bot refuses the signature (403): it was started with another KALM_WHATSAPP_APP_SECRET "
            "than this command has"
        )
    if status == 404:
        raise CommandError(
            "the bot has no WhatsApp (404): it was started without its settings, and says so at its start. "
            f"{_HOW_TO_TRY}"
        )
    if status != 200:
        raise CommandError(f"the bot answered the webhook with {status} instead of 200; look in its log")


def _wait_for_reply(stand_in: StandIn, sender: str) -> list[Sent]:
    def messages() -> list[Sent]:
        return [sent for sent in stand_in.sent if sent.to == sender]

    def more_than(count: int) -> bool:
        return len(messages()) > count

    if not stand_in.wait_until(lambda: more_than(0) or bool(stand_in.refusals), _PATIENCE):
        raise CommandError(
            f"nothing went out within {_PATIENCE:g} s. That is meant so after 'stop', and for what is typed "
            "right after the question for consent. Else look in the log of the bot; was it started with "
            f"KALM_WHATSAPP_GRAPH_URL={settings().whatsapp_graph_url}?"
        )
    while stand_in.wait_until(partial(more_than, len(messages())), _QUIET):
        pass
    return messages()


def _as_on_the_phone(message: Sent) -> Iterator[str]:
    interactive = message.body.get("interactive", {})
    if "header" in interactive:
        yield from (f"*{interactive['header']['text']}*", "")
    yield message.text
    if "footer" in interactive:
        yield from ("", interactive["footer"]["text"])
    if not interactive:
        return
    yield ""
    action = interactive["action"]
    for button in action.get("buttons", ()):
        yield _choice("", button["reply"])
    if "button" in action:
        yield f"[ {action['button']} ]"
    for section in action.get("sections", ()):
        if section.get("title"):
            yield f"  {section['title']}"
        for row in section["rows"]:
            yield _choice("  ", row)
            if row.get("description"):
                yield f"      {row['description']}"


def _choice(indent: str, choice: dict[str, str]) -> str:
    """A button or row, with what must be typed to choose it where that is not its title."""
    shown = f"{indent}[ {choice['title']} ]"
    if choice["id"] == choice["title"]:
        return shown
    return f"{shown}  --knop {shlex.quote(choice['id'])}"
