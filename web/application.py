"""Routes of the web app."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from kalm.scraping import PATH, Scraper
from web import article_pages, chat_element, demo_shop, metrics_page, privacy_page, start_page
from web.header_limit import HeaderLimit
from web.headers import add_headers
from web.pages import render

_HERE = Path(__file__).parent
PATIENCE = 2.0
"""Seconds that the other servers get to say that they run."""


def create_app(
    client: httpx.AsyncClient | None = None,
    mounts: Mapping[str, ASGIApp] | None = None,
    chores: Sequence[Callable[[], Coroutine[Any, Any, None]]] = (),
    scraper: Scraper | None = None,
) -> Starlette:
    """The web app.

    Args:
        client: HTTP client for the other servers; made and closed with the app when left out.
        mounts: other apps, by the path under which they are.
        chores: what is done while the app runs, until it is cancelled.
        scraper: answers ``/metrics``; None for nobody.
    """

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with client or httpx.AsyncClient(timeout=PATIENCE) as open_client:
            app.state.client = open_client
            app.state.scraper = scraper
            running = [asyncio.create_task(chore()) for chore in chores]
            yield
            for task in running:
                task.cancel()

    return Starlette(
        routes=[
            Route("/", start_page.show),
            Route("/toestand", start_page.status),
            Route("/gezond", _health),
            Route(PATH, metrics_page.show),
            Route("/artikelen", article_pages.show_list),
            Route("/artikelen/{slug}", article_pages.show_article),
            Route("/privacy", privacy_page.show),
            Route("/winkel", demo_shop.show_home),
            Route("/winkel/magnesiumvlokken", demo_shop.show_flakes),
            Route("/kalm.js", chat_element.serve),
            Mount("/static", StaticFiles(directory=_HERE / "static")),
            *(Mount(path, app) for path, app in (mounts or {}).items()),
        ],
        middleware=[
            Middleware(HeaderLimit),
            Middleware(BaseHTTPMiddleware, dispatch=_with_headers),
            Middleware(GZipMiddleware),
        ],
        exception_handlers={404: _not_found, 500: _failed},
        lifespan=lifespan,
    )


async def _health(request: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _with_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await call_next(request)
    add_headers(response)
    return response


async def _not_found(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return render(
        request, "message.html", 404, title="Niet gevonden", text="Deze pagina bestaat niet (meer)."
    )


async def _failed(request: Request, error: Exception) -> Response:
    response = render(
        request,
        "message.html",
        500,
        title="Er ging iets mis",
        text="Probeer het over een paar minuten nog eens.",
    )
    # Starlette calls this outside the middleware, so the headers are not added there.
    add_headers(response)
    return response
