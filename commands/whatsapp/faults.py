"""What goes wrong between Kalm and Meta, on order."""

from __future__ import annotations

import json
from dataclasses import dataclass

from commands.whatsapp.graph_errors import GraphError

_PAGE = (
    "<!DOCTYPE html><html><head><title>Error</title></head><body>Sorry, something went wrong.</body></html>"
)


@dataclass(frozen=True)
class Fault:
    """What becomes of one message; made by the functions below.

    Attributes:
        accepted: whether the message goes out all the same.
        status: HTTP status of the answer; None: as if nothing were wrong.
        body: of the answer.
        media_type: of the answer.
        closes: whether the connection is closed instead of an answer.
        delay: seconds before the answer.
        recipient: whose message it waits for; empty: the first to come.
    """

    accepted: bool
    status: int | None = None
    body: str = ""
    media_type: str = "application/json"
    closes: bool = False
    delay: float = 0.0
    recipient: str = ""


def error(code: int, *, status: int | None = None, subcode: int | None = None, recipient: str = "") -> Fault:
    """The Graph API refuses.

    Args:
        code: of Meta's table.
        status: HTTP status; that of the table unless given.
        subcode: such as 463, which tells of code 190 that the token expired.
        recipient: whose message it waits for.
    """
    refusal = GraphError(code, status=status, subcode=subcode)
    return Fault(False, refusal.status, json.dumps(refusal.body), recipient=recipient)


def page(status: int = 502, *, accepted: bool = False, recipient: str = "") -> Fault:
    """Something before the Graph API answers with a page of HTML."""
    return Fault(accepted, status, _PAGE, "text/html", recipient=recipient)


def garbage(body: str = "not json", *, accepted: bool = True, recipient: str = "") -> Fault:
    """An answer 200 that holds no id, such as ``not json`` or ``{}``."""
    return Fault(accepted, 200, body, recipient=recipient)


def cut(*, recipient: str = "") -> Fault:
    """The message goes out, but the connection breaks before the answer: it may have happened."""
    return Fault(True, closes=True, recipient=recipient)


def lost(*, recipient: str = "") -> Fault:
    """The connection breaks, and the message does not go out."""
    return Fault(False, closes=True, recipient=recipient)


def slow(seconds: float, *, recipient: str = "") -> Fault:
    """The message goes out, and the answer comes later."""
    return Fault(True, delay=seconds, recipient=recipient)
