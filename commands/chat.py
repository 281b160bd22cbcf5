"""``kalm chat``: talk to the running bot in the terminal."""

from __future__ import annotations

import uuid

import httpx
from rich.console import Console
from rich.markup import escape

from commands.errors import CommandError
from kalm.settings import settings

_PATIENCE = 15.0


def chat() -> None:
    """Praat met de bot in de terminal. Stop met een lege regel of Ctrl-D."""
    console = Console(highlight=False)
    console.print("Stel je vraag aan Kalm. Een cijfer kiest een voorstel, een lege regel stopt.", style="dim")
    sender = uuid.uuid4().hex
    with httpx.Client(timeout=_PATIENCE) as client:
        while True:
            try:
                text = console.input("[bold]jij[/bold]  ").strip()
            except (EOFError, KeyboardInterrupt):
                break
            if not text:
                break
            _exchange(console, client, sender, text)
    console.print("Tot ziens.")


def _exchange(console: Console, client: httpx.Client, sender: str, text: str) -> None:
    token = settings().rest_token.get_secret_value()
    try:
        answer = client.post(
            f"{settings().bot_url}/webhooks/rest/webhook",
            json={"sender": sender, "message": text},
            headers={"Authorization": f"Bearer {token}"} if token else {},
        )
        if answer.status_code in (401, 403):
            raise CommandError(f"the bot server at {settings().bot_url} refuses: {answer.json()['error']}")
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise CommandError(
            f"the bot server at {settings().bot_url} does not answer ({type(error).__name__}); "
            "start it with 'make run'"
        ) from error
    for message in answer.json():
        if "text" in message:
            said = escape(message["text"]).replace("\n", "\n     ")
            console.print(f"[bold]kalm[/bold] {said}", soft_wrap=True)
        payload = message.get("custom", {})
        if not payload.get("choices"):  # else the text lists them already
            for number, suggestion in enumerate(payload.get("suggestions", []), start=1):
                console.print(f"     [dim]{number}. {escape(suggestion['title'])}[/dim]")
