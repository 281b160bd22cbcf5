"""The chat element: its script for any page of the shop, and the pages here that carry it themselves."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from kalm.settings import ROOT, settings
from web.headers import allow_chat
from web.pages import render

BUILT = ROOT / "widget" / "dist" / "kalm.js"
"""What the build in ``widget/`` makes: the whole element in one file."""

_SCRIPT = "text/javascript; charset=utf-8"
_MISSING = (
    "/* The chat of Kalm is not built: install Node 20.19 or newer and run 'make setup' with a network. */\n"
)


def is_built() -> bool:
    """Whether the element is there; without Node on the machine it is not."""
    return BUILT.is_file()


async def serve(request: Request) -> Response:
    """The script. A browser asks each time whether it changed, so that a new one reaches visitors at once."""
    # The last one lets a page load it that isolates itself from other sites (COEP: require-corp).
    headers = {"Cache-Control": "no-cache", "Cross-Origin-Resource-Policy": "cross-origin"}
    try:
        script = BUILT.read_bytes()
    except FileNotFoundError:
        return Response(_MISSING, 404, headers, _SCRIPT)
    # A weak one: the middleware may compress what is sent, so the same script is not always the same bytes.
    headers["ETag"] = tag = f'W/"{sha256(script).hexdigest()[:16]}"'
    if tag in (known.strip() for known in request.headers.get("If-None-Match", "").split(",")):
        return Response(None, 304, headers)
    return Response(script, 200, headers, _SCRIPT)


def chat_server(request: Request) -> str:
    """Where the element on a page of this app finds the bot server.

    The page's own host name is used only where the settings know it: the address stands in the policy of
    the page, and a request may name any host.
    """
    chosen = settings()
    if chosen.public_bot_url:
        return chosen.public_bot_url
    page = f"http://{request.headers.get('host', '')}"
    host = urlsplit(page if page in chosen.origins else chosen.article_base).hostname or ""
    return f"http://{f'[{host}]' if ':' in host else host}:{chosen.bot_port}"


def render_with_chat(request: Request, template: str, **context: Any) -> Response:
    """A page that carries the element where it is built; the template has the line with the script."""
    server = chat_server(request)
    page = render(request, template, chat_server=server, has_chat=is_built(), **context)
    address = urlsplit(server)
    allow_chat(page, f"{address.scheme}://{address.netloc}")
    return page
