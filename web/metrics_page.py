"""What Prometheus reads of the web app."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kalm.scraping import Scraper


async def show(request: Request) -> Response:
    """The metrics, for who may read them.

    Raises:
        HTTPException: this app counts nothing.
    """
    scraper: Scraper | None = request.app.state.scraper
    if scraper is None:
        raise HTTPException(404)
    scraped = await scraper.scrape(request.client.host if request.client else "?", request.headers)
    return Response(
        scraped.body,
        scraped.status,
        {"Cache-Control": "no-store", "Content-Type": scraped.content_type},
    )
