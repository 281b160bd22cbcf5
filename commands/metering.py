"""Metrics of a server on Sanic: the route, and the counting of what does not pass the log."""

from __future__ import annotations

import time
from contextlib import suppress

from sanic import Sanic
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

from kalm import logs
from kalm.metrics import OTHER, Metrics
from kalm.scraping import PATH, Scraper
from storage.database import Database
from storage.gauges import StoreGauges

_WEBHOOKS = "/webhooks/"
_BY_STATUS = {400: "malformed", 405: "malformed", 413: "too_large", 422: "malformed", 429: "rate"}


def meter_bot(app: Sanic, database: Database) -> None:
    """Give the bot server its metrics.

    Args:
        app: that does not run yet.
        database: for the metrics alone.
    """
    metrics = _count_log("bot")
    _add_route(app, Scraper(metrics, StoreGauges(database)))

    async def count(request: Request, response: BaseHTTPResponse) -> None:
        refusal = _refusal(request, response.status)
        if refusal is not None:
            metrics.refused(*refusal)

    # For every response, so that no route can forget to count what it refuses.
    app.register_middleware(count, "response")


def meter_actions(app: Sanic) -> None:
    """Give the action server its metrics."""
    metrics = _count_log("actions")
    _add_route(app, Scraper(metrics))

    async def begin(request: Request) -> None:
        request.ctx.began = time.perf_counter()

    async def count(request: Request, response: BaseHTTPResponse) -> None:
        began = getattr(request.ctx, "began", None)
        if request.path == "/webhook" and began is not None:
            metrics.acted(_action(request), time.perf_counter() - began)

    app.register_middleware(begin, "request")
    app.register_middleware(count, "response")


def meter_web(database: Database) -> Scraper:
    """The metrics of the web app, which has a route of its own for them."""
    return Scraper(_count_log("web"), StoreGauges(database))


def _count_log(server: str) -> Metrics:
    metrics = Metrics(server)
    logs.count_with(metrics.count)
    return metrics


def _add_route(app: Sanic, scraper: Scraper) -> None:
    async def show(request: Request) -> HTTPResponse:
        scraped = await scraper.scrape(str(request.ip), request.headers)
        answer = HTTPResponse(scraped.body, scraped.status, content_type=scraped.content_type)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    app.add_route(show, PATH, methods=["GET"], name="kalm_metrics")


def _refusal(request: Request, status: int) -> tuple[str, str] | None:
    """Where and why a request was refused; None when it was not."""
    if status < 400:
        return None
    channel = _channel(request)
    reason = _BY_STATUS.get(status)
    if reason is None and status in (401, 403):
        reason = _who_may_not(channel, status, request.method)
    return None if reason is None else (channel, reason)


def _who_may_not(channel: str, status: int, method: str) -> str:
    if channel == "whatsapp":  # Meta signs what it posts, and has a word for what it asks
        return "signature" if method == "POST" else "token"
    return "origin" if channel == "website" and status == 403 else "token"


def _channel(request: Request) -> str:
    """The channel whose route was asked; no part of a path leads to another name than a known one."""
    with suppress(Exception):  # a path that is no text; what is counted must not break what is answered
        if request.path == PATH:
            return "metrics"
        if request.path.startswith(_WEBHOOKS):
            return request.path.removeprefix(_WEBHOOKS).partition("/")[0]
    return OTHER


def _action(request: Request) -> str:
    with suppress(Exception):  # no JSON, or compressed: rasa_sdk has told so already
        return str(request.json["next_action"])
    return OTHER
