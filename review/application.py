"""The screens as an app of its own, to be mounted on the web app at ``/review``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from kalm import logs
from review.guests.trials import Trials
from review.pages import add_headers, render
from review.routes import SCREENS
from storage.database import Database

_HERE = Path(__file__).parent

_FAULTS = {
    400: (
        "Dit ging niet goed",
        "Kalm kon niet lezen wat er verstuurd werd. Ga terug en probeer het nog eens.",
    ),
    401: (
        "Je bent niet meer ingelogd",
        "Wat je deed is nog niet bewaard. Log opnieuw in, in een nieuw tabblad. Kom dan hier terug en ga in "
        "je browser een bladzijde terug: wat je typte staat er nog. Bewaar het daarna.",
    ),
    403: ("Dit mag niet", "Voor deze pagina heb je een andere rol nodig. Vraag het je beheerder."),
    404: ("Niet gevonden", "Deze pagina bestaat niet (meer). Misschien is het gesprek intussen gewist."),
    405: ("Niet gevonden", "Deze pagina bestaat niet."),
    409: (
        "Iemand was je voor",
        "Een collega veranderde dit net. Kijk even hoe het nu is, en doe het dan opnieuw.",
    ),
    503: (
        "Dit kan nu even niet",
        "Een bestand dat deze pagina nodig heeft is niet te lezen. Bij Artikelen staat welk, of vraag het je "
        "beheerder.",
    ),
    413: ("Te groot", "Dit is te veel tekst ineens. Maak het korter en probeer het nog eens."),
}
_GO_ON_HERE = "Wat je typte staat er nog. Log opnieuw in, kom dan hier terug en ga verder."

_ASK_NO_MORE = 286
"""By which htmx stops what an open page asks by itself; it shows the answer all the same."""

_OLD_FORM = (
    "Deze pagina was verlopen",
    "Je bent intussen opnieuw ingelogd, of de pagina stond lang open. Er is nog niets bewaard. Ga in je "
    "browser een bladzijde terug: wat je typte staat er nog. Bewaar het dan opnieuw.",
)


def create_app(database: Database) -> Starlette:
    """The screens.

    Args:
        database: where the conversations and the team are.
    """
    app = Starlette(
        routes=[
            *(screen.route(database) for screen in SCREENS),
            Mount("/static", StaticFiles(directory=_HERE / "static")),
        ],
        middleware=[Middleware(BaseHTTPMiddleware, dispatch=_with_headers)],
        exception_handlers={HTTPException: _refuse, SQLAlchemyError: _without_database},
    )
    app.state.trials = Trials(database)
    return app


async def _with_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    try:
        response = await call_next(request)
    except Exception as error:  # here, so that Starlette does not raise it again after it was answered
        response = _failed(request, error)
    add_headers(response)
    if "/static/" in request.url.path:
        response.headers["Cache-Control"] = "no-cache"
    return response


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title, text = _OLD_FORM if error.detail == "csrf" else _FAULTS.get(error.status_code, _FAULTS[404])
    if error.status_code == 401 and request.headers.get("HX-Request") == "true":
        response = _message(request, _ASK_NO_MORE, title, _GO_ON_HERE, to_login=True)
        response.headers["HX-Retarget"] = "#melding"
        return response
    return _message(request, error.status_code, title, text, to_login=error.status_code == 401)


async def _without_database(request: Request, error: Exception) -> Response:
    logs.failure("a review screen could not reach the database", error)
    return _message(
        request,
        503,
        "De database is even niet bereikbaar",
        "Wat je net deed is misschien niet bewaard. Probeer het over een minuut nog eens.",
    )


def _failed(request: Request, error: Exception) -> Response:
    logs.failure("a review screen failed", error)
    text = "Wat je net deed is niet bewaard. Probeer het nog eens, of vraag de beheerder."
    return _message(request, 500, "Er ging iets mis", text)


def _message(request: Request, status: int, title: str, text: str, to_login: bool = False) -> Response:
    template = "message_part.html" if request.headers.get("HX-Request") == "true" else "message.html"
    return render(request, template, status, title=title, text=text, to_login=to_login)
