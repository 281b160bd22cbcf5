"""The mail server and the addresses of the team's e-mails, read from settings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import SplitResult, unquote, urlsplit

from kalm.addresses import parts

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
"""As the HTML standard has it, https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address."""

_LOOPBACK = re.compile(r"localhost|127(\.\d{1,3}){3}|::1")


class Security(Enum):
    """How what is sent is kept from others on the way."""

    TLS = 465
    """From the first byte on; the value is the usual port."""
    STARTTLS = 587
    """Asked for before anything is told; a server that refuses gets nothing."""
    NONE = 25
    """Only to this machine itself."""


@dataclass(frozen=True)
class MailServer:
    """Where e-mails are handed in.

    Attributes:
        user: empty to hand in without logging in.
    """

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)


def parse_mail_server(address: str) -> MailServer:
    """Read an address such as ``smtps://user:password@mail.example``.

    Raises:
        ValueError: it is none. The message does not repeat it: there may be a password in it.
    """
    try:
        url = urlsplit(address)
        host, port = url.hostname, url.port
    except ValueError:
        host = port = None
        url = urlsplit("")
    if url.scheme not in ("smtp", "smtps") or not host or _has_more(url):
        raise ValueError(
            "is no address of a mail server, such as smtps://user:password@mail.example; in a password, "
            "write @ as %40, : as %3A and / as %2F"
        )
    if bool(url.username) != bool(url.password):
        raise ValueError("has a user without a password, or a password without a user")
    if url.scheme == "smtps":
        security = Security.TLS
    else:
        security = Security.NONE if _LOOPBACK.fullmatch(host) else Security.STARTTLS
    user, password = unquote(url.username or ""), unquote(url.password or "")
    return MailServer(host, port or security.value, security, user, password)


def _has_more(url: SplitResult) -> bool:
    # A password that was not written with % ends up here, and another server would be taken for the host.
    return bool(url.path.strip("/") or url.query or url.fragment)


def parse_mail_addresses(text: str) -> tuple[str, ...]:
    """Read e-mail addresses with commas between them.

    Raises:
        ValueError: one is none.
    """
    found = tuple(parts(text))
    for address in found:
        if not _ADDRESS.fullmatch(address):
            raise ValueError(f"{address!r} is no e-mail address; write it as kalm@winkel.example")
    return found
