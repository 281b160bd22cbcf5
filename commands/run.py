"""``kalm run``: check, train, start the three servers together, say when they are ready."""

from __future__ import annotations

import errno
import os
import shlex
import signal
import socket
import sys
import threading
import time
import uuid
from collections.abc import Callable
from ipaddress import ip_address
from types import FrameType

import httpx
import typer
from honcho.manager import Manager
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from commands.child import run_child
from commands.database import migrate
from commands.environment import rasa_environment
from commands.errors import CommandError
from kalm import logs, release
from kalm.privacy.pseudonyms import pseudonyms
from kalm.sentences import sentences
from kalm.settings import FOR_WHATSAPP, LOOPBACK, ROOT, settings
from storage.conversations import Conversations
from storage.database import Database
from storage.erasure import delete_conversations

_POLL = 0.3
_APOLOGY = "every answer is an apology; the ERROR lines above say why"
_APOLOGIES = 60
"""Seconds of apologies after which the start has failed."""


class Servers(Manager):  # type: ignore[misc]  # honcho carries no types
    """The three servers together: when one ends, all end.

    Attributes:
        stopping: set as soon as the end begins, whoever began it.
        failed: name of the server that ended by itself, or "" when Kalm was told to stop.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stopping = threading.Event()
        self.failed = ""

    def terminate(self) -> None:
        """Honcho calls this for a signal, before any server has ended, and when one has ended."""
        if not self.stopping.is_set():
            self.failed = next((name for name, state in self._processes.items() if "returncode" in state), "")
            self.stopping.set()
        if self._all_started():  # honcho cannot end a process whose number it does not know yet
            super().terminate()

    def _any_stopped(self) -> bool:
        """Honcho asks this as soon as all have started, and ends them all when it holds."""
        return self.stopping.is_set() or bool(super()._any_stopped())


def run() -> None:
    """Start Kalm: controleer, train als het nodig is, start alles, en zeg waar je moet kijken."""
    # Addresses with IPv6 would be taken for markup ("[fe80::1]") or for an emoji (":ab:").
    console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
    _train()
    pseudonyms()  # a key that cannot be used is told now, in one line
    _check_ports()  # before the database is touched: an older Kalm may still be running on it
    migrate()
    _warn_of_local_links(console)
    settings().var.mkdir(parents=True, exist_ok=True)
    servers = Servers()
    for name, command in commands_of_servers().items():
        servers.add_process(name, f"exec {shlex.join(command)}", env=rasa_environment(), cwd=str(ROOT))
    signal.signal(signal.SIGHUP, _terminate_on_hangup)
    too_late = threading.Event()
    announcer = threading.Thread(target=_announce, args=(console, servers.stopping, too_late), daemon=True)
    console.print("Servers starten ...")
    announcer.start()
    servers.loop()
    if servers.failed:
        console.print(
            f"De server '{servers.failed}' is uit zichzelf gestopt, daarom zijn ook de andere gestopt. "
            f"Kijk hierboven in de regels met '{servers.failed}' ervoor. Staat daar niets, dan is hij van "
            "buiten afgebroken, bijvoorbeeld omdat het geheugen vol was.",
            style="red",
        )
    raise typer.Exit(1 if servers.failed or too_late.is_set() else 0)


def commands_of_servers() -> dict[str, list[str]]:
    """Name and command line of each server, for this release and these settings."""
    serve = (sys.executable, "-m", "commands.serve")
    return {
        "actions": [*serve, "actions"],
        "bot": [*serve, "bot", "--model", str(release.current().model)],
        "web": [*serve, "web"],
    }


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


def _announce(console: Console, stopping: threading.Event, too_late: threading.Event) -> None:
    started = time.monotonic()
    missing = wait_until_ready(stopping.is_set)
    if stopping.is_set():
        return
    if missing:
        seconds = time.monotonic() - started
        console.print(f"Kalm is na {seconds:.0f} s niet klaar: {missing}.", style="red")
        too_late.set()
        _terminate()
        return
    console.print(
        f"\nKalm is klaar; de servers waren er na {time.monotonic() - started:.0f} s.\n"
        f"  Uitproberen en zien wat er draait:  {settings().article_base}\n"
        f"  In de terminal:                     make chat\n"
        f"  Voor programma's (REST):            {settings().bot_url}/webhooks/rest/webhook\n"
        f"  WhatsApp:                           {_whatsapp()}\n"
        "  Stoppen:                            Ctrl-C\n",
        style="bold",
    )


def _whatsapp() -> str:
    """Whether WhatsApp is on; of some settings without the others, which ones are missing."""
    missing = settings().missing_for_whatsapp
    if not missing:
        return f"{settings().bot_url}/webhooks/whatsapp/webhook"
    if len(missing) == len(FOR_WHATSAPP):
        return "uit; docs/whatsapp.md zegt wat nodig is"
    return f"uit, want dit ontbreekt: {', '.join(missing)}"


def _train() -> None:
    """Train in a process of its own: what it loads would otherwise stay in memory as long as Kalm runs.

    It writes to the same terminal, so what it does and what is wrong is told there.
    """
    code = run_child([sys.executable, "-m", "kalm", "train"], cwd=ROOT).returncode
    if code < 0:  # killed, so it could not say anything itself
        raise CommandError(
            f"'kalm train' was ended by {signal.Signals(-code).name}; is there enough memory? "
            "Try again with 'make train'"
        )
    if code > 0:
        raise typer.Exit(code)


def _check_ports() -> None:
    host = settings().host
    for name, address in (("bot", host), ("actions", LOOPBACK), ("web", host)):
        port = getattr(settings(), f"{name}_port")
        try:
            _try_to_listen(address, port)
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                raise CommandError(
                    f"{address} is no address of this machine ({error.strerror}); choose another with "
                    "KALM_HOST: 127.0.0.1 for this machine alone, 0.0.0.0 (:: with IPv6) for others too"
                ) from error
            raise CommandError(
                f"port {port} on {address} cannot be used for the {name} server "
                f"({error.strerror}); stop what runs there, or choose another with "
                f"KALM_{name.upper()}_PORT"
            ) from error


def _try_to_listen(host: str, port: int) -> None:
    """Take the port for an instant, the way the servers do.

    Raises:
        OSError: it cannot be had; a ``socket.gaierror`` when there is no such host.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    for family, kind, protocol, _, address in found:
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:  # asyncio takes "::" without IPv4
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            probe.bind(address)


def _warn_of_local_links(console: Console) -> None:
    """Say what visitors elsewhere cannot open: links to articles, and the chat on the demo shop."""
    if settings().public_url.startswith("https:") and not settings().public_bot_url:
        console.print(
            "Warning: a browser lets no page over https talk to http, so the chat on the demo shop finds "
            "nothing. Set KALM_PUBLIC_BOT_URL to the https address under which they reach the bot server.",
            style="yellow",
        )
    found = socket.getaddrinfo(settings().host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    on_this_machine = all(ip_address(address[0]).is_loopback for *_, address in found)
    if not on_this_machine and not settings().public_url:
        console.print(
            f"Warning: visitors on other machines get links to articles at {settings().article_base}, which "
            "they cannot open. Set KALM_PUBLIC_URL to the address under which they reach the web app.",
            style="yellow",
        )


def _terminate() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def _terminate_on_hangup(number: int, frame: FrameType | None) -> None:
    """A closed terminal ends Kalm like any other stop."""
    _terminate()
