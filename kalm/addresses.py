"""Where everything of Kalm is reached, as it follows from the settings."""

from __future__ import annotations

import re
from ipaddress import ip_address

LOOPBACK = "127.0.0.1"


class Addresses:
    """What :class:`kalm.settings.Settings` says of addresses beyond its own fields.

    Attributes:
        host: on which the bot server and the web app listen.
        actions_host: on which the action server listens.
        bot_port: of the bot server.
        actions_port: of the action server.
        web_port: of the web app.
        public_url: under which visitors reach the web app, or "".
        allowed_origins: of the pages that may show the chat, with commas.
    """

    host: str
    actions_host: str
    bot_port: int
    actions_port: int
    web_port: int
    public_url: str
    allowed_origins: str

    @property
    def origins(self) -> frozenset[str]:
        """Origins of the pages that may show the chat."""
        own = (f"http://{name}:{self.web_port}" for name in ("localhost", LOOPBACK))
        public = re.match(r"https?://[^/]+", self.public_url)
        return frozenset((*own, *([public[0]] if public else ()), *parts(self.allowed_origins)))

    @property
    def article_base(self) -> str:
        """What stands before ``/artikelen/...`` in links."""
        return self.public_url or f"http://localhost:{self.web_port}"

    @property
    def privacy_page(self) -> str:
        """Where visitors read what is kept of them."""
        return f"{self.article_base}/privacy"

    @property
    def articles_page(self) -> str:
        """Where visitors read all articles."""
        return f"{self.article_base}/artikelen"

    @property
    def bot_url(self) -> str:
        """Address of the bot server on this machine."""
        return f"http://{_reachable(self.host)}:{self.bot_port}"

    @property
    def actions_url(self) -> str:
        """Address of the action server."""
        return f"http://{_reachable(self.actions_host)}:{self.actions_port}"

    @property
    def web_url(self) -> str:
        """Address of the web app on this machine."""
        return f"http://{_reachable(self.host)}:{self.web_port}"


def _reachable(host: str) -> str:
    """What stands in a URL to reach what listens on an address."""
    if host == "0.0.0.0":
        return LOOPBACK
    # The servers take "::" without IPv4, and a URL wants brackets around colons.
    host = "::1" if host == "::" else host
    return f"[{host}]" if ":" in host else host


def parts(value: str) -> list[str]:
    """What stands between the commas of a setting."""
    return [part.strip() for part in value.split(",") if part.strip()]


def is_loopback(address: str) -> bool:
    """Whether an IP address is of the machine itself; no name is, for who knows what it leads to.

    Args:
        address: with or without a zone ("fe80::1%lo"); of IPv4 also as IPv6 writes it ("::ffff:127.0.0.1").
    """
    try:
        read = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return (getattr(read, "ipv4_mapped", None) or read).is_loopback
