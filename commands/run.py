"""``kalm run``: check, train, migrate, and become what starts the servers and looks after them."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys

import typer
from rich.console import Console

from commands.child import run_child
from commands.database import migrate
from commands.errors import CommandError
from commands.supervising.programs import Programs
from kalm import release
from kalm.addresses import is_loopback
from kalm.privacy.pseudonyms import pseudonyms
from kalm.settings import ROOT, settings
from review.background import TRAINING


def run() -> None:
    """Start Kalm: controleer, train als het nodig is, start alles, en zeg waar je moet kijken."""
    # Addresses with IPv6 would be taken for markup ("[fe80::1]") or for an emoji (":ab:").
    console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
    _check_ports()  # first of all: an older Kalm may still be running on this folder and this database
    TRAINING.end()  # that an earlier Kalm left behind: visitors should not wait for it
    _train()
    pseudonyms()  # a key that cannot be used is told now, in one line
    migrate()
    _warn_of_local_links(console)
    settings().var.mkdir(parents=True, exist_ok=True)
    console.print("Servers starten ...")
    _become_the_supervisor()


def _become_the_supervisor() -> None:
    """Go on as a program that loads next to nothing: it stays in memory as long as Kalm runs."""
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "commands.supervising"])


def commands_of_servers() -> dict[str, list[str]]:
    """Name and command line of each server, for this release and these settings, when started by itself."""
    programs, current = Programs(), release.current()
    return {
        "actions": programs.actions(current.index),
        "bot": programs.bot(current.model),
        "web": programs.web(),
    }


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
    for name, address in (("bot", host), ("actions", settings().actions_host), ("web", host)):
        port = getattr(settings(), f"{name}_port")
        setting = "KALM_ACTIONS_HOST" if name == "actions" else "KALM_HOST"
        try:
            _try_to_listen(address, port)
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                raise CommandError(
                    f"{address} is no address of this machine ({error.strerror}); choose another with "
                    f"{setting}: 127.0.0.1 for this machine alone, 0.0.0.0 (:: with IPv6) for others too"
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
    on_this_machine = all(is_loopback(str(address[0])) for *_, address in found)
    if not on_this_machine and not settings().public_url:
        console.print(
            f"Warning: visitors on other machines get links to articles at {settings().article_base}, which "
            "they cannot open. Set KALM_PUBLIC_URL to the address under which they reach the web app.",
            style="yellow",
        )
