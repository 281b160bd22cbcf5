"""``python -m commands.announcing``: wait until Kalm answers, say so, or say what was missing.

A process of its own, which ends then: it loads what the supervisor should not keep in memory.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import httpx
from rich.console import Console

from kalm.settings import FOR_WHATSAPP, settings

_POLL = 0.3
_UNREADY = "the bot server is not ready"
_UNREADY_FOR = 60
"""Seconds of that after which the start has failed."""


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
    unready_since: float | None = None
    with httpx.Client(timeout=10) as client:
        while missing and not give_up() and time.monotonic() < deadline:
            missing = _missing(client)
            # The action server may still be starting; longer than this it fails.
            is_unready = missing.startswith(_UNREADY)
            unready_since = (unready_since or time.monotonic()) if is_unready else None
            if unready_since is not None and time.monotonic() - unready_since >= _UNREADY_FOR:
                break
            time.sleep(_POLL if missing else 0)
    return missing


def _missing(client: httpx.Client) -> str:
    try:
        page = client.get(f"{settings().web_url}/gezond")
        if page.status_code != 200:
            return f"the web app answered {page.status_code}"
        ready = client.get(f"{settings().bot_url}/ready")
        if ready.status_code == 200:
            return ""
        return f"{_UNREADY}: {ready.json()['reason']}; the ERROR lines above say why"
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        return f"no answer yet ({type(error).__name__})"


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
