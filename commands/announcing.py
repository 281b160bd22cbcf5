"""``python -m commands.announcing``: wait until Kalm answers, say so, or say what was missing.

A process of its own, which ends then: it loads what the supervisor should not keep in memory.
"""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Callable

import httpx
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from kalm import logs
from kalm.privacy.pseudonyms import pseudonyms
from kalm.sentences import sentences
from kalm.settings import FOR_WHATSAPP, settings
from storage.conversations import Conversations
from storage.database import Database
from storage.erasure import delete_conversations

_POLL = 0.3
_APOLOGY = "every answer is an apology; the ERROR lines above say why"
_APOLOGIES = 60
"""Seconds of apologies after which the start has failed."""


def main() -> None:
    """Say that Kalm is ready; exit code 1 when it is not in time."""
    # Addresses with IPv6 would be taken for markup ("[fe80::1]") or for an emoji (":ab:").
    console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
    started = time.monotonic()
    missing = wait_until_ready(lambda: False)
    seconds = time.monotonic() - started
    if missing:
        console.print(f"Kalm is na {seconds:.0f} s niet klaar: {missing}.", style="red")
        sys.exit(1)
    console.print(
        f"\nKalm is klaar; de servers waren er na {seconds:.0f} s.\n"
        f"  Uitproberen en zien wat er draait:  {settings().article_base}\n"
        f"  Voor het team:                      {settings().article_base}/review\n"
        f"  In de terminal:                     make chat\n"
        f"  Voor programma's (REST):            {settings().bot_url}/webhooks/rest/webhook\n"
        f"  WhatsApp:                           {_whatsapp()}\n"
        "  Stoppen:                            Ctrl-C\n",
        style="bold",
    )


def wait_until_ready(give_up: Callable[[], bool]) -> str:
    """Wait until each server is ready: a question answered end to end, and a page served.

    Args:
        give_up: asked between tries.

    Returns:
        An empty string when all is ready, else what was still missing.
    """
    deadline = time.monotonic() + settings().start_timeout
    missing = "nothing answered yet"
    canary = f"canary-{uuid.uuid4().hex}"
    apologies_since: float | None = None
    with httpx.Client(timeout=10) as client:
        while missing and not give_up() and time.monotonic() < deadline:
            missing = _missing(client, canary)
            # The action server may still be starting; longer than this it fails.
            apologies_since = (apologies_since or time.monotonic()) if missing == _APOLOGY else None
            if apologies_since is not None and time.monotonic() - apologies_since >= _APOLOGIES:
                break
            time.sleep(_POLL if missing else 0)
    if not missing:
        _forget_canary(canary)
    return missing


def _missing(client: httpx.Client, canary: str) -> str:
    question = {"sender": canary, "message": sentences().starters[0]}
    try:
        page = client.get(f"{settings().web_url}/gezond")
        if page.status_code != 200:
            return f"the web app answered {page.status_code}"
        answer = client.post(f"{settings().bot_url}/webhooks/rest/webhook", json=question)
        kinds = [message["custom"]["kind"] for message in answer.json() if "custom" in message]
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        return f"no answer yet ({type(error).__name__})"
    if kinds == ["failure"]:
        return _APOLOGY
    return "" if kinds == ["answer"] else f"the canary question got {kinds or 'nothing'} instead of an answer"


def _forget_canary(sender: str) -> None:
    """Nobody asked the canary question: it must not be counted or reviewed."""
    database = Database(settings().database_url)
    try:
        ids = Conversations(database, pseudonyms()).find_all("rest", sender)
        with database.writing() as connection:
            delete_conversations(connection, ids)
    except SQLAlchemyError as error:  # Kalm is ready all the same
        logs.failure("the canary question of the start could not be removed", error)
    finally:
        database.close()


def _whatsapp() -> str:
    """Whether WhatsApp is on; of some settings without the others, which ones are missing."""
    missing = settings().missing_for_whatsapp
    if not missing:
        return f"{settings().bot_url}/webhooks/whatsapp/webhook"
    if len(missing) == len(FOR_WHATSAPP):
        return "uit; docs/whatsapp.md zegt wat nodig is"
    return f"uit, want dit ontbreekt: {', '.join(missing)}"


if __name__ == "__main__":
    main()
