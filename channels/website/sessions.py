"""The session of a visitor of the website: an id that only this installation gives out, and that ends.

A token holds 128 random bits, when it ends and a signature, so that every worker knows it without asking a
database. It is all that leads a visitor back to a conversation; there is no cookie.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass

from kalm.privacy.pseudonyms import Pseudonyms

_PURPOSE = "website session"
_RANDOM = 16
_TIME = 8
_SIGNATURE = 32


@dataclass(frozen=True)
class Session:
    """A visitor of the website.

    Attributes:
        sender: 32 hexadecimal digits, by which the conversation is found.
        ends_at: in seconds since 1970.
        token: what the visitor's browser keeps.
    """

    sender: str
    ends_at: int
    token: str


class Sessions:
    """Starts sessions and knows them again."""

    def __init__(self, pseudonyms: Pseudonyms, lasts: int) -> None:
        """Take the keys, and how many seconds a session lasts."""
        self._pseudonyms = pseudonyms
        self._lasts = lasts

    def start(self, now: float, before: Session | None = None) -> Session:
        """A new session, or one that lasts longer in place of one that there is.

        Args:
            now: seconds since 1970.
            before: whose sender stays the same.
        """
        random = secrets.token_bytes(_RANDOM) if before is None else bytes.fromhex(before.sender)
        ends_at = int(now) + self._lasts
        content = random + ends_at.to_bytes(_TIME, "big")
        signature = self._pseudonyms.signatures(_PURPOSE, content)[0]
        return Session(random.hex(), ends_at, urlsafe_b64encode(content + signature).decode())

    def read(self, token: str, now: float) -> Session | None:
        """The session of a token; None for one that has ended or that was never given out."""
        try:
            raw = urlsafe_b64decode(token.encode("ascii"))
        except (NotBase64, ValueError):
            return None
        if len(raw) != _RANDOM + _TIME + _SIGNATURE:
            return None
        content, signature = raw[:-_SIGNATURE], raw[-_SIGNATURE:]
        known = self._pseudonyms.signatures(_PURPOSE, content)
        # Each is compared, so that the time tells nothing.
        if not any([hmac.compare_digest(signature, one) for one in known]):  # noqa: C419
            return None
        ends_at = int.from_bytes(content[_RANDOM:], "big")
        return Session(content[:_RANDOM].hex(), ends_at, token) if now < ends_at else None
