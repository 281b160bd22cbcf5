"""Templates of the screens: Dutch, everything escaped."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from kalm.settings import settings
from review import words
from review.access.sessions import Session
from review.clock import local_time
from review.navigation import NAVIGATION

_HERE = Path(__file__).parent
_templates = Jinja2Templates(directory=_HERE / "templates")

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    # What visitors typed must not stay on a computer that somebody else uses next.
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
"""htmx puts in what the server sends, so there are no Trusted Types here; the server escapes everything."""


def add_headers(response: Response) -> None:
    """Put every header of the screens on a response."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


def render(request: Request, template: str, status: int = 200, **context: Any) -> Response:
    """A page from a template in ``review/templates``."""
    notice = "" if request.headers.get("HX-Request") == "true" else request.cookies.get("kalm_melding", "")
    context = {"session": None, "notice": unquote(notice), "shop": settings().shop_name, **context}
    return _templates.TemplateResponse(request, template, context, status_code=status)


def _moment(at: float) -> str:
    """A time in words, such as "30 november 2026, 14:05"."""
    when = local_time(at)
    return f"{words.day(when.date())}, {when:%H:%M}"


_templates.env.filters["moment"] = _moment
_templates.env.filters["day"] = lambda at: words.day(local_time(at).date())
_templates.env.filters["percent"] = words.percent
_templates.env.filters["number"] = words.number
_templates.env.globals["words"] = words


def _csrf_field(session: Session) -> Markup:
    """The hidden field that each form carries."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(session.csrf_token)


_templates.env.globals["csrf"] = _csrf_field
_templates.env.globals["navigation"] = NAVIGATION
