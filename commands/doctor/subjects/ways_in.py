"""Who can reach the servers, and whether that is meant."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from commands.doctor.finding import Finding, Severity, fault, good, warning
from commands.doctor.look import Look
from kalm.addresses import is_loopback, parts


def look(looked: Look) -> Iterator[Finding]:
    """Listening, proxies, origins, https."""
    found = [*_listening(looked), *_actions(looked), *_proxies(looked), *_origins(looked), *_https(looked)]
    yield from found
    if all(one.severity is Severity.GOOD for one in found):
        yield good("the servers are reached as the settings say, and nobody else gets in")


def _listening(looked: Look) -> Iterator[Finding]:
    try:
        on_this_machine = _stays_here(looked.settings.host)
    except OSError:
        yield fault(
            "KALM_HOST",
            "is no address of this machine, so the servers do not start",
            "choose 127.0.0.1 for this machine alone, 0.0.0.0 for others too",
        )
        return
    if on_this_machine:
        return
    if not looked.settings.rest_token.get_secret_value():
        yield good("REST is closed to other machines until KALM_REST_TOKEN is set")
    if not looked.settings.public_url:
        yield warning(
            "KALM_PUBLIC_URL",
            "is empty while other machines reach Kalm: links in answers lead to their own machine",
            "set it to the https address under which visitors reach the web app",
        )


def _actions(looked: Look) -> Iterator[Finding]:
    """The action server asks for no token, and tells whoever asks what it makes of a conversation."""
    host = looked.settings.actions_host
    if _is_local(host):
        return
    if _is_for_everybody(host):
        yield fault(
            "KALM_ACTIONS_HOST",
            "lets every machine that reaches this one ask the action server, which asks for no token",
            "use 127.0.0.1, or in containers the name of its service",
        )
    else:
        yield warning(
            "KALM_ACTIONS_HOST",
            "lets other machines ask the action server, which asks for no token",
            "see that nobody but the bot is on that network, as in deploy/compose.yml; else use 127.0.0.1",
        )


def _is_for_everybody(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:  # a name, of a container
        return False
    return address.is_unspecified or address.is_global


def _stays_here(host: str) -> bool:
    """Whether nobody but this machine gets to an address to listen on.

    Raises:
        OSError: it cannot be listened on.
    """
    found = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    for family, kind, protocol, _, address in found:
        with socket.socket(family, kind, protocol) as probe:
            probe.bind(address)  # on a free port, for an instant
    return all(is_loopback(str(address[0])) for *_, address in found)


def _proxies(looked: Look) -> Iterator[Finding]:
    proxies = parts(looked.settings.trusted_proxies)
    for number, proxy in enumerate(proxies, start=1):
        try:
            ip_address(proxy)
        except ValueError:
            yield fault(
                "KALM_TRUSTED_PROXIES",
                f"number {number} is no IP address, and is compared letter by letter with that of the proxy",
                "write each proxy as one address, such as 127.0.0.1; no names, no networks",
            )
    if looked.settings.public_bot_url.startswith("https:") and not proxies:
        yield warning(
            "KALM_TRUSTED_PROXIES",
            "is empty while a proxy does https: all visitors share its address, and with it one limit",
            "set it to the address from which the proxy reaches the bot",
        )


def _origins(looked: Look) -> Iterator[Finding]:
    for number, origin in enumerate(parts(looked.settings.allowed_origins), start=1):
        url = urlsplit(origin)
        name = f"number {number}"
        if "*" in origin or "@" in origin:
            yield fault(
                "KALM_ALLOWED_ORIGINS",
                f"{name} holds a * or an @, and is compared letter by letter: no page gets in by it",
                "write each origin in full, such as https://www.winkel.example",
            )
        elif url.scheme == "http" and not _is_local(url.hostname or ""):
            yield warning(
                "KALM_ALLOWED_ORIGINS",
                f"{name} is http: anybody on the way can change that page, and with it the chat",
                "use https for the shop's pages",
            )


def _https(looked: Look) -> Iterator[Finding]:
    for name in ("public_url", "public_bot_url"):
        address = getattr(looked.settings, name)
        if address.startswith("http:") and not _is_local(urlsplit(address).hostname or ""):
            yield fault(
                f"KALM_{name.upper()}",
                "is http: what visitors tell and the team's passwords can be read on the way",
                "put a proxy with https before it (docs/deploy.md) and use that address",
            )
    if looked.settings.public_url.startswith("https:") and not looked.settings.public_bot_url:
        yield warning(
            "KALM_PUBLIC_BOT_URL",
            "is empty while KALM_PUBLIC_URL is https: the chat on Kalm's own pages then uses http, "
            "which browsers refuse",
            "set it to the https address under which browsers reach the bot server",
        )


def _is_local(host: str) -> bool:
    return host == "localhost" or is_loopback(host)
